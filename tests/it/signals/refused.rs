//! Bodies that are refused as a whole.

use auth::Scope;
use serde_json::json;
use tests::{TestApp, signal};

use super::PATH;

#[tokio::test]
async fn bodies_that_are_no_signals() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for (body, reason) in [
        ("", "json_invalid"),
        ("not json", "json_invalid"),
        ("{\"domain\":", "json_invalid"),
        ("7", "json_invalid"),
        ("null", "json_invalid"),
        ("\"stripe.com\"", "json_invalid"),
        ("[]", "no_signals"),
        ("{}", "domain_empty"),
        ("{\"domain\":7}", "json_invalid"),
    ] {
        let call = app.post(PATH).key(&customer).body("application/json", body);
        let answer = call.send().await.expect(400);
        assert_eq!(answer.error(), ("BAD_REQUEST", reason), "{body}");
    }
    assert_eq!(app.calls_this_minute(&customer).await, 9);
    assert!(app.meter(&customer).await.days.is_empty());
}

#[tokio::test]
async fn bodies_of_many_values() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let send = async |values: usize, status: u16| {
        let call = app.post(PATH).key(&customer).json(&vec![0; values].into());
        let answer = call.send().await.expect(status);
        answer.error().1.to_owned()
    };
    assert_eq!(send(50_000, 400).await, "too_many_signals");
    assert_eq!(send(50_001, 413).await, "too_many_values");
}

#[tokio::test]
async fn one_signal_that_is_not_in_order_is_the_request_s_error() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let sent = json!({ "domain": "stripe.com", "kind": "dancing", "observed_at": "yesterday", "source": "x" });
    let answer = app.post(PATH).key(&customer).json(&sent).send().await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "BAD_REQUEST",
          "errors": [
            {
              "field": "kind",
              "message": "\"dancing\" is not a kind of signal; use one of engagement, funding, hiring, leadership, technology, expansion, product, news, filing, engineering, web",
              "reason": "kind_unknown"
            },
            {
              "field": "observed_at",
              "message": "observed_at is a timestamp such as 2026-05-23T09:30:00Z or a day such as 2026-05-23",
              "reason": "time_invalid"
            },
            {
              "field": "external_id",
              "message": "external_id is required, for example job-4711",
              "reason": "field_missing"
            }
          ],
          "field": "kind",
          "message": "\"dancing\" is not a kind of signal; use one of engagement, funding, hiring, leadership, technology, expansion, product, news, filing, engineering, web",
          "reason": "kind_unknown",
          "requestId": "[request]"
        }
      },
      "status": 400
    }
    "#);

    let mut unknown = signal("stripe.com", "hiring", 1, "1");
    unknown["evidance"] = "x".into();
    let answer = app.post(PATH).key(&customer).json(&unknown).send().await;
    let answer = answer.expect(400);
    assert_eq!(answer.error().1, "json_invalid");
    assert_eq!(answer.json["error"]["field"], "evidance");
    assert_eq!(app.revisions(&customer, "stripe.com").await, (0, 0));
}

#[tokio::test]
async fn other_types_of_body() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let sent = signal("stripe.com", "hiring", 1, "1");
    let text = sent.to_string();
    for content_type in [
        "text/plain",
        "text/csv",
        "application/x-www-form-urlencoded",
        "",
    ] {
        let call = app.post(PATH).key(&customer);
        let call = call.body(content_type, text.clone());
        let answer = call.send().await.expect(415);
        assert_eq!(answer.error().0, "UNSUPPORTED_MEDIA_TYPE");
    }
    let bare = app.post(PATH).key(&customer).send().await;
    assert_eq!(bare.expect(415).error().0, "UNSUPPORTED_MEDIA_TYPE");
    for content_type in ["Application/JSON; charset=utf-8", "application/ld+json"] {
        let call = app.post(PATH).key(&customer);
        call.body(content_type, text.clone())
            .send()
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn too_much() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let huge = vec![b' '; 4_500_001];
    let call = app.post(PATH).key(&customer).body("application/json", huge);
    let answer = call.send().await.expect(413);
    assert_eq!(answer.error().0, "TOO_LARGE");
    assert_eq!(answer.json["error"]["maxBytes"], 4_500_000);
}

#[tokio::test]
async fn a_key_that_may_only_read() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let reader = app.with_scopes(&customer, &[Scope::Read]).await;
    let sent = signal("stripe.com", "hiring", 1, "1");
    let answer = app.post(PATH).key(&reader).json(&sent).send().await;
    let answer = answer.expect(403);
    assert_eq!(answer.error(), ("FORBIDDEN", "scope_missing"));
    assert_eq!(answer.json["error"]["scope"], "write");
    assert_eq!(app.revisions(&customer, "stripe.com").await, (0, 0));
}
