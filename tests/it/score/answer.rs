//! The answer's form.

use http::Method;
use intent::Kind;
use serde_json::{Value, json};
use tests::{Customer, TestApp, known, signal};
use types::Credits;

const PATH: &str = "/api/v1/score?domain=stripe.com";

async fn app_that_knows_stripe() -> (TestApp, Customer) {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let own = [
        signal("stripe.com", "hiring", 12, "1"),
        signal("stripe.com", "hiring", 1, "2"),
    ];
    app.learn(&customer, &own).await;
    app.publish("stripe.com", known(Kind::Funding, 5, "1"))
        .await;
    (app, customer)
}

#[tokio::test]
async fn the_whole_answer() {
    let (app, customer) = app_that_knows_stripe().await;
    let answer = app.get(PATH).key(&customer).send().await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "band": "WARM",
        "cached": false,
        "confidence": "medium",
        "credits_charged": 1,
        "domain": "stripe.com",
        "expires_at": "2026-11-16T12:00:10Z",
        "model_version": "intent-2",
        "momentum": {
          "baseline": null,
          "change": null,
          "direction": "unknown"
        },
        "reasoning": "2 hiring signals since 1 Nov 2026, the latest on 12 Nov 2026: “Seen in hiring” (test). 1 funding signal on 5 Nov 2026: “Seen in funding” (test).",
        "reasoning_source": "template",
        "score": 57,
        "scored_at": "2026-11-15T12:00:10Z",
        "signals": [
          {
            "age_days": 10.0,
            "contribution": 24.6,
            "evidence": "Seen in funding",
            "kind": "funding",
            "observed_at": "2026-11-05T12:00:00Z",
            "source": "test",
            "strength": 0.5,
            "url": null
          },
          {
            "age_days": 3.0,
            "contribution": 16.9,
            "evidence": "Seen in hiring",
            "kind": "hiring",
            "observed_at": "2026-11-12T12:00:00Z",
            "source": "test",
            "strength": 0.5,
            "url": null
          },
          {
            "age_days": 14.0,
            "contribution": 15.5,
            "evidence": "Seen in hiring",
            "kind": "hiring",
            "observed_at": "2026-11-01T12:00:00Z",
            "source": "test",
            "strength": 0.5,
            "url": null
          }
        ]
      },
      "status": 200
    }
    "#);
    assert_eq!(app.balance(&customer).await, Credits::whole(99));
}

#[tokio::test]
async fn contributions_add_up_to_the_score() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let kinds = [
        "engagement",
        "funding",
        "hiring",
        "leadership",
        "technology",
        "news",
        "web",
    ];
    for count in 1..=kinds.len() {
        let new = signal("stripe.com", kinds[count - 1], 14, &count.to_string());
        // More than fifty of the last kind: some are not listed.
        let copies = (0..if count == kinds.len() { 60 } else { 1 }).map(|copy| {
            let mut new = new.clone();
            new["external_id"] = format!("{count}-{copy}").into();
            new
        });
        app.learn(&customer, &copies.collect::<Vec<_>>()).await;
        let answer = app.get(PATH).key(&customer).send().await.expect(200);
        let tenths = |value: &Value| (value["contribution"].as_f64().unwrap() * 10.0).round();
        let listed: f64 = answer.json["signals"]
            .as_array()
            .unwrap()
            .iter()
            .map(tenths)
            .sum();
        let more = answer.json.get("more_signals").map_or(0.0, tenths);
        let score = answer.json["score"].as_f64().unwrap() * 10.0;
        assert!(
            score > 0.0 && (listed + more - score).abs() < 0.01,
            "{}",
            answer.json
        );
        assert_eq!(
            answer.json.get("more_signals").is_some(),
            count == kinds.len()
        );
    }
}

#[tokio::test]
async fn what_to_include() {
    let (app, customer) = app_that_knows_stripe().await;
    let fields = async |flags: &str| {
        let path = format!("{PATH}{flags}");
        let answer = app.get(&path).key(&customer).send().await.expect(200);
        ["signals", "talk_track", "email_subject"].map(|field| answer.json.get(field).is_some())
    };
    assert_eq!(fields("").await, [true, false, false]);
    assert_eq!(fields("&include_signals=false").await, [false; 3]);
    assert_eq!(
        fields("&include_talk_track=TRUE").await,
        [true, true, false]
    );
    assert_eq!(
        fields("&include_email_subject=1").await,
        [true, false, true]
    );
    let all = "&include_signals=0&include_talk_track=1&include_email_subject=true";
    assert_eq!(fields(all).await, [false, true, true]);

    let path = format!("{PATH}{all}");
    let answer = app.get(&path).key(&customer).send().await.expect(200);
    insta::assert_json_snapshot!([&answer.json["talk_track"], &answer.json["email_subject"]], @r#"
    [
      "Open with funding: “Seen in funding” (test, 5 Nov 2026). Ask which plans the money is meant to speed up. Then bring up hiring: “Seen in hiring” (test, 12 Nov 2026).",
      "After the funding: what comes next at stripe.com?"
    ]
    "#);
}

#[tokio::test]
async fn nothing_known_is_cold_and_free() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let answer = app.get(PATH).key(&customer).send().await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "band": "COLD",
        "cached": false,
        "confidence": "none",
        "credits_charged": 0,
        "domain": "stripe.com",
        "expires_at": "2026-11-15T12:00:10Z",
        "model_version": "intent-2",
        "momentum": {
          "baseline": null,
          "change": null,
          "direction": "unknown"
        },
        "reasoning": "No signals are known for stripe.com.",
        "reasoning_source": "template",
        "score": 0,
        "scored_at": "2026-11-15T12:00:10Z",
        "signals": []
      },
      "status": 200
    }
    "#);
    assert_eq!(app.balance(&customer).await, Credits::whole(100));

    assert_eq!(app.calls_this_minute(&customer).await, 1);
}

#[tokio::test]
async fn what_is_free_needs_no_credits() {
    let app = TestApp::new().await;
    let poor = app.customer(0).await;
    let day = "2026-11-15";
    let explain = format!("/api/v1/score/explain?domain=stripe.com&at={day}");
    let weights = json!({ "domain": "stripe.com", "weights": { "hiring": 60 } });
    let company = json!({ "domain": "stripe.com" });
    let calls = || {
        [
            (app.get(PATH), 200),
            (app.get("/api/v1/score/history?domain=stripe.com"), 200),
            (app.get(&explain), 200),
            (app.post("/api/v1/score/preview").json(&weights), 200),
            (app.post("/api/v1/watchlist").json(&company), 201),
        ]
    };
    for (call, status) in calls() {
        let answer = call.key(&poor).send().await.expect(status);
        assert_eq!(answer.json["credits_charged"], 0);
    }
    assert_eq!(app.balance(&poor).await, Credits::ZERO);
    app.call(Method::DELETE, "/api/v1/watchlist/stripe.com")
        .key(&poor)
        .send()
        .await
        .expect(204);
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    let payer = app.customer(1).await;
    app.get(PATH).key(&payer).send().await.expect(200);
    app.clock.advance(60);
    for (call, _) in calls() {
        let refused = call.key(&poor).send().await.expect(402);
        assert_eq!(refused.error().0, "INSUFFICIENT_CREDITS");
    }
    assert!(app.watchlist(&poor).await.is_empty());
}
