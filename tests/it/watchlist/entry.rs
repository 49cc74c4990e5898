use auth::Scope;
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Customer, TestApp};

use super::{PATH, entry};

async fn change(app: &TestApp, customer: &Customer, domain: &str, body: &Value) -> Answer {
    let call = app.call(Method::PATCH, &format!("{PATH}/{domain}"));
    call.key(customer).json(body).send().await
}

async fn remove(app: &TestApp, customer: &Customer, domain: &str) -> Answer {
    let call = app.call(Method::DELETE, &format!("{PATH}/{domain}"));
    call.key(customer).send().await
}

#[tokio::test]
async fn a_field_that_is_not_sent_stays_as_it_is() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    app.watch(&customer, "stripe.com").send().await.expect(201);
    for (body, name, bands, points) in [
        (json!({}), json!("STRIPE.COM"), true, json!(10)),
        (
            json!({ "company_name": "Stripe" }),
            json!("Stripe"),
            true,
            json!(10),
        ),
        (
            json!({ "alerts": { "band_changes": false } }),
            json!("Stripe"),
            false,
            json!(10),
        ),
        (
            json!({ "alerts": { "min_score_change": 3 } }),
            json!("Stripe"),
            false,
            json!(3),
        ),
        (
            json!({ "alerts": { "min_score_change": null } }),
            json!("Stripe"),
            false,
            json!(null),
        ),
        (
            json!({ "company_name": null, "alerts": { "band_changes": true } }),
            json!(null),
            true,
            json!(null),
        ),
    ] {
        // However the company is written.
        let changed = change(&app, &customer, "www.Stripe.com", &body).await;
        let changed = changed.expect(200).json;
        assert_eq!(changed["company_name"], name, "{body}");
        let alerts = json!({ "band_changes": bands, "min_score_change": points });
        assert_eq!(changed["alerts"], alerts, "{body}");
        assert_eq!(entry(&app, &customer, "stripe.com").await, changed);
    }
}

#[tokio::test]
async fn a_change_that_is_not_in_order_changes_nothing() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    app.watch(&customer, "stripe.com").send().await.expect(201);
    let before = entry(&app, &customer, "stripe.com").await;
    for body in [
        json!({ "alerts": { "min_score_change": 0 } }),
        json!({ "alerts": null }),
        json!({ "score": 100 }),
        json!({ "company_name": "" }),
        json!({ "domain": "notion.so" }),
    ] {
        let refused = change(&app, &customer, "stripe.com", &body).await;
        refused.expect(400);
    }
    assert_eq!(entry(&app, &customer, "stripe.com").await, before);
}

#[tokio::test]
async fn what_is_removed_is_gone_and_can_be_added_again() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for _ in 0..2 {
        app.watch(&customer, "stripe.com").send().await.expect(201);
        remove(&app, &customer, "stripe.com").await.expect(204);
        let again = remove(&app, &customer, "stripe.com").await.expect(404);
        assert_eq!(again.error(), ("NOT_FOUND", ""));
        let body = json!({ "company_name": "Stripe" });
        change(&app, &customer, "stripe.com", &body)
            .await
            .expect(404);
        let read = app.get(&format!("{PATH}/stripe.com")).key(&customer);
        read.send().await.expect(404);
        assert!(app.watchlist(&customer).await.is_empty());
    }
    assert_eq!(
        app.intent_workspace
            .watch_count(customer.account)
            .await
            .unwrap(),
        0
    );
    assert_eq!(app.watcher_count("stripe.com").await, "0");
}

#[tokio::test]
async fn text_that_is_no_company_is_on_no_watchlist() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for subject in ["x", "com", "%FF", "me@stripe.com", "%20", "WATCH%23"] {
        let read = app.get(&format!("{PATH}/{subject}")).key(&customer);
        read.send().await.expect(404);
        remove(&app, &customer, subject).await.expect(404);
        change(&app, &customer, subject, &json!({}))
            .await
            .expect(404);
    }
}

#[tokio::test]
async fn another_account_s_entry_is_not_there() {
    let app = TestApp::new().await;
    let (owner, other) = (app.customer(10).await, app.customer(10).await);
    app.watch(&owner, "stripe.com").send().await.expect(201);
    let before = entry(&app, &owner, "stripe.com").await;
    let read = app.get(&format!("{PATH}/stripe.com")).key(&other);
    read.send().await.expect(404);
    let body = json!({ "company_name": "Mine" });
    change(&app, &other, "stripe.com", &body).await.expect(404);
    remove(&app, &other, "stripe.com").await.expect(404);
    assert!(app.watchlist(&other).await.is_empty());
    assert_eq!(entry(&app, &owner, "stripe.com").await, before);
    // And a company may be on both.
    app.watch(&other, "stripe.com").send().await.expect(201);
    remove(&app, &other, "stripe.com").await.expect(204);
    assert_eq!(entry(&app, &owner, "stripe.com").await, before);
}

#[tokio::test]
async fn a_key_that_may_only_read_reads() {
    let app = TestApp::new().await;
    let owner = app.customer(10).await;
    let reader = app.with_scopes(&owner, &[Scope::Read]).await;
    app.watch(&owner, "stripe.com").send().await.expect(201);
    entry(&app, &reader, "stripe.com").await;
    assert_eq!(app.watchlist(&reader).await.len(), 1);
    remove(&app, &reader, "stripe.com").await.expect(403);
    app.watch(&reader, "notion.so").send().await.expect(403);
}
