//! A score by other weights, beside the score that everyone gets.

use intent::Kind;
use serde_json::{Value, json};
use tests::{Answer, Customer, TestApp, known, signal};
use types::Credits;

use super::{create, get, growing, score};

const PATH: &str = "/api/v1/score/preview";

async fn preview(app: &TestApp, customer: &Customer, form: &Value) -> Answer {
    app.post(PATH).key(customer).json(form).send().await
}

async fn prepared() -> (TestApp, Customer) {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    for (kind, id) in [(Kind::Hiring, "1"), (Kind::News, "2")] {
        app.publish("stripe.com", known(kind, 10, id)).await;
    }
    app.learn(&customer, &[signal("stripe.com", "funding", 14, "3")])
        .await;
    (app, customer)
}

#[tokio::test]
async fn an_answer_as_it_is() {
    let (app, customer) = prepared().await;
    let form =
        json!({ "domain": "https://www.stripe.com/", "weights": { "hiring": 60, "news": 0 } });
    let mut answer = preview(&app, &customer, &form).await.expect(200);
    answer.json["signals"][1].take();
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "band": "WARM",
        "confidence": "medium",
        "credits_charged": 1,
        "difference": 9,
        "domain": "stripe.com",
        "model_version": "intent-2+profile",
        "momentum": {
          "baseline": null,
          "change": null,
          "direction": "unknown"
        },
        "reasoning": "1 hiring signal on 10 Nov 2026: “Seen in hiring” (test). 1 funding signal on 14 Nov 2026: “Seen in funding” (test).",
        "reasoning_source": "template",
        "score": 64,
        "scored_at": "2026-11-15T12:00:10Z",
        "signals": [
          {
            "age_days": 5.0,
            "contribution": 40.1,
            "evidence": "Seen in hiring",
            "kind": "hiring",
            "observed_at": "2026-11-10T12:00:00Z",
            "source": "test",
            "strength": 0.5,
            "url": null
          },
          null
        ],
        "standard": {
          "band": "WARM",
          "confidence": "medium",
          "model_version": "intent-2",
          "momentum": {
            "baseline": null,
            "change": null,
            "direction": "unknown"
          },
          "score": 55
        }
      },
      "status": 200
    }
    "#);
}

#[tokio::test]
async fn nothing_of_it_is_kept() {
    let (app, customer) = prepared().await;
    let form = json!({ "domain": "stripe.com", "weights": { "hiring": 100 } });
    let first = preview(&app, &customer, &form).await.expect(200).json;
    let standard = score(&app, &customer).await;
    assert_eq!(standard["cached"], false);
    for name in ["score", "band", "confidence", "momentum", "model_version"] {
        assert_eq!(first["standard"][name], standard[name], "{name}");
    }
    app.clock.advance(60);
    let second = preview(&app, &customer, &form).await.expect(200).json;
    assert_eq!(second["scored_at"], "2026-11-15T12:01:10Z");
    let mut kept = score(&app, &customer).await;
    assert_eq!(kept["cached"].take(), true);
    assert_eq!(kept["score"], standard["score"]);
    let history = get(&app, &customer, "/history?domain=stripe.com").await;
    assert_eq!(history.json["points"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn it_costs_what_a_score_costs() {
    let (app, customer) = prepared().await;
    let form = |domain: &str| json!({ "domain": domain, "half_lives": { "hiring": 30 } });
    let known = preview(&app, &customer, &form("stripe.com")).await;
    assert_eq!(known.json["credits_charged"], 1);
    let unknown = preview(&app, &customer, &form("notion.so"))
        .await
        .expect(200);
    assert_eq!(unknown.json["credits_charged"], 0);
    assert_eq!(app.balance(&customer).await, Credits::whole(99));

    let again = || {
        let call = app.post(PATH).key(&customer).json(&form("stripe.com"));
        call.header("idempotency-key", "a key of this test").send()
    };
    let (first, second) = (again().await.expect(200), again().await.expect(200));
    assert_eq!(first.bytes, second.bytes);
    assert_eq!(second.header("idempotent-replayed"), "true");
    assert_eq!(app.balance(&customer).await, Credits::whole(98));
}

#[tokio::test]
async fn by_a_profile_that_is_kept() {
    let (app, customer) = prepared().await;
    let other = app.customer(10).await;
    let kept = create(&app, &customer, &growing("Growing"))
        .await
        .expect(201);
    let id = kept.json["profile_id"].as_str().unwrap();
    let mut form = growing("");
    form["domain"] = "stripe.com".into();
    form.as_object_mut().unwrap().remove("name");
    let given = preview(&app, &customer, &form).await.expect(200).json;

    let by_id = json!({ "domain": "stripe.com", "profile": id });
    assert_eq!(
        preview(&app, &customer, &by_id).await.expect(200).json,
        given
    );
    let path = format!("/preview?domain=stripe.com&profile={id}");
    assert_eq!(get(&app, &customer, &path).await.expect(200).json, given);

    // Another account's is none, and is not charged.
    assert_eq!(
        get(&app, &other, &path).await.expect(404).error().0,
        "NOT_FOUND"
    );
    preview(&app, &other, &by_id).await.expect(404);
    assert_eq!(app.balance(&other).await, Credits::whole(10));
}
