//! Parameters that are not in order cost nothing, but count in the key's minute.

use tests::TestApp;
use types::Credits;

/// Queries, with the reason and the field of the answer.
const REFUSED: [(&str, &str, &str); 23] = [
    ("", "parameter_missing", "domain"),
    ("?include_signals=true", "parameter_missing", "domain"),
    ("?domain=", "domain_empty", "domain"),
    ("?domain=%20%09", "domain_empty", "domain"),
    ("?domain=com", "domain_is_public_suffix", "domain"),
    ("?domain=co.uk", "domain_is_public_suffix", "domain"),
    ("?domain=github.io", "domain_is_public_suffix", "domain"),
    ("?domain=jane%40stripe.com", "domain_is_email", "domain"),
    (
        "?domain=mailto:jane@stripe.com",
        "domain_is_email",
        "domain",
    ),
    ("?domain=10.0.0.1", "domain_is_ip", "domain"),
    ("?domain=http://[::1]/", "domain_is_ip", "domain"),
    ("?domain=stripe", "domain_suffix_unknown", "domain"),
    ("?domain=stripe.notatld", "domain_suffix_unknown", "domain"),
    ("?domain=stripe+.com", "domain_malformed", "domain"),
    ("?domain=-stripe.com", "domain_malformed", "domain"),
    ("?domain=%00", "domain_malformed", "domain"),
    ("?domain=%ff.com", "domain_malformed", "domain"),
    (
        "?domain=stripe.com&domain=notion.so",
        "parameter_repeated",
        "domain",
    ),
    ("?domain=stripe.com&domian=x", "parameter_unknown", "domian"),
    ("?domain=stripe.com&Domain=x", "parameter_unknown", "Domain"),
    (
        "?domain=stripe.com&include_signals=yes",
        "parameter_invalid",
        "include_signals",
    ),
    (
        "?domain=stripe.com&include_talk_track=",
        "parameter_invalid",
        "include_talk_track",
    ),
    (
        "?domain=stripe.com&include_email_subject=2",
        "parameter_invalid",
        "include_email_subject",
    ),
];

#[tokio::test]
async fn each_says_what_is_wrong_and_is_not_charged() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for (calls, (query, reason, field)) in (1..).zip(REFUSED) {
        let path = format!("/api/v1/score{query}");
        let answer = app.get(&path).key(&customer).send().await.expect(400);
        assert_eq!(answer.error(), ("BAD_REQUEST", reason), "{query}");
        assert_eq!(answer.json["error"]["field"], field, "{query}");
        assert!(answer.json["error"]["message"].as_str().unwrap().len() > 20);
        assert_eq!(app.calls_this_minute(&customer).await, calls, "{query}");
    }
    let meter = app.meter(&customer).await;
    assert!(meter.days.is_empty() && meter.months.is_empty());
    assert_eq!(app.balance(&customer).await, Credits::whole(10));

    let long = format!("/api/v1/score?domain={}.com", "a".repeat(3000));
    let answer = app.get(&long).key(&customer).send().await.expect(400);
    assert_eq!(answer.error().1, "domain_too_long");
}

#[tokio::test]
async fn whoever_sends_garbage_is_limited_too() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for _ in 0..60 {
        app.get("/api/v1/score")
            .key(&customer)
            .send()
            .await
            .expect(400);
    }
    let answer = app.get("/api/v1/score").key(&customer).send().await;
    assert_eq!(answer.expect(429).error().1, "per_minute");
}

#[tokio::test]
async fn what_people_paste_is_one_company() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for (pasted, domain) in [
        ("stripe.com", "stripe.com"),
        ("https://www.Stripe.com/pricing?x%3D1%23y", "stripe.com"),
        ("STRIPE.COM.", "stripe.com"),
        ("docs.stripe.com:8443/a", "stripe.com"),
        ("shop.example.co.uk", "example.co.uk"),
        ("www.b%C3%BCcher.de", "xn--bcher-kva.de"),
    ] {
        let path = format!("/api/v1/score?domain={pasted}");
        let answer = app.get(&path).key(&customer).send().await.expect(200);
        assert_eq!(answer.json["domain"], domain);
    }
}

#[tokio::test]
async fn an_error_as_it_is_answered() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let answer = app
        .get("/api/v1/score?domain=jane%40stripe.com")
        .key(&customer)
        .send()
        .await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "BAD_REQUEST",
          "field": "domain",
          "message": "this is an e-mail address; give the company domain after the @, such as stripe.com",
          "reason": "domain_is_email",
          "requestId": "[request]"
        }
      },
      "status": 400
    }
    "#);
}
