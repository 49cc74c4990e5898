use auth::{RawKey, Scope};
use intent::Kind;
use tests::{Customer, known, signal};
use types::Product;

use super::{Act, Scenario, Stage};

const PATH: &str = "/api/v1/score?domain=stripe.com";

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = by_key();
    all.extend(by_limit());
    all
}

fn by_key() -> Vec<Scenario> {
    vec![
        Scenario::new("refused: 400, form", async |stage| {
            let customer = stage.app.customer(100).await;
            get(&stage, PATH, &customer.raw, 200).once_before().await;
            get(&stage, "/api/v1/score?domain=localhost", &customer.raw, 400)
        }),
        Scenario::new("refused: 401, no key of ours", async |stage| {
            get(&stage, PATH, "iq_live_sk_00", 401)
        }),
        Scenario::new("refused: 401, key that was never issued", async |stage| {
            let stranger = RawKey::generate(Product::Intent);
            get(&stage, PATH, &stranger.reveal(), 401)
        }),
        Scenario::new("refused: 401, revoked key", async |stage| {
            let customer = stage.app.customer(100).await;
            get(&stage, PATH, &customer.raw, 200).once_before().await;
            let now = stage.app.clock.now();
            customer.revoke(&stage.app.accounts, now).await;
            get(&stage, PATH, &customer.raw, 401)
        }),
        Scenario::new(
            "refused: 401, revoked key with an idempotency key",
            async |stage| keyed_and_revoked(&stage).await,
        ),
        Scenario::new("refused: 401, revoked key again", async |stage| {
            keyed_and_revoked(&stage).await.once_before().await
        }),
        Scenario::new("refused: 403, scope", async |stage| {
            let customer = stage.app.customer(100).await;
            let reader = stage.app.with_scopes(&customer, &[Scope::Read]).await;
            let post = move || {
                let post = stage.subject.post("/api/v1/signals").key(&reader);
                post.json(&signal("stripe.com", "news", 1, "1"))
            };
            Act::call(403, post).once_before().await
        }),
    ]
}

fn by_limit() -> Vec<Scenario> {
    vec![
        Scenario::new("refused: 402, no credits", async |stage| {
            let poor = stage.app.customer(0).await;
            let score = known(Kind::Hiring, 10, "1");
            stage.app.publish("stripe.com", score).await;
            get(&stage, PATH, &poor.raw, 402).once_before().await
        }),
        Scenario::new("refused: 429, over the minute", async |stage| {
            let customer = stage.app.customer_with_limits(Some(1), None, 100).await;
            over(&stage, &customer).await
        }),
        Scenario::new("refused: 429, over the minute again", async |stage| {
            let customer = stage.app.customer_with_limits(Some(1), None, 100).await;
            over(&stage, &customer).await.once_before().await
        }),
        Scenario::new("refused: 429, over the month", async |stage| {
            let customer = stage.app.customer_with_limits(None, Some(1), 100).await;
            over(&stage, &customer).await
        }),
    ]
}

fn get(stage: &Stage, path: &str, raw: &str, status: u16) -> Act {
    let (app, path, raw) = (stage.subject.clone(), path.to_owned(), raw.to_owned());
    Act::call(status, move || app.get(&path).bearer(&raw))
}

/// A call with an idempotency key, by a revoked key that the instance has admitted before.
async fn keyed_and_revoked(stage: &Stage) -> Act {
    let customer = stage.app.customer(100).await;
    let (app, caller) = (stage.subject.clone(), customer.clone());
    let post = move |key: &str| {
        let post = app.post("/api/v1/signals").key(&caller);
        let post = post.header("idempotency-key", key);
        post.json(&signal("stripe.com", "news", 1, "1"))
    };
    let first = post.clone();
    Act::call(200, move || first("first")).once_before().await;
    let now = stage.app.clock.now();
    customer.revoke(&stage.app.accounts, now).await;
    Act::call(401, move || post("second"))
}

/// A call after the one that the customer's limit allows.
async fn over(stage: &Stage, customer: &Customer) -> Act {
    get(stage, PATH, &customer.raw, 200).once_before().await;
    get(stage, PATH, &customer.raw, 429)
}
