use http::Method;
use intent::Kind;
use serde_json::json;
use tests::{Counted, known, signal};

use super::{Measured, cost};

const PROFILES: &str = "/api/v1/score/profiles";
const PREVIEW: &str = "/api/v1/score/preview";

pub(super) async fn measure() -> Measured {
    let measured = Counted::new().await;
    let (prepare, app) = (&measured.app, &measured.counted);
    let customer = prepare.customer(1_000).await;
    for day in 1..=5 {
        prepare
            .publish("stripe.com", known(Kind::Hiring, day, &day.to_string()))
            .await;
    }
    let own = [signal("stripe.com", "funding", 14, "own")];
    prepare.learn(&customer, &own).await;
    let of = async |path: &str| cost(&measured, app.get(path).key(&customer), 200).await;
    of("/api/v1/score?domain=stripe.com").await;
    // Remembers the key.
    of(PROFILES).await;
    let history = of("/api/v1/score/history?domain=stripe.com").await;
    let explain = of("/api/v1/score/explain?domain=stripe.com&at=2026-11-15").await;

    let numbers = json!({ "domain": "stripe.com", "weights": { "hiring": 60 } });
    let post = || app.post(PREVIEW).key(&customer).json(&numbers);
    let preview = cost(&measured, post(), 200).await;
    let named = || post().header("idempotency-key", "a key of this test");
    let first_run = cost(&measured, named(), 200).await;
    let replay = cost(&measured, named(), 200).await;

    let profile = json!({ "name": "Growing teams", "weights": { "hiring": 60 } });
    let create = app.post(PROFILES).key(&customer).json(&profile);
    let (create, made) = measured.cost_of(create.send()).await;
    let made = made.expect(201).json;
    let id = made["profile_id"].as_str().unwrap();
    let by_id = of(&format!("{PREVIEW}?domain=stripe.com&profile={id}")).await;
    let list = of(PROFILES).await;
    let one = |method| app.call(method, &format!("{PROFILES}/{id}")).key(&customer);
    let read = cost(&measured, one(Method::GET), 200).await;
    let replace = cost(&measured, one(Method::PUT).json(&profile), 200).await;
    let remove = cost(&measured, one(Method::DELETE), 204).await;
    vec![
        ("insight: history, 1 point", history),
        ("insight: explain, 6 signals", explain),
        ("insight: preview, 6 signals", preview),
        ("insight: preview by a profile", by_id),
        ("insight: preview, with an idempotency key", first_run),
        ("insight: preview, replayed", replay),
        ("insight: create a profile", create),
        ("insight: list of 1 profile", list),
        ("insight: profile", read),
        ("insight: replace a profile", replace),
        ("insight: remove a profile", remove),
    ]
}
