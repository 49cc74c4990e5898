use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tests::{AUDIENCE, Issuer, Signer, TestApp, unsigned};

use super::PATH;

async fn refusal(app: &TestApp, token: &str) -> String {
    let answer = app.get(PATH).bearer(token).send().await.expect(401);
    answer.shown();
    assert_eq!(answer.error().0, "UNAUTHORIZED");
    answer.error().1.to_owned()
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().unwrap().remove(name);
    claims
}

/// A time with a fraction of a second.
fn fraction(seconds: i64, fraction: &str) -> Value {
    serde_json::from_str(&format!("{seconds}{fraction}")).unwrap()
}

#[tokio::test]
async fn tokens_in_order_are_taken() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let now = app.clock.now();
    let access = issuer.claims("ada", now);
    let id = with(without(access.clone(), "client_id"), "aud", AUDIENCE.into());
    let id = with(id, "token_use", "id".into());
    let several = with(id.clone(), "aud", json!(["another", AUDIENCE]));
    let seconds = now.as_second();
    for claims in [
        access.clone(),
        id.clone(),
        without(several, "token_use"),
        // Clocks may be a minute apart.
        with(access.clone(), "exp", json!(seconds - 59)),
        with(access.clone(), "nbf", json!(seconds + 60)),
        // A time may have a fraction.
        with(access.clone(), "exp", fraction(seconds, ".75")),
    ] {
        for token in [
            issuer.rsa.token("rsa", &claims),
            issuer.p256.token("p256", &claims),
        ] {
            app.get(PATH).bearer(&token).send().await.expect(200);
        }
    }
    assert_eq!(issuer.readings(), 1);
}

#[tokio::test]
async fn claims_that_are_not_in_order() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let seconds = app.clock.now().as_second();
    let good = issuer.claims("ada", app.clock.now());
    let id = with(without(good.clone(), "client_id"), "aud", "x".into());
    for (claims, reason) in [
        (
            with(good.clone(), "iss", "https://issuer.example".into()),
            "token_issuer",
        ),
        (
            with(good.clone(), "iss", format!("{}/", issuer.url()).into()),
            "token_issuer",
        ),
        (
            with(good.clone(), "client_id", "another".into()),
            "token_audience",
        ),
        (without(good.clone(), "client_id"), "token_audience"),
        (id, "token_audience"),
        // Where there is an audience, it decides.
        (
            with(good.clone(), "aud", "another".into()),
            "token_audience",
        ),
        (with(good.clone(), "aud", json!([])), "token_audience"),
        (
            with(good.clone(), "token_use", "refresh".into()),
            "token_use",
        ),
        (with(good.clone(), "sub", "".into()), "token_use"),
        (
            with(good.clone(), "exp", json!(seconds - 60)),
            "token_expired",
        ),
        (
            with(good.clone(), "exp", fraction(seconds - 61, ".75")),
            "token_expired",
        ),
        (with(good.clone(), "exp", json!(i64::MIN)), "token_expired"),
        (
            with(good.clone(), "nbf", json!(seconds + 61)),
            "token_not_yet_valid",
        ),
        (
            with(good.clone(), "nbf", json!(i64::MAX)),
            "token_not_yet_valid",
        ),
        (without(good.clone(), "exp"), "token_malformed"),
        (with(good.clone(), "exp", "never".into()), "token_malformed"),
        (without(good.clone(), "sub"), "token_malformed"),
        (without(good.clone(), "iss"), "token_malformed"),
        (json!([]), "token_malformed"),
    ] {
        let token = issuer.rsa.token("rsa", &claims);
        assert_eq!(refusal(&app, &token).await, reason, "{claims}");
    }
    assert_eq!(
        issuer.readings(),
        0,
        "what cannot be valid asks for no keys"
    );
}

#[tokio::test]
async fn signatures_that_are_not_the_issuers() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let claims = issuer.claims("ada", app.clock.now());
    let token = issuer.token("ada", app.clock.now());
    let (text, signature) = token.rsplit_once('.').unwrap();

    let other = issuer.claims("eve", app.clock.now());
    let header = json!({ "alg": "RS256", "kid": "rsa" });
    let tampered = format!("{}.{signature}", unsigned(&header, &other));
    let cut = format!("{text}.{}", &signature[..signature.len() - 2]);
    let es256 = issuer.p256.token("p256", &claims);
    let zeros = BASE64_URL_SAFE_NO_PAD.encode([0; 64]);
    let psychic = format!("{}.{zeros}", es256.rsplit_once('.').unwrap().0);
    for (token, reason) in [
        (tampered, "token_signature"),
        (cut, "token_signature"),
        (format!("{text}."), "token_signature"),
        (psychic, "token_signature"),
        (
            Signer::foreign_rsa().token("rsa", &claims),
            "token_signature",
        ),
        (Signer::p256().token("p256", &claims), "token_signature"),
        (
            Signer::foreign_rsa().token("foreign", &claims),
            "token_key_unknown",
        ),
        (issuer.rsa.token("", &claims), "token_key_unknown"),
        // A key that is published, of a kind that is not taken.
        (issuer.rsa.token("other", &claims), "token_key_unknown"),
        // A key of one kind, an algorithm of the other.
        (issuer.rsa.token("p256", &claims), "token_algorithm"),
        (issuer.p256.token("rsa", &claims), "token_algorithm"),
    ] {
        assert_eq!(refusal(&app, &token).await, reason, "{token}");
    }
}

#[tokio::test]
async fn algorithms_that_are_not_taken() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let claims = issuer.claims("ada", app.clock.now());
    for algorithm in [
        "none", "None", "HS256", "HS512", "RS384", "PS256", "EdDSA", "rs256", "",
    ] {
        let token = issuer
            .rsa
            .sign(&json!({ "alg": algorithm, "kid": "rsa" }), &claims);
        assert_eq!(
            refusal(&app, &token).await,
            "token_algorithm",
            "{algorithm}"
        );
    }
    let none = format!("{}.", unsigned(&json!({ "alg": "none" }), &claims));
    assert_eq!(refusal(&app, &none).await, "token_algorithm");
    // The public key, which everybody has, taken for the secret of HS256.
    let text = unsigned(&json!({ "alg": "HS256", "kid": "rsa" }), &claims);
    let public = issuer.rsa.published("rsa");
    let modulus = public["n"].as_str().unwrap();
    let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, modulus.as_bytes());
    let signature = ring::hmac::sign(&secret, text.as_bytes());
    let confused = format!(
        "{text}.{}",
        BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref())
    );
    assert_eq!(refusal(&app, &confused).await, "token_algorithm");
}

#[tokio::test]
async fn texts_that_are_no_tokens() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = issuer.token("ada", app.clock.now());
    let claims = issuer.claims("ada", app.clock.now());
    let header = json!({ "alg": "RS256", "kid": "rsa", "crit": ["b64"], "b64": false });
    let (text, signature) = token.rsplit_once('.').unwrap();
    let standard = BASE64_STANDARD.encode(claims.to_string());
    for malformed in [
        ".".to_owned(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        format!("{token}.x"),
        format!("{token}=="),
        text.to_owned(),
        format!("e30.{standard}.{signature}"),
        issuer.rsa.sign(&header, &claims),
        issuer.rsa.sign(&json!({ "kid": "rsa" }), &claims),
    ] {
        assert_eq!(
            refusal(&app, &malformed).await,
            "token_malformed",
            "{malformed}"
        );
    }
    assert_eq!(issuer.readings(), 0);
}

#[tokio::test]
async fn a_deployment_without_an_issuer_takes_no_sessions() {
    let issuer = Issuer::start();
    let app = TestApp::new().await;
    let token = issuer.token("ada", app.clock.now());
    assert_eq!(refusal(&app, &token).await, "token_issuer");
}
