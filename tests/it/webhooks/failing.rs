use http::Method;
use tests::Conduct;
use types::Timestamp;
use webhook_store::{Claimed, DeliveryState};
use workspace::EventPayload;

use super::Set;

fn refuses(status: u16) -> Conduct {
    Conduct::Answers(status, "", "not today".to_owned())
}

#[tokio::test]
async fn eight_attempts_over_27_hours_then_the_account_is_told() {
    let set = Set::up().await;
    set.behaves(refuses(500));
    set.happens(80).await;
    let began = set.workers.app.clock.now();
    let mut hours = Vec::new();
    // The breaker refuses none: attempts are further apart than it is open.
    loop {
        let since = set.workers.app.clock.now().duration_since(began);
        hours.push(since.as_secs_f64() / 3_600.0);
        if !set.workers.send_next().await {
            break;
        }
    }
    assert_eq!(set.web.seen().len(), 8);
    let last = *hours.last().unwrap();
    assert!((22.0..33.2).contains(&last), "{hours:?}");
    let delivery = &set.workers.deliveries().await[0];
    assert_eq!(
        (delivery.state, delivery.made),
        (DeliveryState::Exhausted, 8)
    );
    let told = set.told("delivery.exhausted").await;
    let [
        EventPayload::DeliveryExhausted {
            attempts,
            last_error,
            ..
        },
    ] = told.as_slice()
    else {
        panic!("{told:?}")
    };
    assert_eq!((*attempts, last_error.as_str()), (8, "status 500"));
    let shown = set.read("/deliveries").await;
    assert_eq!(shown["deliveries"][0]["last_error"], "status 500");
}

#[tokio::test]
async fn a_success_ends_the_attempts_and_the_series_of_failures() {
    let set = Set::up().await;
    set.behaves(refuses(503));
    set.happens(80).await;
    set.workers.send().await;
    assert_eq!(set.read("").await["failure_count"], 1);
    set.behaves(Conduct::Answers(200, "", String::new()));
    assert!(set.workers.send_next().await);
    assert!(!set.workers.send_next().await);
    let webhook = set.read("").await;
    assert_eq!(webhook["failure_count"], 0);
    assert_eq!(webhook.get("failing_since"), None);
}

#[tokio::test]
async fn each_way_to_fail_is_told_in_the_attempt() {
    for (conduct, expected) in [
        (refuses(404), "status 404"),
        (
            Conduct::Answers(302, "location: https://example.com/", String::new()),
            "redirects are not followed",
        ),
        (
            Conduct::Resets,
            "the connection broke off: connection closed before message completed",
        ),
        (
            Conduct::Answers(200, "x: y|".repeat(101).leak(), String::new()),
            "the response is not valid HTTP/1.1: message head is too large",
        ),
    ] {
        let set = Set::up().await;
        set.behaves(conduct);
        set.happens(80).await;
        set.workers.send().await;
        let shown = set.read("/deliveries").await;
        let error = shown["deliveries"][0]["last_error"].as_str().unwrap();
        assert!(error.contains(expected), "{error}");
        assert_eq!(shown["deliveries"][0]["state"], "pending");
    }
    // A body without an end is no failure: its beginning is enough.
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", "x".repeat(10 << 20)));
    set.happens(80).await;
    set.workers.send().await;
    let shown = set.read("/deliveries").await;
    assert_eq!(shown["deliveries"][0]["state"], "delivered");
}

#[tokio::test]
async fn retry_after_is_kept_within_an_hour() {
    for (header, seconds) in [
        ("retry-after: 60", 60..=60),
        ("retry-after: 86400", 3_600..=3_600),
        ("retry-after: Sun, 15 Nov 2026 12:02:10 GMT", 120..=120),
        ("retry-after: soon", 4..=6),
    ] {
        let set = Set::up().await;
        set.behaves(Conduct::Answers(429, header, String::new()));
        set.happens(80).await;
        set.workers.send().await;
        let due = set.workers.deliveries().await[0].due_at;
        let wait = due.duration_since(set.workers.app.clock.now()).as_secs();
        assert!(seconds.contains(&wait), "{header}: {wait}");
    }
}

#[tokio::test]
async fn a_410_disables_the_webhook_at_once() {
    let set = Set::up().await;
    set.behaves(refuses(410));
    set.happens(80).await;
    set.happens(100).await;
    set.workers.send().await;
    let webhook = set.read("").await;
    assert_eq!(webhook["disabled_by"], "gone");
    assert_eq!(set.told("webhook.disabled").await.len(), 1);
    let states: Vec<DeliveryState> = set
        .workers
        .deliveries()
        .await
        .iter()
        .map(|row| row.state)
        .collect();
    assert!(states.contains(&DeliveryState::Exhausted), "{states:?}");
    while set.workers.send_next().await {}
    assert!(set.web.seen().len() <= 2);
    set.call(Method::POST, "/enable", None).await.expect(200);
    assert_eq!(set.read("").await["failure_count"], 0);
}

#[tokio::test]
async fn what_is_pending_when_a_webhook_is_disabled_or_deleted_is_canceled() {
    let set = Set::up().await;
    set.happens(80).await;
    set.call(Method::POST, "/disable", None).await.expect(200);
    set.workers.send().await;
    assert_eq!(
        set.workers.deliveries().await[0].state,
        DeliveryState::Canceled
    );
    set.call(Method::POST, "/enable", None).await.expect(200);
    set.happens(100).await;
    set.call(Method::DELETE, "", None).await.expect(200);
    set.workers.send().await;
    let states = set.workers.deliveries().await;
    assert!(
        states
            .iter()
            .all(|row| row.state == DeliveryState::Canceled)
    );
    assert!(set.web.seen().is_empty());
}

#[tokio::test]
async fn the_breaker_opens_after_five_failures_and_one_request_finds_out() {
    let set = Set::up().await;
    set.behaves(refuses(500));
    for number in 0..5 {
        set.happens(number).await;
        set.workers.send().await;
    }
    set.web.seen();
    // Open for 30 s: attempts fail without a request.
    for number in 5..8 {
        set.happens(number).await;
    }
    set.workers.send().await;
    assert!(set.web.seen().is_empty());
    let deliveries = set.workers.deliveries().await;
    let is_refused = |row: &&webhook_store::DeliveryRow| {
        let error = row.attempts[0].error.as_ref().unwrap();
        error.starts_with("not sent: the endpoint has failed")
    };
    assert_eq!(deliveries.iter().filter(is_refused).count(), 3);
    // Then one at a time.
    set.workers.app.clock.advance(31);
    for number in 8..14 {
        set.happens(number).await;
    }
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.web.delay(std::time::Duration::from_millis(1_500));
    set.workers.send().await;
    assert_eq!(set.web.seen().len(), 1);
    set.web.delay(std::time::Duration::ZERO);
    // It works again, so all that waits is sent.
    while set.workers.send_next().await {}
    let deliveries = set.workers.deliveries().await;
    assert!(
        deliveries
            .iter()
            .all(|row| row.state == DeliveryState::Delivered)
    );
}

#[tokio::test]
async fn an_endpoint_that_only_fails_for_120_hours_is_disabled_with_warnings_before() {
    let set = Set::up().await;
    set.behaves(refuses(500));
    let began = set.workers.app.clock.now();
    let hours = |now: Timestamp| now.duration_since(began).as_hours();
    let mut number = 0;
    let disabled = loop {
        set.happens(number).await;
        number += 1;
        while set.workers.send_next().await {}
        let webhook = set.read("").await;
        let now = hours(set.workers.app.clock.now());
        let warnings = set.told("webhook.failing").await.len();
        if webhook["active"] == false {
            break (webhook["disabled_by"].clone(), now, warnings);
        }
        let least = usize::from(now >= 48) + usize::from(now >= 110);
        assert!(warnings >= least && now < 160, "{now} h: {warnings}");
    };
    assert_eq!((&disabled.0, disabled.2), (&"failures".into(), 2));
    assert!(disabled.1 >= 120, "{disabled:?}");
    assert_eq!(set.told("webhook.disabled").await.len(), 1);
}

#[tokio::test]
async fn at_most_ten_requests_are_in_flight() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.web.delay(std::time::Duration::from_millis(1_500));
    for number in 0..15 {
        set.happens(number).await;
    }
    assert_eq!(set.workers.send().await, 15);
    assert_eq!(set.web.seen().len(), 10);
    set.web.delay(std::time::Duration::ZERO);
    while set.workers.send_next().await {}
    assert_eq!(set.web.seen().len(), 5);
    let deliveries = set.workers.deliveries().await;
    assert!(
        deliveries
            .iter()
            .all(|row| row.state == DeliveryState::Delivered && row.made == 1)
    );
}

#[tokio::test]
async fn what_a_sender_that_died_has_claimed_is_sent_by_the_next() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.happens(80).await;
    let row = set.workers.deliveries().await.remove(0);
    let message = tests::message(&row);
    let deliveries = webhook_store::Deliveries::new(&set.workers.app.workspace);
    let now = set.workers.app.clock.now();
    let of = (row.account, row.webhook, row.delivery);
    let Claimed::Yes(claim) = deliveries.claim(of, row.turn(), now).await.unwrap() else {
        panic!("nobody else has it");
    };
    // It has the claim until its lease ends. Until then the message has to come again.
    set.workers.sender.handle(&message).await.unwrap_err();
    assert!(set.web.seen().is_empty());
    set.workers.app.clock.advance(61);
    set.workers.sender.handle(&message).await.unwrap();
    assert_eq!(set.web.seen().len(), 1);
    // What the first comes back with changes nothing.
    let attempt = webhook_store::Attempt {
        number: 1,
        trigger: webhook_store::Trigger::Schedule,
        at: now,
        duration_ms: 0,
        status: Some(500),
        response: None,
        error: Some("status 500".to_owned()),
    };
    let made = webhook_store::Made {
        attempt: &attempt,
        next: Ok(now),
        event: None,
        drops_body: false,
    };
    deliveries.finish(&claim, made).await.unwrap();
    let after = set.workers.deliveries().await.remove(0);
    assert_eq!((after.state, after.made), (DeliveryState::Delivered, 1));
}
