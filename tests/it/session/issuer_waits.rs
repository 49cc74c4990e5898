//! An issuer that takes its time, and what the calls of an instance do meanwhile.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use futures::future::{join, join_all};
use serde_json::json;
use tests::{Answer, Issuer, Signer, TestApp};
use tokio::time::timeout;

use super::PATH;

const FOR_EVER: Duration = Duration::from_mins(1);
/// Far longer than a call may wait for the issuer.
const LONGEST: Duration = Duration::from_secs(30);

/// Calls, which are numbered in the order of their responses.
#[derive(Default)]
struct Calls(AtomicUsize);

impl Calls {
    /// The response, and how many came before it.
    async fn call(&self, app: &TestApp, token: &str) -> (Answer, usize) {
        let answer = timeout(LONGEST, app.get(PATH).bearer(token).send());
        let answer = answer.await.expect("the call ends");
        (answer, self.0.fetch_add(1, SeqCst))
    }
}

async fn call(app: &TestApp, token: &str) -> Answer {
    Calls::default().call(app, token).await.0
}

fn keys(issuer: &Issuer) -> String {
    json!({ "keys": [issuer.rsa.published("rsa")] }).to_string()
}

/// A token that is valid for days.
fn token(issuer: &Issuer, app: &TestApp) -> String {
    let mut claims = issuer.claims("ada", app.clock.now());
    claims["exp"] = (app.clock.now().as_second() + 86_400).into();
    issuer.rsa.token("rsa", &claims)
}

#[tokio::test]
async fn that_hangs_holds_one_call_up_and_the_others_are_told_to_come_back() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = token(&issuer, &app);
    issuer.publish(200, keys(&issuer), FOR_EVER);
    let order = Calls::default();
    let calls = join_all((0..20).map(|_| order.call(&app, &token)));
    let meanwhile = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        app.clock.advance(10);
        // The pause after an attempt is over, and the attempt is not.
        order.call(&app, &token).await
    };
    let (answers, (other, _)) = join(calls, meanwhile).await;
    assert_eq!(other.expect(503).header("retry-after"), "1");
    assert_eq!(issuer.readings(), 1);
    assert_eq!(answers[0].1, 20, "the call that asks the issuer ends last");
    for (answer, _) in answers {
        let answer = answer.expect(503);
        let seconds: i64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=2).contains(&seconds), "{seconds}");
    }
    // The pause begins when the fetch has ended, which was ten seconds after it began.
    for _ in 0..2 {
        let answer = call(&app, &token).await;
        assert_eq!(answer.expect(503).header("retry-after"), "2");
    }
    assert_eq!(issuer.readings(), 1);
    issuer.publish(200, keys(&issuer), Duration::ZERO);
    app.clock.advance(2);
    call(&app, &token).await.expect(200);
}

#[tokio::test]
async fn that_hangs_later_holds_nobody_up_who_has_a_known_key() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = token(&issuer, &app);
    call(&app, &token).await.expect(200);
    app.clock.advance(3_601);
    issuer.publish(200, keys(&issuer), FOR_EVER);
    let order = Calls::default();
    let answers = join_all((0..20).map(|_| order.call(&app, &token))).await;
    assert_eq!(answers[0].1, 19, "the call that asks the issuer ends last");
    for (answer, _) in answers {
        answer.expect(200);
    }
    assert_eq!(issuer.readings(), 2);
    app.clock.advance(29);
    call(&app, &token).await.expect(200);
    assert_eq!(issuer.readings(), 2);
    app.clock.advance(1);
    call(&app, &token).await.expect(200);
    assert_eq!(issuer.readings(), 3);
}

#[tokio::test]
async fn that_rotates_its_keys_slowly() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let old = token(&issuer, &app);
    call(&app, &old).await.expect(200);
    app.clock.advance(30);
    let next = Signer::p256();
    let new = next.token("next", &issuer.claims("ada", app.clock.now()));
    let both = json!({ "keys": [issuer.rsa.published("rsa"), next.published("next")] });
    issuer.publish(200, both.to_string(), Duration::from_secs(1));
    let order = Calls::default();
    let first = order.call(&app, &new);
    let meanwhile = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        join(order.call(&app, &old), order.call(&app, &new)).await
    };
    let ((first, before), ((known, _), (second, _))) = join(first, meanwhile).await;
    first.expect(200);
    assert_eq!(before, 2, "the call that asks the issuer ends last");
    known.expect(200);
    assert_eq!(second.expect(503).header("retry-after"), "2");
    call(&app, &new).await.expect(200);
    assert_eq!(issuer.readings(), 2);
}

#[tokio::test]
async fn whose_call_goes_away_while_it_waits_is_asked_again_after_the_pause() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = token(&issuer, &app);
    issuer.publish(200, keys(&issuer), FOR_EVER);
    let left = timeout(Duration::from_millis(300), call(&app, &token)).await;
    assert!(left.is_err());
    issuer.publish(200, keys(&issuer), Duration::ZERO);
    call(&app, &token).await.expect(503);
    assert_eq!(issuer.readings(), 1);
    app.clock.advance(2);
    call(&app, &token).await.expect(200);
}

#[tokio::test]
async fn that_sends_too_much_or_too_slowly() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = token(&issuer, &app);
    let large = format!("{}{}", keys(&issuer), " ".repeat(10 * 1024 * 1024));
    issuer.publish(200, large, Duration::ZERO);
    call(&app, &token).await.expect(503);
    app.clock.advance(2);

    // Something comes all the time.
    issuer.publish(200, keys(&issuer), Duration::ZERO);
    issuer.drip(Duration::from_millis(50));
    call(&app, &token).await.expect(503);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(issuer.cut(), 2, "neither was read to its end");
}

#[tokio::test]
async fn with_as_many_keys_as_are_read_and_one_more() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = token(&issuer, &app);
    for (count, status) in [(65, 503), (64, 200)] {
        let mut keys = vec![json!({ "kty": "OKP", "kid": "other" }); count - 1];
        keys.push(issuer.rsa.published("rsa"));
        let keys = json!({ "keys": keys }).to_string();
        issuer.publish(200, keys, Duration::ZERO);
        call(&app, &token).await.expect(status);
        app.clock.advance(2);
    }
}
