//! A user who is signed in asks for any of the account's products, and is not counted.

use accounts::NewGrant;
use tests::{Answer, Issuer, TestApp};
use types::{Credits, KeyId, Product};

struct Signed {
    app: TestApp,
    token: String,
}

impl Signed {
    async fn new() -> Self {
        let issuer = Issuer::start();
        let app = TestApp::new().await.with_issuer(&issuer);
        let token = issuer.verified("ada", app.clock.now());
        Self { app, token }
    }

    async fn get(&self, path: &str) -> Answer {
        self.app.get(path).bearer(&self.token).send().await
    }
}

#[tokio::test]
async fn of_any_product() {
    let ada = Signed::new().await;
    for (path, product) in [
        ("/api/v1/usage", "liquidity"),
        ("/api/v1/usage?product=intent", "intent"),
        ("/api/v1/usage?product=portal", "portal"),
        ("/api/v1/usage/stats?product=intent", "intent"),
        ("/api/v1/credits", "intent"),
        ("/api/v1/credits?product=leads", "leads"),
        ("/api/v1/credits/ledger", "intent"),
    ] {
        let answer = ada.get(path).await.expect(200);
        assert_eq!(answer.json["product"], product, "{path}");
        assert_eq!(answer.header("x-ratelimit-limit"), "");
    }
    let answer = ada.get("/api/v1/usage?product=x").await.expect(400);
    assert_eq!(answer.json["error"]["field"], "product");
    let answer = ada.get("/api/v1/credits?product=portal").await.expect(404);
    assert_eq!(answer.error().1, "no_credits");
}

#[tokio::test]
async fn page_by_page_of_the_same_product() {
    let ada = Signed::new().await;
    let stats = ada.get("/api/v1/usage/stats?product=leads").await;
    let account = stats.expect(200).json["userId"].as_str().unwrap().parse();
    let now = ada.app.clock.now();
    let given = NewGrant::of(Credits::whole(7), "of leads", now);
    let granted = ada
        .app
        .accounts
        .grant(account.unwrap(), Product::Leads, &given, now);
    granted.await.unwrap();
    let mut notes = Vec::new();
    let mut path = "/api/v1/credits/ledger?product=leads&limit=1".to_owned();
    while notes.len() < 2 {
        let page = ada.get(&path).await.expect(200);
        assert_eq!(page.json["product"], "leads");
        notes.push(page.json["entries"][0]["note"].as_str().unwrap().to_owned());
        let link = page.header("link").split_once('>').map(|(link, _)| link);
        let at = link.and_then(|link| link.find("/api/"));
        path = link
            .zip(at)
            .map_or(String::new(), |(link, at)| link[at..].to_owned());
    }
    notes.sort();
    assert_eq!(notes, ["of leads", "welcome"]);
}

#[tokio::test]
async fn without_being_counted_there_but_on_a_product() {
    let ada = Signed::new().await;
    let score = || ada.get("/api/v1/score?domain=stripe.com");
    let left = score().await.expect(200);
    assert_eq!(left.header("x-ratelimit-remaining"), "59");
    ada.get("/api/v1/usage?product=intent").await.expect(200);
    let left = score().await.expect(200);
    assert_eq!(left.header("x-ratelimit-remaining"), "58");
    // The session counts as a key of its own.
    let stats = ada.get("/api/v1/usage/stats?product=intent&group_by=key");
    let series = stats.await.expect(200).json["series"].clone();
    assert_eq!(series.as_array().unwrap().len(), 1);
    series[0]["key"].as_str().unwrap().parse::<KeyId>().unwrap();
    assert_eq!(series[0]["stats"][0]["api_calls"], 2);
}

#[tokio::test]
async fn welcome_credits_end_after_ninety_days() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let credits = async || {
        let token = issuer.verified("ada", app.clock.now());
        let answer = app.get("/api/v1/credits").bearer(&token).send().await;
        answer.expect(200).json
    };
    let given = credits().await;
    assert_eq!(given["balance"], 50);
    assert_eq!(given["grants"][0]["source"], "welcome");
    assert_eq!(given["grants"][0]["expires_at"], "2027-02-13T12:00:10Z");
    app.clock.advance(90 * 86_400 - 1);
    assert_eq!(credits().await["balance"], 50);
    app.clock.advance(1);
    assert_eq!(credits().await["balance"], 0);
    let token = issuer.verified("ada", app.clock.now());
    let ledger = app
        .get("/api/v1/credits/ledger")
        .bearer(&token)
        .send()
        .await;
    let entries = ledger.expect(200).json["entries"].clone();
    let kinds: Vec<&str> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["expire", "grant"]);
}

#[tokio::test]
async fn a_key_of_the_portal_asks_with_any_scope() {
    let app = TestApp::new().await;
    let customer = app.customer_on(Product::Portal, "free", 0).await;
    let one = app
        .with_scopes(&customer, &[auth::Scope::MessagesSend])
        .await;
    let answer = app.get("/api/v1/usage").key(&one).send().await.expect(200);
    assert_eq!(answer.json["product"], "portal");
    let other = app
        .get("/api/v1/usage?product=intent")
        .key(&one)
        .send()
        .await;
    assert_eq!(other.expect(403).error().1, "wrong_product");
}
