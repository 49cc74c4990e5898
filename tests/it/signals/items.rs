//! What is taken, and the report on each item.

use serde_json::{Value, json};
use store::Owner;
use tests::{TestApp, signal};
use types::{Credits, Domain};

use super::PATH;

#[tokio::test]
async fn one_signal() {
    let app = TestApp::new().await;
    let customer = app.customer(0).await;
    let mut one = signal("https://www.Stripe.com/jobs", "hiring", 12, "4711");
    one["strength"] = 0.8.into();
    one["url"] = "https://stripe.com/jobs/4711".into();
    let answer = app.post(PATH).key(&customer).json(&one).send().await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "failed": 0,
        "items": [
          {
            "domain": "stripe.com",
            "external_id": "4711",
            "index": 0,
            "status": "stored"
          }
        ],
        "received": 1,
        "stored": 1,
        "unchanged": 0,
        "updated": 0
      },
      "status": 200
    }
    "#);
    assert_eq!(app.calls_this_minute(&customer).await, 1);
    assert_eq!(app.balance(&customer).await, Credits::ZERO);

    let stripe = Domain::parse("stripe.com").unwrap();
    let owner = Owner::Account(customer.account);
    let stored = app.intel.signals(&stripe, owner, app.clock.now());
    insta::assert_json_snapshot!(stored.await.unwrap(), @r#"
    [
      {
        "kind": "hiring",
        "strength": 0.8,
        "observed_at": "2026-11-12T12:00:00Z",
        "source": "test",
        "external_id": "4711",
        "evidence": "Seen in hiring",
        "url": "https://stripe.com/jobs/4711"
      }
    ]
    "#);
}

#[tokio::test]
async fn several_signals_each_with_its_own_report() {
    let app = TestApp::new().await;
    let customer = app.customer(0).await;
    let mut future = signal("stripe.com", "hiring", 17, "2");
    future["observed_at"] = "2026-11-16T12:00:11Z".into();
    let mut unknown_field = signal("stripe.com", "hiring", 1, "3");
    unknown_field["evidance"] = "x".into();
    let mut wrong = signal("jane@stripe.com", "dancing", 1, "");
    wrong["strength"] = 1.01.into();
    wrong["url"] = "ftp://stripe.com".into();
    let sent = json!([
        signal("stripe.com", "hiring", 12, "1"),
        future,
        unknown_field,
        wrong,
        "stripe.com",
        signal("notion.so", "news", 12, "1"),
    ]);
    let answer = app.post(PATH).key(&customer).json(&sent).send().await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "failed": 4,
        "items": [
          {
            "domain": "stripe.com",
            "external_id": "1",
            "index": 0,
            "status": "stored"
          },
          {
            "errors": [
              {
                "field": "observed_at",
                "message": "observed_at is more than a day in the future; send the time of the observation",
                "reason": "time_in_future"
              }
            ],
            "index": 1,
            "status": "failed"
          },
          {
            "errors": [
              {
                "field": "evidance",
                "message": "this field is not known; the fields are domain, kind, strength, observed_at, source, external_id, evidence, url",
                "reason": "json_invalid"
              }
            ],
            "index": 2,
            "status": "failed"
          },
          {
            "errors": [
              {
                "field": "domain",
                "message": "this is an e-mail address; give the company domain after the @, such as stripe.com",
                "reason": "domain_is_email"
              },
              {
                "field": "kind",
                "message": "\"dancing\" is not a kind of signal; use one of engagement, funding, hiring, leadership, technology, expansion, product, news, filing, engineering, web",
                "reason": "kind_unknown"
              },
              {
                "field": "strength",
                "message": "strength must be from 0.001 to 1, not 1.01",
                "reason": "strength_out_of_range"
              },
              {
                "field": "external_id",
                "message": "external_id is required, for example job-4711",
                "reason": "field_missing"
              },
              {
                "field": "url",
                "message": "url is an http or https URL of at most 2048 characters",
                "reason": "url_invalid"
              }
            ],
            "index": 3,
            "status": "failed"
          },
          {
            "errors": [
              {
                "field": "",
                "message": "expected an object, found a text",
                "reason": "json_invalid"
              }
            ],
            "index": 4,
            "status": "failed"
          },
          {
            "domain": "notion.so",
            "external_id": "1",
            "index": 5,
            "status": "stored"
          }
        ],
        "received": 6,
        "stored": 2,
        "unchanged": 0,
        "updated": 0
      },
      "status": 200
    }
    "#);
    assert_eq!(app.revisions(&customer, "stripe.com").await, (0, 1));
    assert_eq!(app.revisions(&customer, "notion.so").await, (0, 1));
}

#[tokio::test]
async fn five_hundred_are_taken_and_one_more_is_not() {
    let app = TestApp::new().await;
    let customer = app.customer(0).await;
    let many = |count: usize| -> Vec<Value> {
        (0..count)
            .map(|id| {
                signal(
                    &format!("company{}.com", id % 4),
                    "news",
                    12,
                    &id.to_string(),
                )
            })
            .collect()
    };
    let too_many = app.post(PATH).key(&customer).json(&json!(many(501)));
    let too_many = too_many.send().await.expect(400);
    assert_eq!(too_many.error(), ("BAD_REQUEST", "too_many_signals"));
    assert_eq!(too_many.json["error"]["limit"], 500);
    assert_eq!(app.revisions(&customer, "company0.com").await, (0, 0));

    let answer = app.learn(&customer, &many(500)).await;
    assert_eq!(answer.json["received"], 500);
    assert_eq!(answer.json["stored"], 500);
    let items = answer.json["items"].as_array().unwrap();
    assert!((0..500).all(|index| items[index]["index"] == index));
    // 125 signals of a company are two transactions.
    for company in 0..4 {
        let company = format!("company{company}.com");
        assert_eq!(app.revisions(&customer, &company).await, (0, 2));
    }
}
