//! What a plan includes of signals a UTC day, and how many of one company an account can store.

use futures::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Customer, TestApp, signal};
use types::Product;

use super::PATH;

/// What the plan `free` includes.
const SIGNALS: u64 = 1_000;
const BYTES: u64 = 1_000_000;
const OF_A_COMPANY: i64 = 100_000;

fn signals(ids: std::ops::Range<u64>) -> Vec<Value> {
    ids.map(|id| signal("stripe.com", "news", 12, &id.to_string()))
        .collect()
}

async fn free(app: &TestApp) -> Customer {
    app.customer_on(Product::Intent, "free", 10).await
}

async fn post(app: &TestApp, customer: &Customer, body: Value) -> Answer {
    app.post(PATH).key(customer).json(&body).send().await
}

#[tokio::test]
async fn a_day_has_the_plan_s_number_of_signals_and_not_one_more() {
    let app = TestApp::new().await;
    let customer = free(&app).await;
    app.learn(&customer, &signals(0..500)).await;
    app.learn(&customer, &signals(500..999)).await;
    // Two more do not fit, and none of them is stored.
    let refused = post(&app, &customer, json!(signals(999..1001))).await;
    insta::assert_json_snapshot!(refused.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "LIMIT_REACHED",
          "limit": 1000,
          "message": "the plan includes 1000 signals a UTC day, 999 are used and 2 more are sent; send fewer, wait until 2026-11-16T00:00:00Z, or upgrade",
          "reason": "daily",
          "requestId": "[request]",
          "resets_at": "2026-11-16T00:00:00Z",
          "resource": "signals",
          "used": 999
        }
      },
      "status": 429
    }
    "#);
    assert_eq!(refused.header("retry-after"), "43190");
    app.learn(&customer, &signals(999..1000)).await;
    assert_eq!(app.signals_today(&customer).await.0, SIGNALS);
    let next = json!(signals(1000..1001));
    post(&app, &customer, next.clone()).await.expect(429);
    // What is known writes nothing, so it has no limit. What is changed has.
    app.learn(&customer, &signals(0..500)).await;
    let changed = signal("stripe.com", "hiring", 12, "0");
    post(&app, &customer, changed).await.expect(429);
    assert_eq!(app.signals_today(&customer).await.0, SIGNALS);
    app.clock.advance(43_190);
    post(&app, &customer, next).await.expect(200);
    assert_eq!(app.signals_today(&customer).await.0, 1);
}

#[tokio::test]
async fn parallel_requests_store_what_the_plan_includes_and_no_more() {
    let app = TestApp::new().await;
    let customer = free(&app).await;
    let posts = (0..30).map(|number| {
        let signals = signals(number * 50..number * 50 + 50);
        post(&app, &customer, json!(signals))
    });
    let answers = join_all(posts).await;
    let stored = answers.iter().filter(|answer| answer.status == 200);
    assert_eq!(stored.count(), 20, "{answers:?}");
    assert_eq!(app.signals_today(&customer).await.0, SIGNALS);
}

#[tokio::test]
async fn a_day_has_the_plan_s_bytes_and_not_one_more() {
    let app = TestApp::new().await;
    let customer = free(&app).await;
    let large = |id: u64| {
        let mut large = signal("stripe.com", "news", 12, &format!("{id:03}"));
        large["evidence"] = "€".repeat(500).into();
        large
    };
    app.learn(&customer, &[large(0)]).await;
    let (_, each) = app.signals_today(&customer).await;
    assert!((1_500..1_800).contains(&each), "{each}");
    let room = BYTES / each;
    let most: Vec<Value> = (1..room).map(large).collect();
    for part in most.chunks(400) {
        app.learn(&customer, part).await;
    }
    assert_eq!(app.signals_today(&customer).await, (room, room * each));
    let refused = post(&app, &customer, large(room)).await.expect(429);
    assert_eq!(refused.error(), ("LIMIT_REACHED", "daily"));
    let error = &refused.json["error"];
    assert_eq!(error["resource"], "bytes of signals");
    assert_eq!(error["limit"], BYTES);
    assert_eq!(error["used"], room * each);
    // To the byte.
    let key = format!("DAILY#intent#{}", types::day_of(app.clock.now()));
    let used = i64::try_from(BYTES - each).unwrap();
    app.tamper(&customer, &key, "bytes of signals", used + 1)
        .await;
    post(&app, &customer, large(room)).await.expect(429);
    app.tamper(&customer, &key, "bytes of signals", used).await;
    post(&app, &customer, large(room)).await.expect(200);
    assert_eq!(app.signals_today(&customer).await.1, BYTES);
}

#[tokio::test]
async fn what_is_written_once_is_counted_once() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let body = json!(signals(0..30));
    let posts = (0..20).map(|_| post(&app, &customer, body.clone()));
    join_all(posts).await;
    let (count, bytes) = app.signals_today(&customer).await;
    assert_eq!(count, 30);
    // A repetition, what is invalid, and the earlier of two with one identity.
    post(&app, &customer, body).await.expect(200);
    let twice = signal("stripe.com", "news", 12, "1");
    let sent = json!([{ "domain": "no" }, twice, twice]);
    post(&app, &customer, sent).await.expect(200);
    assert_eq!(app.signals_today(&customer).await, (count, bytes));
}

#[tokio::test]
async fn of_one_company_an_account_stores_so_many_and_no_more() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    app.learn(&customer, &signals(0..1)).await;
    app.set_own_signals(&customer, "stripe.com", OF_A_COMPANY - 1)
        .await;
    app.learn(&customer, &signals(1..2)).await;
    let refused = post(&app, &customer, signals(2..3).remove(0)).await;
    insta::assert_json_snapshot!(refused.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "LIMIT_REACHED",
          "limit": 100000,
          "message": "an account stores at most 100000 signals of one company; it can still change them",
          "reason": "company_full",
          "requestId": "[request]"
        }
      },
      "status": 429
    }
    "#);
    // Other companies have room, and what is stored can be changed.
    let sent = [
        signal("stripe.com", "news", 12, "2"),
        signal("notion.so", "news", 12, "2"),
        signal("stripe.com", "news", 12, "1"),
    ];
    let answer = app.learn(&customer, &sent).await;
    insta::assert_json_snapshot!(answer.json, @r#"
    {
      "failed": 1,
      "items": [
        {
          "domain": "stripe.com",
          "errors": [
            {
              "field": "domain",
              "message": "an account stores at most 100000 signals of one company; it can still change them",
              "reason": "company_full"
            }
          ],
          "external_id": "2",
          "index": 0,
          "status": "failed"
        },
        {
          "domain": "notion.so",
          "external_id": "2",
          "index": 1,
          "status": "stored"
        },
        {
          "domain": "stripe.com",
          "external_id": "1",
          "index": 2,
          "status": "unchanged"
        }
      ],
      "received": 3,
      "stored": 1,
      "unchanged": 1,
      "updated": 0
    }
    "#);
    let changed = signal("stripe.com", "hiring", 12, "1");
    let answer = post(&app, &customer, changed).await.expect(200);
    assert_eq!(answer.json["updated"], 1);
    // What had no room is not counted.
    assert_eq!(app.signals_today(&customer).await.0, 4);
    let other = app.customer(10).await;
    app.learn(&other, &signals(2..3)).await;
}
