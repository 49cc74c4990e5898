use http::Method;
use serde_json::{Value, json};
use tests::{Call, Counted, Issuer};

use super::{Measured, cost};

const KEYS: &str = "/api/v1/user/keys";
const IDEMPOTENCY_KEY: &str = "7d1f3c1e-52a8-4b7e-9c0d-2f6a8e4b1c37";

pub(super) async fn measure() -> Measured {
    let mut measured = usage().await;
    measured.extend(keys().await);
    measured
}

async fn usage() -> Measured {
    let measured = Counted::new().await;
    let customer = measured.app.customer(100).await;
    let of = async |path: &str| {
        let call = measured.counted.get(path).key(&customer);
        cost(&measured, call, 200).await
    };
    // Remembers the key.
    of("/api/v1/usage").await;
    let month = of("/api/v1/usage").await;
    assert!(
        (month.round_trips, month.write_units) == (1, 1.0),
        "{month:?}"
    );
    vec![
        ("usage: this month", month),
        ("usage: over 30 days", of("/api/v1/usage/stats").await),
        (
            "usage: over 30 days, by key",
            of("/api/v1/usage/stats?group_by=key").await,
        ),
        ("credits: what is left", of("/api/v1/credits").await),
        ("credits: ledger", of("/api/v1/credits/ledger").await),
    ]
}

async fn keys() -> Measured {
    let issuer = Issuer::start();
    let measured = Counted::new().await;
    let app = measured.counted.with_issuer(&issuer);
    let token = issuer.token("ada", app.clock.now());
    let with_session = |call: Call| call.bearer(&token);
    let of = async |call: Call, status: u16| {
        let (cost, answer) = measured.cost_of(with_session(call).send()).await;
        (cost, answer.expect(status).json)
    };
    let (opened, _) = of(app.get(KEYS), 200).await;
    let create = || app.post(KEYS).json(&json!({ "product": "intent" }));
    let (made, key) = of(create(), 201).await;
    let repeated = || create().header("idempotency-key", IDEMPOTENCY_KEY);
    let (first, _) = of(repeated(), 201).await;
    let (replayed, _) = of(repeated(), 201).await;
    let (listed, _) = of(app.get(KEYS), 200).await;
    let rotate = app.post("/api/v1/user/keys/rotate");
    let (rotated, new) = of(rotate.json(&json!({ "keyId": key["keyId"] })), 201).await;
    let (revoked, _) = of(app.call(Method::DELETE, &path_of(&new)), 204).await;
    let (log, _) = of(app.get("/api/v1/audit"), 200).await;
    vec![
        ("keys: first call of a user", opened),
        ("keys: create", made),
        ("keys: create, with an idempotency key", first),
        ("keys: create, replayed", replayed),
        ("keys: list of 2", listed),
        ("keys: rotate", rotated),
        ("keys: revoke", revoked),
        ("keys: audit log", log),
    ]
}

fn path_of(key: &Value) -> String {
    format!("{KEYS}/{}", key["keyId"].as_str().unwrap())
}
