use http::Method;
use serde_json::json;
use tests::Conduct;
use webhook_store::{DeliveryRow, DeliveryState};
use workspace::EventPayload;

use super::Set;

/// Deliveries a month of the smallest plan.
const LIMIT: i64 = 10_000;

impl Set {
    /// Says how many deliveries of this month are counted.
    async fn counted(&self, count: i64) {
        let pk = format!("ACCT#{}", self.customer.account);
        let app = &self.workers.app;
        app.set_number(&pk, "WEBHOOKS#portal#202611", "deliveries", count)
            .await;
    }

    async fn used(&self) -> serde_json::Value {
        self.read("/stats").await["month"]["used"].clone()
    }

    async fn states(&self) -> Vec<DeliveryState> {
        let rows = self.workers.deliveries().await;
        rows.iter().map(|row| row.state).collect()
    }

    /// The percentages of the month that the account was told of.
    async fn warned(&self) -> Vec<u8> {
        let told = self.told("quota.webhooks").await;
        let percents = told.iter().map(|payload| match payload {
            EventPayload::QuotaWebhooks { percent, .. } => *percent,
            other => panic!("{other:?}"),
        });
        let mut percents: Vec<u8> = percents.collect();
        percents.sort_unstable();
        percents
    }

    async fn limit(&self, limit: serde_json::Value) {
        let change = json!({ "rate_limit": limit });
        let changed = self.call(Method::PATCH, "", Some(change)).await;
        changed.expect(200);
    }

    async fn tests(&self, count: usize) {
        for _ in 0..count {
            self.call(Method::POST, "/test", None).await.expect(202);
        }
    }
}

#[tokio::test]
async fn deliveries_over_those_of_the_month_are_held_until_the_next() {
    let set = Set::of_portal().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.counted(LIMIT - 1).await;
    set.happens(80).await;
    assert_eq!(set.warned().await, [100]);
    set.happens(100).await;
    assert_eq!(set.used().await, LIMIT);
    let mut states = set.states().await;
    states.sort_by_key(|state| state.as_str());
    assert_eq!(states, [DeliveryState::Held, DeliveryState::Pending]);
    assert_eq!(set.workers.send().await, 1);
    let held = set.read("/deliveries?state=held").await;
    let held = held["deliveries"][0]["id"].as_str().unwrap().to_owned();
    let resend = format!("/deliveries/{held}/resend");
    let full = set.call(Method::POST, &resend, None).await.expect(429);
    assert_eq!(full.error(), ("LIMIT_REACHED", "resource"));
    // A recovery says how many stay.
    let span = json!({ "since": "2026-11-01" });
    set.workers.app.clock.advance(1);
    set.call(Method::POST, "/recover", Some(span.clone()))
        .await
        .expect(202);
    set.workers.recover().await;
    let done = set.read("/recover").await;
    assert_eq!(
        (&done["resent_count"], &done["held_count"]),
        (&json!(0), &json!(1))
    );

    // Dispatching again, as the stream may, counts nothing and lets nothing go.
    set.workers.dispatch().await;
    assert_eq!(set.used().await, LIMIT);
    assert!(set.states().await.contains(&DeliveryState::Held));

    set.workers.app.clock.advance(16 * 86_400);
    assert_eq!(set.used().await, 0);
    set.call(Method::POST, "/recover", Some(span))
        .await
        .expect(202);
    set.workers.recover().await;
    assert_eq!(set.read("/recover").await["resent_count"], 1);
    assert_eq!(set.used().await, 1);
    assert_eq!(set.workers.send().await, 1);
    assert_eq!(set.web.seen().len(), 2);
}

#[tokio::test]
async fn the_account_is_told_at_four_fifths_of_the_month_and_at_all_of_it_even_so() {
    let set = Set::of_portal().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.call(
        Method::PATCH,
        "",
        Some(json!({ "events": ["quota.webhooks"] })),
    )
    .await
    .expect(200);
    set.another_of(&[super::EVENT]).await;
    set.counted(7_998).await;
    set.happens(80).await;
    assert!(set.warned().await.is_empty());
    set.workers.app.clock.advance(60);
    set.happens(100).await;
    assert_eq!(set.warned().await, [80]);
    set.counted(LIMIT).await;
    // An event twice is one, so this is dispatched a second time.
    set.workers.dispatch().await;
    assert_eq!(set.warned().await, [80, 100]);
    set.workers.dispatch().await;
    let told = set
        .read("/deliveries?event=quota.webhooks&state=pending")
        .await;
    assert_eq!(
        told["deliveries"].as_array().unwrap().len(),
        2,
        "they are not held"
    );
    assert_eq!(set.used().await, LIMIT);
}

#[tokio::test]
async fn parallel_events_are_counted_exactly() {
    let set = Set::of_portal().await;
    set.counted(LIMIT - 3).await;
    for percent in 0..8 {
        set.store_event(percent).await;
    }
    let events = set.workers.items("EVENT#").await;
    let dispatched = events
        .into_iter()
        .map(|event| set.workers.dispatcher.dispatch(event.into()));
    for result in futures::future::join_all(dispatched).await {
        result.unwrap();
    }
    let states = set.states().await;
    let held = states.iter().filter(|state| **state == DeliveryState::Held);
    assert_eq!((states.len(), held.count()), (8, 5));
    assert_eq!(set.used().await, LIMIT);
}

#[tokio::test]
async fn products_without_a_limit_count_nothing() {
    let set = Set::up().await;
    set.happens(80).await;
    assert_eq!(set.read("/stats").await.get("month"), None);
    assert!(set.workers.items("WEBHOOKS#liquidity#").await.is_empty());
}

#[tokio::test]
async fn requests_are_as_far_apart_as_the_limit_says() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.limit(json!(6)).await;
    assert_eq!(set.read("").await["rate_limit"], 6);
    set.tests(5).await;
    let began = set.workers.app.clock.now();
    set.workers.send().await;
    let mut arrived = vec![(0, set.web.seen().len())];
    for _ in 0..5 {
        set.workers.send_next().await;
        let since = set.workers.app.clock.now().duration_since(began);
        arrived.push((since.as_secs(), set.web.seen().len()));
    }
    assert_eq!(
        arrived.pop(),
        arrived.last().map(|(second, _)| (*second, 0)),
        "nothing is left"
    );
    // A turn each ten seconds, which each delivery waits for once.
    let expected: Vec<(i64, usize)> = (0..5).map(|turn| (turn * 10, 1)).collect();
    for ((second, requests), (turn, one)) in arrived.iter().zip(&expected) {
        assert!((turn - 1..=turn + 5).contains(second), "{arrived:?}");
        assert_eq!(requests, one, "{arrived:?}");
    }
    assert_eq!(arrived.len(), 5, "{arrived:?}");
    let rows = set.workers.deliveries().await;
    assert!(
        rows.iter()
            .all(|row| row.put_off <= 1 && row.state == DeliveryState::Delivered)
    );
}

#[tokio::test]
async fn another_limit_or_none_holds_nothing_up() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.limit(json!(1)).await;
    set.tests(3).await;
    set.workers.send().await;
    assert_eq!(set.web.seen().len(), 1);
    // A larger limit begins anew.
    set.limit(json!(6_000)).await;
    set.tests(1).await;
    set.workers.send().await;
    assert_eq!(set.web.seen().len(), 1);
    set.limit(json!(null)).await;
    assert_eq!(set.read("").await.get("rate_limit"), None);
    set.tests(4).await;
    set.workers.send().await;
    assert_eq!(set.web.seen().len(), 4);
}

#[tokio::test]
async fn what_would_wait_for_more_than_a_day_fails() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.limit(json!(1)).await;
    let pk = format!("ACCT#{}", set.customer.account);
    let sk = format!("WEBHOOK#liquidity#{}", set.id());
    let app = &set.workers.app;
    let day = app.clock.now().as_millisecond() + 24 * 3_600_000;
    app.set_number(&pk, &sk, "next_turn", day).await;
    set.tests(2).await;
    set.workers.send().await;
    let rows = set.workers.deliveries().await;
    let waits = |row: &&DeliveryRow| row.has_turn && row.made == 0;
    assert_eq!(rows.iter().filter(waits).count(), 1);
    let failed = rows.iter().find(|row| row.made == 1).unwrap();
    let error = failed.attempts[0].error.as_deref().unwrap();
    assert!(
        error.starts_with("not sent: more is waiting than 1 requests a minute"),
        "{error}"
    );
    assert!(set.web.seen().is_empty());
}

#[tokio::test]
async fn a_limit_is_a_number_of_requests_a_minute() {
    let set = Set::up().await;
    for limit in [json!(0), json!(6_001), json!(-1)] {
        let change = json!({ "rate_limit": limit });
        let refused = set.call(Method::PATCH, "", Some(change)).await.expect(400);
        assert_eq!(refused.error().1, "number_out_of_range");
        assert_eq!(refused.json["error"]["field"], "rate_limit");
    }
}

#[tokio::test]
async fn bodies_are_dropped_once_delivered_if_the_operator_says_so() {
    let app = tests::TestApp::new()
        .await
        .with_variable("DROP_WEBHOOK_BODIES", "true");
    let set = Set::on(
        app,
        (types::Product::Liquidity, "professional"),
        super::PATH,
    )
    .await;
    set.behaves(Conduct::Answers(500, "", String::new()));
    set.tests(1).await;
    set.workers.send().await;
    let delivery = set.workers.deliveries().await.remove(0).delivery;
    let path = format!("/deliveries/{delivery}");
    assert_eq!(set.read(&path).await["body"]["test"], true);
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.workers.send_next().await;
    assert_eq!(set.read(&path).await["body"], json!(null));
    let resend = format!("{path}/resend");
    let refused = set.call(Method::POST, &resend, None).await.expect(409);
    assert_eq!(refused.error().1, "body_removed");
}
