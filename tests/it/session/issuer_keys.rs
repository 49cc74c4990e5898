use std::time::Duration;

use serde_json::json;
use tests::{Answer, Issuer, Signer, TestApp};

use super::PATH;

async fn with(app: &TestApp, token: &str) -> Answer {
    app.get(PATH).bearer(token).send().await
}

#[tokio::test]
async fn keys_are_read_once_and_again_for_an_unknown_one() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let claims = issuer.claims("ada", app.clock.now());
    let calls = (0..20).map(|_| with(&app, "x.y.z"));
    futures::future::join_all(calls).await;
    assert_eq!(issuer.readings(), 0);
    let token = issuer.token("ada", app.clock.now());
    with(&app, &token).await.expect(200);
    let calls = (0..20).map(|_| with(&app, &token));
    for answer in futures::future::join_all(calls).await {
        answer.expect(200);
    }
    assert_eq!(issuer.readings(), 1);

    let new = Signer::p256();
    let keys = json!({ "keys": [new.published("new")] });
    issuer.publish(200, keys.to_string(), Duration::ZERO);
    let token = new.token("new", &claims);
    // Whoever makes key ids up does not make us call the issuer each time.
    for _ in 0..5 {
        let refused = with(&app, &token).await.expect(401);
        assert_eq!(refused.error().1, "token_key_unknown");
    }
    assert_eq!(issuer.readings(), 1);
    app.clock.advance(30);
    for _ in 0..5 {
        with(&app, &token).await.expect(200);
    }
    assert_eq!(issuer.readings(), 2);
}

#[tokio::test]
async fn a_key_that_the_issuer_withdrew_ends_within_the_hour() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = |app: &TestApp| issuer.token("ada", app.clock.now());
    with(&app, &token(&app)).await.expect(200);
    let keys = json!({ "keys": [issuer.p256.published("p256")] });
    issuer.publish(200, keys.to_string(), Duration::ZERO);
    app.clock.advance(3_600);
    with(&app, &token(&app)).await.expect(200);
    app.clock.advance(1);
    let refused = with(&app, &token(&app)).await.expect(401);
    assert_eq!(refused.error().1, "token_key_unknown");
}

#[tokio::test]
async fn an_issuer_that_does_not_answer() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = |app: &TestApp| issuer.token("ada", app.clock.now());
    let good = json!({ "keys": [issuer.rsa.published("rsa")] }).to_string();
    let too_large = format!("{good}{}", " ".repeat(65_536));
    let slow = Duration::from_millis(2_500);
    for (status, body, pause) in [
        (500, good.clone(), Duration::ZERO),
        (302, good.clone(), Duration::ZERO),
        (200, "no keys".to_owned(), Duration::ZERO),
        (200, too_large, Duration::ZERO),
        (200, good.clone(), slow),
    ] {
        issuer.publish(status, body, pause);
        let failed = with(&app, &token(&app)).await.expect(503);
        assert_eq!(failed.error().0, "UNAVAILABLE");
        let readings = issuer.readings();
        with(&app, &token(&app)).await.expect(503);
        assert_eq!(issuer.readings(), readings, "not again at once");
        app.clock.advance(2);
    }
    issuer.publish(200, good, Duration::ZERO);
    with(&app, &token(&app)).await.expect(200);

    // Keys that are known are good for as long as the issuer is away.
    issuer.publish(500, "", Duration::ZERO);
    app.clock.advance(7_200);
    with(&app, &token(&app)).await.expect(200);
    // A new one may be the issuer's.
    let unknown = Signer::p256().token("new", &issuer.claims("ada", app.clock.now()));
    with(&app, &unknown).await.expect(503);
}

#[tokio::test]
async fn the_keys_may_be_elsewhere_than_the_issuer() {
    let issuer = Issuer::start();
    let named = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool";
    let app = TestApp::new().await.with_issuer(&issuer);
    let app = app
        .with_variable("JWKS_URL", &format!("{}/pool/keys?v=1", issuer.url()))
        .with_variable("OIDC_ISSUER", named);
    let mut claims = issuer.claims("ada", app.clock.now());
    claims["iss"] = named.into();
    let token = issuer.rsa.token("rsa", &claims);
    with(&app, &token).await.expect(200);
    let of_address = issuer.token("ada", app.clock.now());
    assert_eq!(
        with(&app, &of_address).await.expect(401).error().1,
        "token_issuer"
    );
}
