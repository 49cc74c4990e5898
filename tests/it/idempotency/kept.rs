//! Which answers are kept, and how.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use tests::{Call, TestApp};
use types::Credits;

use super::probe::{Order, Probe};
use super::{KEY, assert_replays};

#[tokio::test]
async fn final_answers_are() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    for (runs, status) in [0, 201, 202, 204, 404, 409, 422].into_iter().enumerate() {
        let order = Order {
            status,
            size: 700,
            ..Order::default()
        };
        let call = || probe.call(&customer, &status.to_string(), &order).send();
        let first = call().await;
        assert_replays(&first, &call().await);
        assert_replays(&first, &call().await);
        assert_eq!(probe.runs(), runs + 1, "{status}");
    }
}

#[tokio::test]
async fn other_errors_are_not() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let mut runs = 0;
    for status in [400, 401, 402, 403, 413, 415, 429, 500, 503, 504] {
        let call = |size| {
            let order = Order {
                status,
                size,
                ..Order::default()
            };
            probe.call(&customer, &status.to_string(), &order).send()
        };
        call(0).await.expect(status);
        call(0).await.expect(status);
        runs += 2;
        assert_eq!(probe.runs(), runs);
        // What surely did nothing binds its key to nothing. After an error of ours the key still names what was asked first.
        let other = call(7).await;
        if status < 500 {
            other.expect(status);
            runs += 1;
        } else {
            assert_eq!(other.expect(422).error().0, "IDEMPOTENCY_MISMATCH");
        }
    }
}

#[tokio::test]
async fn a_panic_is_an_error_of_ours() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order {
        panic: true,
        price: 3,
        ..Order::default()
    };
    for runs in 1..3 {
        probe.call(&customer, KEY, &order).send().await.expect(500);
        assert_eq!(probe.runs(), runs);
    }
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
}

#[tokio::test]
async fn a_replay_is_free_and_counts_in_the_minute_only() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order {
        price: 3,
        ..Order::default()
    };
    let first = probe.call(&customer, KEY, &order).send().await;
    for remaining in ["58", "57"] {
        let replay = probe.call(&customer, KEY, &order).send().await;
        assert_replays(&first, &replay);
        assert_eq!(replay.header("x-ratelimit-remaining"), remaining);
    }
    assert_eq!(app.balance(&customer).await, Credits::whole(7));
    assert_eq!(app.calls_this_minute(&customer).await, 3);
    let meter = app.meter(&customer).await;
    let days: Vec<u64> = meter.days.values().map(accounts::Day::calls).collect();
    assert_eq!(days, [1]);
}

#[tokio::test]
async fn an_error_that_is_kept_charges_nothing() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order {
        status: 404,
        price: 3,
        ..Order::default()
    };
    let first = probe.call(&customer, KEY, &order).send().await.expect(404);
    assert_replays(&first, &probe.call(&customer, KEY, &order).send().await);
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
}

#[tokio::test]
async fn large_answers_lie_in_the_bucket_and_all_are_sealed() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    for (size, objects) in [(299_000, 0), (400_000, 1), (3_000_000, 2)] {
        let order = Order {
            size,
            ..Order::default()
        };
        let call = || probe.call(&customer, &size.to_string(), &order).send();
        let first = call().await.expect(200);
        assert!(first.bytes.len() > size - 7);
        assert_replays(&first, &call().await);
        let prefix = format!("answers/{}/", customer.account);
        let keys = app.objects(&prefix).await;
        assert_eq!(keys.len(), objects);
        for key in keys {
            let object = app.bucket().get(&key, 10_000_000).await.unwrap();
            assert!(!contains(&object.body, b"needle"));
        }
    }
    let table = app.env.required("ACCOUNTS_TABLE").unwrap();
    let rows = aws_sdk_dynamodb::Client::new(&app.aws)
        .scan()
        .table_name(table);
    for row in rows.send().await.unwrap().items() {
        for value in row.values() {
            let shown = format!("{value:?}");
            assert!(!shown.contains("needle"), "{shown}");
            if let AttributeValue::M(answer) = value
                && let Some(AttributeValue::M(body)) = answer.get("body")
                && let Some(AttributeValue::B(body)) = body.get("inline")
            {
                assert!(!contains(body.as_ref(), b"needle"));
            }
        }
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn another_content_is_a_mismatch_and_another_spelling_is_not() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let path = "/api/v1/signals";
    let post = |body: &str| -> Call {
        let call = app.post(path).key(&customer).header("idempotency-key", KEY);
        call.body("application/json", body)
    };
    let signal = json!({ "domain": "stripe.com", "kind": "hiring", "strength": 0.5, "observed_at": "2026-11-10",
        "source": "test", "external_id": "1" });
    let first = post(&signal.to_string()).send().await.expect(200);
    let respelt = "{ \"strength\": 5e-1, \"source\": \"test\", \"observed_at\": \"2026-11-10\",\r\n\
        \"kind\": \"hir\\u0069ng\", \"external_id\": \"1\", \"domain\": \"stripe.com\" }";
    assert_replays(&first, &post(respelt).send().await);
    let mismatch = post(&signal.to_string().replace("hiring", "news"))
        .send()
        .await;
    insta::assert_json_snapshot!(mismatch.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "IDEMPOTENCY_MISMATCH",
          "message": "this Idempotency-Key was sent before with another request; give each request a key of its own",
          "requestId": "[request]"
        }
      },
      "status": 422
    }
    "#);
    assert_eq!(app.revisions(&customer, "stripe.com").await, (0, 1));
}
