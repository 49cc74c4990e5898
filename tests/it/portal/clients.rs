use expect_test::expect;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Customer, TestApp};
use types::{ClientId, Product, Scope};

const PATH: &str = "/v1/clients";

async fn portal(app: &TestApp, plan: &str) -> Customer {
    app.customer_on(Product::Portal, plan, 0).await
}

async fn create(app: &TestApp, customer: &Customer, client_ref: &str) -> Answer {
    let body = json!({ "client_ref": client_ref, "name": "Partner Ltd" });
    app.post(PATH).key(customer).json(&body).send().await
}

async fn list(app: &TestApp, customer: &Customer, query: &str) -> Value {
    let call = app.get(&format!("{PATH}{query}")).key(customer);
    call.send().await.expect(200).json
}

#[tokio::test]
async fn a_client_is_added_and_listed() {
    let app = TestApp::new().await;
    let customer = portal(&app, "free").await;
    let answer = create(&app, &customer, "partner-123").await.expect(201);
    let id = answer.json["id"].as_str().unwrap();
    id.parse::<ClientId>().unwrap();
    let shown = answer.json.to_string().replace(id, "[client]");
    expect![[r#"{"client_ref":"partner-123","created_at":"2026-11-15T12:00:10Z","id":"[client]","name":"Partner Ltd"}"#]]
        .assert_eq(&shown);
    assert_eq!(answer.header("x-ratelimit-limit"), "60");
    let listed = list(&app, &customer, "").await;
    assert_eq!(listed, json!({ "clients": [answer.json] }));
    let other = portal(&app, "free").await;
    assert_eq!(list(&app, &other, "").await, json!({ "clients": [] }));
}

#[tokio::test]
async fn a_client_is_read_by_its_reference() {
    let app = TestApp::new().await;
    let (customer, other) = (portal(&app, "free").await, portal(&app, "free").await);
    let made = create(&app, &customer, "partner-123")
        .await
        .expect(201)
        .json;
    let read =
        async |of: &Customer, name: &str| app.get(&format!("{PATH}/{name}")).key(of).send().await;
    assert_eq!(read(&customer, "partner-123").await.expect(200).json, made);
    read(&other, "partner-123").await.expect(404);
    read(&customer, "partner-124").await.expect(404);
    read(&customer, "a%20b").await.expect(404);
}

#[tokio::test]
async fn a_reference_is_taken_once() {
    let app = TestApp::new().await;
    let customer = portal(&app, "free").await;
    create(&app, &customer, "a").await.expect(201);
    let again = create(&app, &customer, "a").await.expect(409);
    assert_eq!(again.error(), ("DUPLICATE", "client_ref_taken"));
    let other = portal(&app, "free").await;
    create(&app, &other, "a").await.expect(201);
}

#[tokio::test]
async fn parallel_additions_do_not_get_over_the_plan() {
    let app = TestApp::new().await;
    let customer = portal(&app, "free").await;
    let refs: Vec<String> = (0..12).map(|number| format!("partner-{number}")).collect();
    let answers = join_all(refs.iter().map(|name| create(&app, &customer, name))).await;
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    assert!(created <= 3);
    for answer in &answers {
        assert!(
            [201, 429, 503].contains(&answer.status.as_u16()),
            "{}",
            answer.json
        );
    }
    for name in &refs {
        create(&app, &customer, name).await;
    }
    let listed = list(&app, &customer, "").await;
    assert_eq!(listed["clients"].as_array().unwrap().len(), 3);
    let full = create(&app, &customer, "one-more").await.expect(429);
    assert_eq!(full.error(), ("LIMIT_REACHED", "resource"));
    assert_eq!(full.json["error"]["limit"], 3);
}

#[tokio::test]
async fn the_list_is_turned_page_by_page() {
    let app = TestApp::new().await;
    let customer = portal(&app, "pro").await;
    for name in ["d", "a", "c", "b", "e"] {
        create(&app, &customer, name).await.expect(201);
    }
    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = list(&app, &customer, &query).await;
        let clients = page["clients"].as_array().unwrap().clone();
        seen.extend(
            clients
                .iter()
                .map(|client| client["client_ref"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        query = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn a_repetition_gets_the_first_response() {
    let app = TestApp::new().await;
    let customer = portal(&app, "free").await;
    let body = json!({ "client_ref": "a", "name": "A" });
    let send = || {
        let call = app.post(PATH).key(&customer);
        call.header("idempotency-key", "550e8400")
            .json(&body)
            .send()
    };
    let first = send().await.expect(201);
    let again = send().await.expect(201);
    assert_eq!(again.json, first.json);
    assert_eq!(again.header("idempotent-replayed"), "true");
}

#[tokio::test]
async fn what_is_not_a_client_is_refused() {
    let app = TestApp::new().await;
    let customer = portal(&app, "free").await;
    for (body, field) in [
        (json!({}), "client_ref"),
        (json!({ "client_ref": "a b", "name": "A" }), "client_ref"),
        (json!({ "client_ref": "a#b", "name": "A" }), "client_ref"),
        (
            json!({ "client_ref": "x".repeat(101), "name": "A" }),
            "client_ref",
        ),
        (json!({ "client_ref": "a", "name": " " }), "name"),
        (json!({ "client_ref": "a", "name": "A\nB" }), "name"),
    ] {
        let answer = app
            .post(PATH)
            .key(&customer)
            .json(&body)
            .send()
            .await
            .expect(400);
        assert_eq!(answer.json["error"]["field"], field, "{body}");
    }
    let unknown = json!({ "client_ref": "a", "name": "A", "nmae": "B" });
    let answer = app.post(PATH).key(&customer).json(&unknown).send().await;
    answer.expect(400);
    assert_eq!(list(&app, &customer, "").await, json!({ "clients": [] }));
}

#[tokio::test]
async fn scopes_open_one_call_each() {
    let app = TestApp::new().await;
    let customer = portal(&app, "free").await;
    let reader = app.with_scopes(&customer, &[Scope::ClientsRead]).await;
    let writer = app.with_scopes(&customer, &[Scope::ClientsWrite]).await;
    create(&app, &reader, "a").await.expect(403);
    create(&app, &writer, "a").await.expect(201);
    app.get(PATH).key(&writer).send().await.expect(403);
    assert_eq!(
        list(&app, &reader, "").await["clients"][0]["client_ref"],
        "a"
    );
}
