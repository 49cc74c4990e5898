use futures::future::join_all;
use http::Method;
use intent::Kind;
use serde_json::json;
use tests::{Issuer, TestApp, known, signal};
use types::Credits;

use super::{PATH, entry, excite};

#[tokio::test]
async fn the_printed_request_works_word_for_word() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    let body = "{\n\"domain\": \"stripe.com\",\n\"company_name\": \"Stripe\"\n}";
    let call = app.post(PATH).key(&customer).body("application/json", body);
    let added = call.send().await.expect(201);
    insta::assert_json_snapshot!(added.shown(), @r#"
    {
      "body": {
        "alerts": {
          "band_changes": true,
          "min_score_change": 10
        },
        "band": "COLD",
        "company_name": "Stripe",
        "confidence": "low",
        "created_at": "2026-11-15T12:00:10Z",
        "credits_charged": 1,
        "domain": "stripe.com",
        "score": 28,
        "score_age": 0,
        "scored_at": "2026-11-15T12:00:10Z"
      },
      "status": 201
    }
    "#);
    let list = app.get(PATH).key(&customer).send().await.expect(200);
    let mut entry = added.json.clone();
    entry.as_object_mut().unwrap().remove("credits_charged");
    assert_eq!(list.json, json!([entry]));
    assert_eq!(list.header("link"), "");
    assert_eq!(app.calls_this_minute(&customer).await, 2);
}

#[tokio::test]
async fn each_score_that_an_addition_shows_is_charged() {
    let app = TestApp::new().await;
    let customer = app.customer(3).await;
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    let path = format!("{PATH}/stripe.com");
    for left in [2, 1, 0] {
        let added = app.watch(&customer, "stripe.com").send().await.expect(201);
        assert_eq!(added.json["credits_charged"], 1);
        // The entry and the list are free, and there is no second addition to charge.
        entry(&app, &customer, "stripe.com").await;
        app.watchlist(&customer).await;
        let again = app.watch(&customer, "stripe.com").send().await;
        again.expect(if left == 0 { 402 } else { 409 });
        assert_eq!(app.balance(&customer).await, Credits::whole(left));
        let remove = app.call(Method::DELETE, &path).key(&customer);
        remove.send().await.expect(204);
    }
    let refused = app.watch(&customer, "stripe.com").send().await.expect(402);
    assert_eq!(refused.error().0, "INSUFFICIENT_CREDITS");
    assert_eq!(refused.json.get("score"), None);
    assert!(app.watchlist(&customer).await.is_empty());
    app.get(&path).key(&customer).send().await.expect(404);
}

#[tokio::test]
async fn what_is_added_by_many_calls_at_once_is_charged_once() {
    let app = TestApp::new().await;
    let customer = app.customer(30).await;
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    let calls = (0..20).map(|_| app.watch(&customer, "stripe.com").send());
    let answers = join_all(calls).await;
    let added = answers.iter().filter(|answer| answer.status == 201);
    assert_eq!(added.count(), 1);
    assert_eq!(app.balance(&customer).await, Credits::whole(29));
}

#[tokio::test]
async fn a_company_of_which_nothing_is_known() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let body = json!({ "domain": "https://www.Notion.so/pricing" });
    let call = app.post(PATH).key(&customer).json(&body);
    let added = call.send().await.expect(201).json;
    assert_eq!(added["domain"], "notion.so");
    assert_eq!(added["company_name"], json!(null));
    assert_eq!(
        (&added["score"], &added["band"]),
        (&json!(0), &json!("COLD"))
    );
    assert_eq!(added["confidence"], "none");
    assert_eq!(added["credits_charged"], 0);
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
}

#[tokio::test]
async fn own_signals_count_for_their_owner_alone() {
    let app = TestApp::new().await;
    let (one, other) = (app.customer(10).await, app.customer(10).await);
    app.learn(&one, &[signal("stripe.com", "funding", 14, "1")])
        .await;
    app.watch(&one, "stripe.com").send().await.expect(201);
    app.watch(&other, "stripe.com").send().await.expect(201);
    assert_ne!(entry(&app, &one, "stripe.com").await["score"], 0);
    assert_eq!(entry(&app, &other, "stripe.com").await["score"], 0);
}

#[tokio::test]
async fn a_company_is_on_a_watchlist_once() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    app.watch(&customer, "stripe.com").send().await.expect(201);
    let again = app
        .watch(&customer, "www.stripe.com")
        .send()
        .await
        .expect(409);
    assert_eq!(again.error(), ("DUPLICATE", "already_watched"));
    assert_eq!(app.watchlist(&customer).await.len(), 1);
    assert_eq!(
        app.intent_workspace
            .watch_count(customer.account)
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn a_session_has_the_watchlist_of_its_account() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = issuer.verified("ada", app.clock.now());
    let body = json!({ "domain": "stripe.com" });
    let call = app.post(PATH).bearer(&token).json(&body);
    call.send().await.expect(201);
    let list = app.get(PATH).bearer(&token).send().await.expect(200);
    assert_eq!(list.json[0]["domain"], "stripe.com");
}

#[tokio::test]
async fn what_is_not_in_order_is_refused() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let long = "x".repeat(201);
    for (body, reason, field) in [
        (json!({}), "domain_empty", "domain"),
        (
            json!({ "company_name": "Stripe" }),
            "domain_empty",
            "domain",
        ),
        (
            json!({ "domain": "me@stripe.com" }),
            "domain_is_email",
            "domain",
        ),
        (json!({ "domain": 7 }), "json_invalid", "domain"),
        (
            json!({ "domain": "a.com", "name": "A" }),
            "json_invalid",
            "name",
        ),
        (
            json!({ "domain": "a.com", "company_name": " " }),
            "text_invalid",
            "company_name",
        ),
        (
            json!({ "domain": "a.com", "company_name": "a\nb" }),
            "text_invalid",
            "company_name",
        ),
        (
            json!({ "domain": "a.com", "company_name": long }),
            "text_invalid",
            "company_name",
        ),
        (
            json!({ "domain": "a.com", "alerts": { "min_score_change": 0 } }),
            "number_out_of_range",
            "alerts.min_score_change",
        ),
        (
            json!({ "domain": "a.com", "alerts": { "min_score_change": 101 } }),
            "number_out_of_range",
            "alerts.min_score_change",
        ),
        (
            json!({ "domain": "a.com", "alerts": { "min_score_change": 1.5 } }),
            "json_invalid",
            "alerts.min_score_change",
        ),
        (json!([]), "json_invalid", ""),
    ] {
        let call = app.post(PATH).key(&customer).json(&body);
        let refused = call.send().await.expect(400);
        assert_eq!(refused.error(), ("BAD_REQUEST", reason), "{body}");
        let named = refused.json["error"]["field"].as_str().unwrap_or("");
        assert_eq!(named, field, "{body}");
    }
    assert!(app.watchlist(&customer).await.is_empty());
    assert_eq!(
        app.intent_workspace
            .watch_count(customer.account)
            .await
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn an_idempotency_key_makes_it_one_addition() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    let add = || {
        let call = app.watch(&customer, "stripe.com");
        call.header("idempotency-key", "once").send()
    };
    let first = add().await.expect(201);
    excite(&app, "stripe.com").await;
    let again = add().await.expect(201);
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.bytes, first.bytes);
    assert_eq!(app.balance(&customer).await, Credits::whole(9));
    let other = app
        .watch(&customer, "notion.so")
        .header("idempotency-key", "once");
    other.send().await.expect(422);
    // Without it, or with another, it is a duplicate, which is final.
    let other = || {
        app.watch(&customer, "stripe.com")
            .header("idempotency-key", "twice")
    };
    other().send().await.expect(409);
    let replay = other().send().await.expect(409);
    assert_eq!(replay.error(), ("DUPLICATE", "already_watched"));
    assert_eq!(replay.header("idempotent-replayed"), "true");
}
