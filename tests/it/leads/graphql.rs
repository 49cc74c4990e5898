use expect_test::expect;
use serde_json::{Value, json};
use tests::{Customer, TestApp};
use types::Product;

const ACCOUNT: &str = "query Account { account { plans { name product status nextBillingPeriod } \
    dataHubPlan { name product status nextBillingPeriod available used } \
    universalPlan { name product status nextBillingPeriod available used } } }";

async fn leads(app: &TestApp, credits: i64) -> Customer {
    app.customer_on(Product::Leads, "growth", credits).await
}

async fn ask(app: &TestApp, customer: &Customer, query: &str) -> Value {
    let call = app.post("/graphql").basic(customer);
    call.json(&json!({ "query": query }))
        .send()
        .await
        .expect(200)
        .json
}

#[tokio::test]
async fn the_published_query_of_an_account() {
    let app = TestApp::new().await;
    let customer = leads(&app, 42).await;
    let answer = ask(&app, &customer, ACCOUNT).await;
    expect![[r#"
        {
          "data": {
            "account": {
              "dataHubPlan": null,
              "plans": [
                {
                  "name": "growth",
                  "nextBillingPeriod": "2026-12-01T00:00Z",
                  "product": "Universal",
                  "status": "Active"
                }
              ],
              "universalPlan": {
                "available": 42,
                "name": "growth",
                "nextBillingPeriod": "2026-12-01T00:00Z",
                "product": "Universal",
                "status": "Active",
                "used": 0
              }
            }
          }
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&answer).unwrap());
    assert_eq!(app.balance(&customer).await, types::Credits::whole(42));
    assert_eq!(app.calls_this_minute(&customer).await, 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_query_is_said_in_its_response() {
    let app = TestApp::new().await;
    let customer = leads(&app, 1).await;
    for (query, problem) in [
        ("{ nothing }", "nothing"),
        ("{ account { plans ", "expected"),
    ] {
        let answer = ask(&app, &customer, query).await;
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(problem), "{query}: {answer}");
    }
    let nested = format!("{}{}", "{ account ".repeat(40), "}".repeat(40));
    let answer = ask(&app, &customer, &nested).await;
    assert!(answer["errors"][0]["message"].is_string(), "{answer}");
}

#[tokio::test]
async fn a_query_has_at_most_20_000_bytes() {
    let app = TestApp::new().await;
    let customer = leads(&app, 1).await;
    let padded = |bytes: usize| format!("{ACCOUNT}{}", " ".repeat(bytes - ACCOUNT.len()));
    ask(&app, &customer, &padded(20_000)).await;
    let call = app.post("/graphql").basic(&customer);
    let call = call.json(&json!({ "query": padded(20_001) }));
    let answer = call.send().await.expect(400).json;
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(extensions["reason"], "query_too_long", "{answer}");
}

#[tokio::test]
async fn a_request_has_a_query() {
    let app = TestApp::new().await;
    let customer = leads(&app, 1).await;
    for body in [
        json!({}),
        json!({ "query": " " }),
        json!({ "variables": {} }),
    ] {
        let call = app.post("/graphql").basic(&customer).json(&body);
        let answer = call.send().await.expect(400).json;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(extensions["reason"], "field_missing", "{answer}");
        assert_eq!(extensions["field"], "query");
    }
}

#[tokio::test]
async fn limits_are_in_one_field() {
    let app = TestApp::new().await;
    let customer = leads(&app, 1).await;
    let call = app.post("/graphql").basic(&customer);
    let answer = call
        .json(&json!({ "query": ACCOUNT }))
        .send()
        .await
        .expect(200);
    assert_eq!(
        answer.header("ratelimit"),
        "limit=120, remaining=119, reset=50"
    );
    assert_eq!(answer.header("x-ratelimit-limit"), "");
}
