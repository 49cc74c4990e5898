use http::Method;
use serde_json::json;
use tests::Conduct;

use super::Set;

#[tokio::test]
async fn requests_are_counted_by_day_for_a_week() {
    let set = Set::up().await;
    let none = set.read("/stats").await;
    assert_eq!(
        (&none["succeeded"], &none["success_rate"]),
        (&json!(0), &json!(null))
    );
    let test = async || {
        set.call(Method::POST, "/test", None).await.expect(202);
        set.workers.send().await;
    };
    set.behaves(Conduct::Answers(200, "", String::new()));
    test().await;
    test().await;
    set.workers.app.clock.advance(86_400);
    set.behaves(Conduct::Answers(500, "", String::new()));
    test().await;
    let stats = set.read("/stats").await;
    assert_eq!(
        stats["days"][0],
        json!({ "date": "2026-11-16", "succeeded": 0, "failed": 1, "average_duration_ms": 0 })
    );
    assert_eq!(
        stats["days"][1],
        json!({ "date": "2026-11-15", "succeeded": 2, "failed": 0, "average_duration_ms": 0 })
    );
    assert_eq!(stats["days"].as_array().unwrap().len(), 7);
    assert_eq!(
        (&stats["succeeded"], &stats["failed"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        (&stats["success_rate"], &stats["paused_until"]),
        (&json!(0.6667), &json!(null))
    );

    // Six days later those of the first day are gone from the row, with the next requests: the test and the failed one again.
    set.workers.app.clock.advance(6 * 86_400);
    test().await;
    let stats = set.read("/stats").await;
    assert_eq!(
        (&stats["succeeded"], &stats["failed"]),
        (&json!(0), &json!(3))
    );
    let sort = format!("WEBHOOK#liquidity#{}", set.id());
    let row = set.workers.items(&sort).await.remove(0);
    let mut days: Vec<&String> = row["days"].as_m().unwrap().keys().collect();
    days.sort();
    assert_eq!(days, ["f20773", "f20779", "m20773", "m20779"]);
}

#[tokio::test]
async fn an_endpoint_that_is_paused_says_until_when() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(500, "", String::new()));
    for _ in 0..5 {
        set.call(Method::POST, "/test", None).await.expect(202);
        set.workers.send().await;
    }
    let paused = set.read("/stats").await["paused_until"].clone();
    assert_eq!(paused, "2026-11-15T12:00:40Z");
}

#[tokio::test]
async fn deliveries_are_listed_by_a_span_of_time() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    for _ in 0..4 {
        set.call(Method::POST, "/test", None).await.expect(202);
        set.workers.app.clock.advance(60);
    }
    let listed = async |query: &str| {
        let page = set.read(&format!("/deliveries?{query}")).await;
        let all = page["deliveries"].as_array().unwrap().clone();
        let minutes = all
            .iter()
            .map(|one| one["created_at"].as_str().unwrap()[14..16].to_owned());
        (
            minutes.collect::<Vec<String>>().join(" "),
            page.get("next_cursor").cloned(),
        )
    };
    let (since, until) = ("since=2026-11-15T12:01:10Z", "until=2026-11-15T12:03:10Z");
    assert_eq!(listed(since).await, ("03 02 01".to_owned(), None));
    assert_eq!(listed(until).await, ("02 01 00".to_owned(), None));
    assert_eq!(
        listed(&format!("{since}&{until}")).await,
        ("02 01".to_owned(), None)
    );
    assert_eq!(listed("until=2026-11-15").await, (String::new(), None));
    let (first, next) = listed(&format!("{since}&{until}&limit=1")).await;
    assert_eq!(first, "02");
    let next = next.unwrap();
    let cursor = next.as_str().unwrap();
    let second = listed(&format!("{since}&{until}&limit=1&cursor={cursor}")).await;
    assert_eq!(second.0, "01");
    for (query, reason) in [
        ("since=now", "time_invalid"),
        ("since=2026-11-15&until=2026-11-14", "span_empty"),
    ] {
        let refused = set
            .call(Method::GET, &format!("/deliveries?{query}"), None)
            .await;
        assert_eq!(refused.expect(400).error().1, reason);
    }
}
