//! Who may ask for a score.

use auth::{RawKey, Scope};
use tests::{Answer, TestApp};
use types::{Credits, Product};

const PATH: &str = "/api/v1/score?domain=stripe.com";

#[track_caller]
fn assert_refused(answer: &Answer, reason: &str) {
    assert_eq!(answer.status.as_u16(), 401, "{}", answer.json);
    assert_eq!(answer.error(), ("UNAUTHORIZED", reason));
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"assay\"");
    let message = answer.json["error"]["message"].as_str().unwrap();
    assert!(!message.contains("0123456789"), "the key is repeated");
}

#[tokio::test]
async fn without_a_key_in_order() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    assert_refused(&app.get(PATH).send().await, "key_missing");
    let with = async |header: &str| app.get(PATH).header("authorization", header).send().await;
    let raw = &customer.raw;
    for header in ["", "Bearer", "Bearer ", raw, &format!("Basic {raw}")] {
        assert_refused(&with(header).await, "key_missing");
    }
    for malformed in [
        "sk_live_00112233",
        "iq_live_sk_",
        "iq_live_sk_0123456789",
        "IQ_LIVE_SK_0123456789abcdef0123456789abcdef",
        "iq_live_sk_0123456789abcdef0123456789abcdef",
        &raw[..raw.len() - 1],
        &format!("{raw}0"),
        &raw.to_uppercase(),
        "iq_live_sk_••••••••••••••••••••••••••••••••",
    ] {
        assert_refused(
            &app.get(PATH).bearer(malformed).send().await,
            "key_malformed",
        );
    }
    let never_issued = RawKey::generate(Product::Intent);
    let answer = app.get(PATH).bearer(&never_issued.reveal()).send().await;
    assert_refused(&answer, "key_unknown");
    with(&format!("bearer  {raw}")).await.expect(200);
}

#[tokio::test]
async fn a_mistyped_key_says_so() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let last = if customer.raw.ends_with('0') {
        "1"
    } else {
        "0"
    };
    let mistyped = format!("{}{last}", &customer.raw[..customer.raw.len() - 1]);
    let answer = app.get(PATH).bearer(&mistyped).send().await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "UNAUTHORIZED",
          "message": "the API key's checksum does not match; was it mistyped?",
          "reason": "key_malformed",
          "requestId": "[request]"
        }
      },
      "status": 401
    }
    "#);
}

#[tokio::test]
async fn a_revoked_key() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    app.get(PATH).key(&customer).send().await.expect(200);
    customer.revoke(&app.accounts, app.clock.now()).await;
    // The instance that knows the key, and one that has never seen it.
    for app in [&app, &app.restarted()] {
        assert_refused(&app.get(PATH).key(&customer).send().await, "key_revoked");
        // What it asks for is not looked at.
        assert_refused(
            &app.get("/api/v1/score").key(&customer).send().await,
            "key_revoked",
        );
    }
    let other_key = app.with_scopes(&customer, &[Scope::Read]).await;
    app.get(PATH).key(&other_key).send().await.expect(200);
}

#[tokio::test]
async fn another_product_s_key() {
    let app = TestApp::new().await;
    for (product, plan) in [
        (Product::Leads, "free"),
        (Product::Liquidity, "analyst"),
        (Product::Portal, "free"),
    ] {
        let customer = app.customer_on(product, plan, 10).await;
        let answer = app.get(PATH).key(&customer).send().await.expect(403);
        assert_eq!(answer.error(), ("FORBIDDEN", "wrong_product"));
        let message = answer.json["error"]["message"].as_str().unwrap();
        assert!(message.contains(product.as_str()) && message.contains("intent"));
        assert_eq!(app.balance(&customer).await, Credits::whole(10));
        assert_eq!(app.calls_this_minute(&customer).await, 1);
    }
}

#[tokio::test]
async fn scopes() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for scope in Scope::of(Product::Intent) {
        let with_scope = app.with_scopes(&customer, &[*scope]).await;
        app.get(PATH).key(&with_scope).send().await.expect(200);
    }
    let without = app.with_scopes(&customer, &[]).await;
    let answer = app.get(PATH).key(&without).send().await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "FORBIDDEN",
          "message": "this API key lacks the scope read; use or issue one that has it",
          "reason": "scope_missing",
          "requestId": "[request]",
          "scope": "read"
        }
      },
      "status": 403
    }
    "#);
    assert_eq!(app.calls_this_minute(&without).await, 1);
}

#[tokio::test]
async fn a_plan_without_api_access() {
    let app = TestApp::new().await;
    let customer = app.customer_with_limits(Some(0), Some(0), 10).await;
    let answer = app.get(PATH).key(&customer).send().await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "PLAN_REQUIRED",
          "message": "the plan growth has no API access; upgrade to call the API",
          "plan": "growth",
          "reason": "no_api_access",
          "requestId": "[request]",
          "upgradeUrl": "https://assay.example/pricing"
        }
      },
      "status": 402
    }
    "#);
}
