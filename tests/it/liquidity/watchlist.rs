use expect_test::expect;
use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Customer, Issuer, TestApp};
use types::{Product, WatchId};

use super::{publish, unknown, usdy};

const USDY: &str = "ondo-usdy";
const BUIDL: &str = "blackrock-buidl";
const PATH: &str = "/api/v1/watchlist";

async fn learn(app: &TestApp) {
    publish(app, &[usdy(), unknown(BUIDL)]).await;
}

async fn analyst(app: &TestApp) -> Customer {
    app.customer_on(Product::Liquidity, "analyst", 0).await
}

async fn add(app: &TestApp, customer: &Customer, slug: &str) -> Answer {
    let body = json!({ "protocolSlug": slug });
    app.post(PATH).key(customer).json(&body).send().await
}

async fn list(app: &TestApp, customer: &Customer) -> Value {
    app.get(PATH).key(customer).send().await.expect(200).json
}

async fn remove(app: &TestApp, customer: &Customer, slug: &str) -> Answer {
    let call = app.call(Method::DELETE, &format!("{PATH}/{slug}"));
    call.key(customer).send().await
}

async fn patch(app: &TestApp, customer: &Customer, slug: &str, change: &Value) -> Answer {
    let call = app.call(Method::PATCH, &format!("{PATH}/{slug}"));
    call.key(customer).json(change).send().await
}

#[tokio::test]
async fn a_protocol_is_watched_listed_and_removed() {
    let app = TestApp::new().await;
    learn(&app).await;
    let (customer, other) = (analyst(&app).await, analyst(&app).await);
    let added = add(&app, &customer, USDY).await.expect(201).json;
    let id = added["id"].as_str().unwrap();
    id.parse::<WatchId>().unwrap();
    let account = customer.account.to_string();
    let shown = added
        .to_string()
        .replace(id, "[watch]")
        .replace(&account, "[account]");
    expect![[r#"{"alert_on_score_change":true,"alert_on_tier_change":true,"alert_threshold":10,"created_at":"2026-11-15T12:00:10Z","id":"[watch]","protocol_id":"9dc9aad6-0323-5fb4-8c07-1edb45622157","user_id":"[account]"}"#]].assert_eq(&shown);
    let listed = list(&app, &customer).await;
    expect![[r#"{"watchlist":[{"alert_on_score_change":true,"alert_on_tier_change":true,"alert_threshold":10,"created_at":"2026-11-15T12:00:10Z","id":"[watch]","protocol":{"liquidity_score":91,"liquidity_tier":"L1","name":"Ondo US Dollar Yield","slug":"ondo-usdy"}}]}"#]].assert_eq(&listed.to_string().replace(id, "[watch]"));
    assert_eq!(list(&app, &other).await, json!({ "watchlist": [] }));
    remove(&app, &other, USDY).await.expect(404);
    let removed = remove(&app, &customer, USDY).await.expect(200);
    assert_eq!(removed.json, json!({ "success": true }));
    remove(&app, &customer, USDY).await.expect(404);
    assert_eq!(list(&app, &customer).await, json!({ "watchlist": [] }));
}

#[tokio::test]
async fn alerts_are_changed_one_by_one() {
    let app = TestApp::new().await;
    learn(&app).await;
    let (customer, other) = (analyst(&app).await, analyst(&app).await);
    add(&app, &customer, USDY).await.expect(201);
    let mut expected = list(&app, &customer).await["watchlist"][0].clone();
    for change in [
        json!({ "alert_threshold": 1 }),
        json!({ "alert_on_tier_change": false }),
        json!({ "alert_on_score_change": false, "alert_threshold": 100 }),
        json!({}),
    ] {
        let fields = expected.as_object_mut().unwrap();
        fields.extend(change.as_object().unwrap().clone());
        let changed = patch(&app, &customer, USDY, &change).await.expect(200);
        assert_eq!(changed.json, expected);
        let entry = app.get(&format!("{PATH}/{USDY}")).key(&customer);
        assert_eq!(entry.send().await.expect(200).json, expected);
    }
    for points in [0, 101, -1, i64::MAX] {
        let change = json!({ "alert_threshold": points });
        let refused = patch(&app, &customer, USDY, &change).await.expect(400);
        assert_eq!(refused.error().1, "number_out_of_range");
        assert_eq!(refused.json["error"]["field"], "alert_threshold");
    }
    for (owner, slug) in [(&other, USDY), (&customer, BUIDL), (&customer, "A%20B")] {
        let change = json!({ "alert_threshold": 7 });
        patch(&app, owner, slug, &change).await.expect(404);
        let entry = app.get(&format!("{PATH}/{slug}")).key(owner);
        entry.send().await.expect(404);
    }
    assert_eq!(list(&app, &customer).await["watchlist"], json!([expected]));
}

#[tokio::test]
async fn what_cannot_be_watched_is_refused() {
    let app = TestApp::new().await;
    learn(&app).await;
    let customer = analyst(&app).await;
    let unknown = add(&app, &customer, "no-such-protocol").await.expect(404);
    assert_eq!(unknown.error().0, "NOT_FOUND");
    for slug in ["", "Ondo USDY", "a#b"] {
        let answer = add(&app, &customer, slug).await.expect(400);
        assert_eq!(answer.json["error"]["field"], "protocolSlug");
    }
    add(&app, &customer, USDY).await.expect(201);
    let again = add(&app, &customer, USDY).await.expect(409);
    assert_eq!(again.error(), ("DUPLICATE", "already_watched"));
    let observer = app.customer_on(Product::Liquidity, "observer", 0).await;
    let refused = add(&app, &observer, USDY).await.expect(402);
    assert_eq!(refused.error().0, "PLAN_REQUIRED");
}

#[tokio::test]
async fn parallel_additions_of_one_protocol_make_one_entry() {
    let app = TestApp::new().await;
    learn(&app).await;
    let customer = analyst(&app).await;
    let answers = join_all((0..10).map(|_| add(&app, &customer, USDY))).await;
    let added = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(added, 1);
    assert_eq!(
        list(&app, &customer).await["watchlist"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_repetition_gets_the_first_response() {
    let app = TestApp::new().await;
    learn(&app).await;
    let customer = analyst(&app).await;
    let send = || {
        let call = app
            .post(PATH)
            .key(&customer)
            .header("idempotency-key", "550e8400");
        call.json(&json!({ "protocolSlug": USDY })).send()
    };
    let first = send().await.expect(201);
    let again = send().await.expect(201);
    assert_eq!(again.json, first.json);
    assert_eq!(again.header("idempotent-replayed"), "true");
}

#[tokio::test]
async fn the_list_is_turned_page_by_page() {
    let app = TestApp::new().await;
    learn(&app).await;
    let customer = analyst(&app).await;
    for slug in [USDY, BUIDL] {
        add(&app, &customer, slug).await.expect(201);
    }
    let page = app.get(&format!("{PATH}?limit=1")).key(&customer);
    let page = page.send().await.expect(200).json;
    assert_eq!(page["watchlist"][0]["protocol"]["slug"], BUIDL);
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = app
        .get(&format!("{PATH}?limit=1&cursor={cursor}"))
        .key(&customer);
    let rest = rest.send().await.expect(200).json;
    assert_eq!(rest["watchlist"][0]["protocol"]["slug"], USDY);
}

#[tokio::test]
async fn the_credential_s_product_decides_on_the_shared_path() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    learn(&app).await;
    let (protocols, companies) = (analyst(&app).await, app.customer(10).await);
    add(&app, &protocols, USDY).await.expect(201);
    let company = json!({ "domain": "stripe.com" });
    let post = app.post(PATH).key(&companies).json(&company);
    post.send().await.expect(201);
    // Each in its own words.
    assert_eq!(
        list(&app, &protocols).await["watchlist"][0]["protocol"]["slug"],
        USDY
    );
    assert_eq!(list(&app, &companies).await[0]["domain"], "stripe.com");
    let other_form = app.post(PATH).key(&protocols).json(&company);
    other_form.send().await.expect(400);
    let change = json!({ "company_name": "Stripe" });
    let other_form = patch(&app, &protocols, USDY, &change).await.expect(400);
    assert_eq!(other_form.error().1, "json_invalid");

    let missing = app.get(PATH).send().await.expect(401);
    let message = missing.json["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("iq_live_sk_") && message.contains("ilq_"),
        "{message}"
    );
    let portal = app.customer_on(Product::Portal, "free", 0).await;
    let refused = app.get(PATH).key(&portal).send().await.expect(403);
    assert_eq!(refused.error().1, "wrong_product");
    assert_eq!(
        refused.json["error"]["message"],
        "this key is for portal; this endpoint needs a key for intent or liquidity"
    );
}

#[tokio::test]
async fn a_session_says_which_product_it_means() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let session = issuer.token("ada", app.clock.now());
    let get = async |query: &str| {
        let call = app.get(&format!("{PATH}{query}")).bearer(&session);
        call.send().await
    };
    assert_eq!(get("").await.expect(200).json, json!([]));
    assert_eq!(
        get("?product=intent&limit=1").await.expect(200).json,
        json!([])
    );
    // A new user's plan of liquidity is observer.
    let refused = get("?limit=1&product=liquidity").await.expect(402);
    assert_eq!(refused.error(), ("PLAN_REQUIRED", "no_api_access"));
}
