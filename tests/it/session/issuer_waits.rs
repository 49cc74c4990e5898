//! An issuer that takes its time, and what the calls of an instance do meanwhile.

use std::time::{Duration, Instant};

use futures::future::{join, join_all};
use serde_json::json;
use tests::{Answer, Issuer, Signer, TestApp};

use super::PATH;

const FOR_EVER: Duration = Duration::from_secs(60);
/// A call that does not wait for the issuer, on a machine that has more to do.
const AT_ONCE: Duration = Duration::from_millis(1_500);
/// The longest that a call waits for the issuer, and the same slack.
const LONGEST: Duration = Duration::from_millis(3_500);

/// The response and how long it took.
async fn timed(app: &TestApp, token: &str) -> (Answer, Duration) {
    let (begin, answer) = (Instant::now(), app.get(PATH).bearer(token).send().await);
    (answer, begin.elapsed())
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
    let calls = join_all((0..20).map(|_| timed(&app, &token)));
    let meanwhile = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        app.clock.advance(10);
        // The pause after an attempt is over, and the attempt is not.
        timed(&app, &token).await
    };
    let (answers, (other, time)) = join(calls, meanwhile).await;
    assert_eq!(other.expect(503).header("retry-after"), "1");
    assert!(time < AT_ONCE, "{time:?}");
    assert_eq!(issuer.readings(), 1);
    let mut waited = 0;
    for (answer, time) in answers {
        let answer = answer.expect(503);
        let seconds: i64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=2).contains(&seconds), "{seconds}");
        waited += usize::from(time > AT_ONCE);
        assert!(time < LONGEST, "{time:?}");
    }
    assert_eq!(waited, 1);
    // The pause begins when the fetch has ended, which was ten seconds after it began.
    for _ in 0..2 {
        let (answer, time) = timed(&app, &token).await;
        assert_eq!(answer.expect(503).header("retry-after"), "2");
        assert!(time < AT_ONCE, "{time:?}");
    }
    assert_eq!(issuer.readings(), 1);
    issuer.publish(200, keys(&issuer), Duration::ZERO);
    app.clock.advance(2);
    timed(&app, &token).await.0.expect(200);
}

#[tokio::test]
async fn that_hangs_later_holds_nobody_up_who_has_a_known_key() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = token(&issuer, &app);
    timed(&app, &token).await.0.expect(200);
    app.clock.advance(3_601);
    issuer.publish(200, keys(&issuer), FOR_EVER);
    let answers = join_all((0..20).map(|_| timed(&app, &token))).await;
    let mut waited = 0;
    for (answer, time) in answers {
        answer.expect(200);
        waited += usize::from(time > AT_ONCE);
        assert!(time < LONGEST, "{time:?}");
    }
    assert_eq!((waited, issuer.readings()), (1, 2));
    app.clock.advance(29);
    let (answer, time) = timed(&app, &token).await;
    answer.expect(200);
    assert!(time < AT_ONCE, "{time:?}");
    assert_eq!(issuer.readings(), 2);
    app.clock.advance(1);
    timed(&app, &token).await.0.expect(200);
    assert_eq!(issuer.readings(), 3);
}

#[tokio::test]
async fn that_rotates_its_keys_slowly() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let old = token(&issuer, &app);
    timed(&app, &old).await.0.expect(200);
    app.clock.advance(30);
    let next = Signer::p256();
    let new = next.token("next", &issuer.claims("ada", app.clock.now()));
    let both = json!({ "keys": [issuer.rsa.published("rsa"), next.published("next")] });
    issuer.publish(200, both.to_string(), Duration::from_millis(1_600));
    let first = timed(&app, &new);
    let meanwhile = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        join(timed(&app, &old), timed(&app, &new)).await
    };
    let ((first, _), ((known, known_time), (second, second_time))) = join(first, meanwhile).await;
    first.expect(200);
    known.expect(200);
    assert_eq!(second.expect(503).header("retry-after"), "2");
    assert!(known_time < AT_ONCE && second_time < AT_ONCE);
    timed(&app, &new).await.0.expect(200);
    assert_eq!(issuer.readings(), 2);
}

#[tokio::test]
async fn whose_call_goes_away_while_it_waits_is_asked_again_after_the_pause() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = token(&issuer, &app);
    issuer.publish(200, keys(&issuer), FOR_EVER);
    let call = timed(&app, &token);
    let left = tokio::time::timeout(Duration::from_millis(300), call).await;
    assert!(left.is_err());
    issuer.publish(200, keys(&issuer), Duration::ZERO);
    timed(&app, &token).await.0.expect(503);
    assert_eq!(issuer.readings(), 1);
    app.clock.advance(2);
    timed(&app, &token).await.0.expect(200);
}

#[tokio::test]
async fn that_sends_too_much_or_too_slowly() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = token(&issuer, &app);
    let large = format!("{}{}", keys(&issuer), " ".repeat(10 * 1024 * 1024));
    issuer.publish(200, large, Duration::ZERO);
    let (answer, time) = timed(&app, &token).await;
    answer.expect(503);
    assert!(time < AT_ONCE, "{time:?}");
    app.clock.advance(2);

    // Something comes all the time.
    issuer.publish(200, keys(&issuer), Duration::ZERO);
    issuer.drip(Duration::from_millis(50));
    let (answer, time) = timed(&app, &token).await;
    answer.expect(503);
    assert!(time < LONGEST, "{time:?}");
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
        timed(&app, &token).await.0.expect(status);
        app.clock.advance(2);
    }
}
