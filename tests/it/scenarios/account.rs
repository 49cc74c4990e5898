use std::sync::LazyLock;

use http::Method;
use serde_json::{Value, json};
use tests::{Call, Issuer, TestApp};

use super::{Act, Scenario, Stage};
use crate::keys::leaked::Reporter;

const KEYS: &str = "/api/v1/user/keys";
const IDEMPOTENCY_KEY: &str = "7d1f3c1e-52a8-4b7e-9c0d-2f6a8e4b1c37";

static ISSUER: LazyLock<Issuer> = LazyLock::new(Issuer::start);

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = vec![
        usage("usage: this month", "/api/v1/usage"),
        usage("usage: over 30 days", "/api/v1/usage/stats"),
        usage(
            "usage: over 30 days, by key",
            "/api/v1/usage/stats?group_by=key",
        ),
        usage("credits: what is left", "/api/v1/credits"),
        usage("credits: ledger", "/api/v1/credits/ledger"),
    ];
    all.extend(keys());
    all
}

fn usage(name: &'static str, path: &'static str) -> Scenario {
    Scenario::new(name, move |stage: Stage| async move {
        let customer = stage.app.customer(100).await;
        let get = move |path| {
            let (app, customer) = (stage.subject.clone(), customer.clone());
            Act::call(200, move || app.get(path).key(&customer))
        };
        // Remembers the key.
        get("/api/v1/usage").once_before().await;
        get(path)
    })
}

fn keys() -> Vec<Scenario> {
    vec![
        Scenario::new("keys: first call of a user", async |stage| {
            User::new(&stage).act(200, |app| app.get(KEYS))
        }),
        Scenario::new(
            "keys: welcome credits of a user who was not verified",
            async |stage| {
                let user = User::new(&stage);
                let unverified = ISSUER.token("ada", stage.app.clock.now());
                let first = user.prepare.get(KEYS).bearer(&unverified);
                first.send().await.expect(200);
                user.act(200, |app| app.get(KEYS)).deferring()
            },
        ),
        Scenario::new("keys: create", async |stage| {
            User::opened(&stage).await.act(201, create)
        }),
        Scenario::new("keys: create, with an idempotency key", async |stage| {
            let user = User::opened(&stage).await;
            user.act(201, create_once).repeatable()
        }),
        Scenario::new("keys: create, replayed", async |stage| {
            let create = User::opened(&stage).await.act(201, create_once);
            create.repeatable().once_before().await
        }),
        Scenario::new("keys: list of 2", async |stage| {
            let user = User::opened(&stage).await;
            user.issue().await;
            user.issue().await;
            user.act(200, |app| app.get(KEYS))
        }),
        Scenario::new("keys: rotate", async |stage| {
            let user = User::opened(&stage).await;
            let rotation = json!({ "keyId": user.issue().await["keyId"] });
            user.act(201, move |app| {
                app.post("/api/v1/user/keys/rotate").json(&rotation)
            })
        }),
        Scenario::new("keys: revoke", async |stage| {
            let user = User::opened(&stage).await;
            let key = user.issue().await;
            let path = format!("{KEYS}/{}", key["keyId"].as_str().unwrap());
            user.act(204, move |app| app.call(Method::DELETE, &path))
        }),
        Scenario::new("keys: audit log", async |stage| {
            let user = User::opened(&stage).await;
            user.issue().await;
            user.act(200, |app| app.get("/api/v1/audit"))
        }),
        Scenario::new("keys: report of 1 leaked key", async |stage| {
            let (customer, reporter) = (stage.app.customer(100).await, Reporter::new());
            let keys = json!({ "github-1": reporter.pem() }).to_string();
            let app = stage.subject.with_variable("LEAK_PUBLIC_KEYS", &keys);
            let found = json!([
                { "token": customer.raw, "type": "assay_key", "url": "https://example.com", "source": "content" }
            ]);
            let body = found.to_string();
            let signature = reporter.signature(&body);
            Act::call(200, move || {
                let report = app.post("/api/v1/keys/leaked");
                let report = report.header("github-public-key-identifier", "github-1");
                let report = report.header("github-public-key-signature", &signature);
                report.body("application/json", body.as_str())
            })
            .repeatable()
        }),
    ]
}

fn create(app: &TestApp) -> Call {
    app.post(KEYS).json(&json!({ "product": "intent" }))
}

fn create_once(app: &TestApp) -> Call {
    create(app).header("idempotency-key", IDEMPOTENCY_KEY)
}

/// A user with a session.
struct User {
    prepare: TestApp,
    app: TestApp,
    token: String,
}

impl User {
    /// One who has not called yet.
    fn new(stage: &Stage) -> Self {
        let token = ISSUER.verified("ada", stage.app.clock.now());
        Self {
            prepare: stage.app.with_issuer(&ISSUER),
            app: stage.subject.with_issuer(&ISSUER),
            token,
        }
    }

    /// One who has an account that the instance knows.
    async fn opened(stage: &Stage) -> Self {
        let user = Self::new(stage);
        user.act(200, |app| app.get(KEYS)).once_before().await;
        user
    }

    /// A new key.
    async fn issue(&self) -> Value {
        let create = create(&self.prepare).bearer(&self.token);
        create.send().await.expect(201).json
    }

    fn act(&self, status: u16, call: impl Fn(&TestApp) -> Call + 'static) -> Act {
        let (app, token) = (self.app.clone(), self.token.clone());
        Act::call(status, move || call(&app).bearer(&token))
    }
}
