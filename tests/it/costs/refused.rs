use auth::{RawKey, Scope};
use tests::{Counted, signal};
use types::Product;

use super::{Measured, cost};

const PATH: &str = "/api/v1/score?domain=stripe.com";

pub(super) async fn measure() -> Measured {
    let measured = Counted::new().await;
    let (prepare, app) = (&measured.app, &measured.counted);
    let of = async |path: &str, raw: &str, status| {
        cost(&measured, app.get(path).bearer(raw), status).await
    };

    let malformed = of(PATH, "iq_live_sk_00", 401).await;
    let stranger = RawKey::generate(Product::Intent);
    let unknown = of(PATH, &stranger.reveal(), 401).await;

    let customer = prepare.customer(100).await;
    of(PATH, &customer.raw, 200).await;
    let form = of("/api/v1/score?domain=localhost", &customer.raw, 400).await;
    let reader = prepare.with_scopes(&customer, &[Scope::Read]).await;
    let post = || {
        let post = app.post("/api/v1/signals").key(&reader);
        post.json(&signal("stripe.com", "news", 1, "1"))
    };
    cost(&measured, post(), 403).await;
    let scope = cost(&measured, post(), 403).await;
    customer
        .revoke(&prepare.accounts, prepare.clock.now())
        .await;
    let post = async || {
        let post = app.post("/api/v1/signals").key(&customer);
        let post = post.header("idempotency-key", "once");
        cost(
            &measured,
            post.json(&signal("stripe.com", "news", 1, "1")),
            401,
        )
        .await
    };
    let keyed = post().await;
    let known = post().await;
    // An instance remembers it until the minute ends.
    prepare.clock.advance(60);
    let revoked = of(PATH, &customer.raw, 401).await;

    let poor = prepare.customer(0).await;
    of(PATH, &poor.raw, 402).await;
    let credits = of(PATH, &poor.raw, 402).await;
    let tiny = prepare.customer_with_limits(Some(1), None, 100).await;
    of(PATH, &tiny.raw, 200).await;
    let minute = of(PATH, &tiny.raw, 429).await;
    let remembered = of(PATH, &tiny.raw, 429).await;
    let tiny = prepare.customer_with_limits(None, Some(1), 100).await;
    of(PATH, &tiny.raw, 200).await;
    let month = of(PATH, &tiny.raw, 429).await;

    assert_eq!(malformed.round_trips, 0);
    assert_eq!(remembered.round_trips, 0);
    assert_eq!(known.round_trips, 0);
    vec![
        ("refused: 400, form", form),
        ("refused: 401, no key of ours", malformed),
        ("refused: 401, key that was never issued", unknown),
        ("refused: 401, revoked key", revoked),
        ("refused: 401, revoked key with an idempotency key", keyed),
        ("refused: 401, revoked key again", known),
        ("refused: 402, no credits", credits),
        ("refused: 403, scope", scope),
        ("refused: 429, over the minute", minute),
        ("refused: 429, over the minute again", remembered),
        ("refused: 429, over the month", month),
    ]
}
