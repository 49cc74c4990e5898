//! Keys in the hands of their owner.

mod expiry;
mod hourly;
mod issue;
pub(crate) mod leaked;
mod limit;
mod repeat;
mod revoke;
mod rotate;
mod suspended;

use accounts::Actor;
use auth::{ChangedBy, KeyRequest, Keyring, Scope};
use http::Method;
use quota::Plan;
use serde_json::{Value, json};
use store::SubjectHash;
use tests::{Answer, Call, Issuer, TestApp};
use types::{AccountId, Product};

const KEYS: &str = "/api/v1/user/keys";
const SCORE: &str = "/api/v1/score?domain=stripe.com";

/// A signed-in user.
struct User {
    app: TestApp,
    issuer: Issuer,
    name: &'static str,
}

impl User {
    async fn new() -> Self {
        let issuer = Issuer::start();
        let app = TestApp::new().await.with_issuer(&issuer);
        let name = "ada";
        Self { app, issuer, name }
    }

    fn with_session(&self, call: Call) -> Call {
        call.bearer(&self.issuer.verified(self.name, self.app.clock.now()))
    }

    fn create(&self, body: &Value) -> Call {
        self.with_session(self.app.post(KEYS)).json(body)
    }

    /// A new key of intent: its id and the key itself.
    async fn key(&self) -> (String, String) {
        let key = self.create(&json!({ "product": "intent" })).send().await;
        let key = key.expect(201).json;
        let part = |name: &str| key[name].as_str().unwrap().to_owned();
        (part("keyId"), part("apiKey"))
    }

    async fn rotate(&self, id: &str) -> Answer {
        let call = self.with_session(self.app.post("/api/v1/user/keys/rotate"));
        call.json(&json!({ "keyId": id })).send().await
    }

    async fn revoke(&self, id: &str) -> Answer {
        let call = self.app.call(Method::DELETE, &format!("{KEYS}/{id}"));
        self.with_session(call).send().await
    }

    async fn listed(&self) -> Vec<Value> {
        let list = self.with_session(self.app.get(KEYS)).send().await;
        list.expect(200).json["keys"].as_array().unwrap().clone()
    }

    async fn state_of(&self, id: &str) -> String {
        let keys = self.listed().await;
        let key = keys.iter().find(|key| key["keyId"] == id).unwrap();
        key["state"].as_str().unwrap().to_owned()
    }

    async fn score(&self, key: &str) -> Answer {
        self.app.get(SCORE).bearer(key).send().await
    }

    async fn account(&self) -> AccountId {
        let hash = SubjectHash::of(&self.issuer.url(), self.name);
        let found = self.app.accounts.find_subject(&hash).await.unwrap();
        found.unwrap().account
    }

    /// Keys of intent that were made in this hour.
    async fn made_in_hour(&self) -> u64 {
        let account = self.account().await;
        let meter = self.app.accounts.own_meter(account, Product::Intent).await;
        let now = self.app.clock.now();
        meter.unwrap().unwrap().keys_made_in_hour(now)
    }

    /// Actions and targets in the audit log, the newest first.
    async fn log(&self) -> Vec<(String, String)> {
        let log = self
            .with_session(self.app.get("/api/v1/audit"))
            .send()
            .await;
        let log = log.expect(200).json;
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
        let entries = log["entries"].as_array().unwrap().iter();
        entries
            .map(|entry| (text(entry, "action"), text(entry, "target")))
            .collect()
    }
}
