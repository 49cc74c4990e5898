//! What a credential that is refused costs with an idempotency key.

use serde_json::json;
use tests::{Counted, signal};

use super::{KEY, Keyed};

const PATH: &str = "/api/v1/signals";

#[tokio::test]
async fn a_revoked_key_is_refused_without_a_call_until_the_minute_ends() {
    let measured = Counted::new().await;
    let app = &measured.app;
    let customer = app.customer(10).await;
    let call = |key: String| {
        let body = json!([signal("stripe.com", "hiring", 10, "1")]);
        let post = measured.counted.post(PATH).keyed(&customer, &key);
        measured.cost_of(post.json(&body).send())
    };
    call("first".to_owned()).await.1.expect(200);
    customer.revoke(&app.accounts, app.clock.now()).await;
    // The claim, the admission, and what gives the claim up.
    let (cost, answer) = call(KEY.to_owned()).await;
    assert_eq!(answer.expect(401).error().1, "key_revoked");
    assert_eq!((cost.round_trips, cost.write_units), (3, 3.0), "{cost:?}");
    for key in [KEY, "other", "first"] {
        let (cost, answer) = call(key.to_owned()).await;
        assert_eq!(answer.expect(401).error().1, "key_revoked");
        assert_eq!(cost.round_trips, 0, "{cost:?}");
    }
    app.clock.advance(60);
    let (cost, _) = call(KEY.to_owned()).await;
    assert_eq!((cost.round_trips, cost.write_units), (3, 3.0), "{cost:?}");
    // Another key of the account is admitted.
    let other = app.with_scopes(&customer, auth::Scope::of(customer.product));
    let other = other.await;
    let post = measured.counted.post(PATH).keyed(&other, KEY);
    let body = signal("stripe.com", "hiring", 10, "1");
    post.json(&body).send().await.expect(200);
}
