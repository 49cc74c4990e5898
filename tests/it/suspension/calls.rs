use futures::future::join_all;
use serde_json::json;
use tests::Call;
use types::Credits;

use super::*;

/// A call of each product with its key, and some of the account with the first.
fn calls(app: &TestApp, [intent, leads, liquidity, portal]: &[Customer; 4]) -> Vec<Call> {
    let query = json!({ "query": "{ account { plans { name } } }" });
    vec![
        app.get(SCORE).key(intent),
        app.get(FREE).key(intent),
        app.get("/api/v1/usage").key(intent),
        app.get("/api/v1/credits").key(intent),
        app.get("/api/v1/watchlist").key(intent),
        app.post("/graphql").basic(leads).json(&query),
        app.get("/v1/whoami").api_key(leads),
        app.get("/api/v1/watchlist").key(liquidity),
        app.get("/api/v1/usage").key(liquidity),
        app.get("/v1/clients").key(portal),
    ]
}

async fn items(app: &TestApp, customers: &[Customer; 4]) -> Vec<tests::Item> {
    let mut items = Vec::new();
    for customer in customers {
        let meter = format!("METER#{}", customer.product);
        items.extend(app.item(customer, &meter).await);
        for shard in 0..16 {
            items.extend(app.shard(customer, shard).await);
        }
    }
    items
}

#[tokio::test]
async fn of_every_product_are_refused_and_admitted_again_when_it_is_resumed() {
    let app = TestApp::new().await;
    let customers = customers(&app).await;
    let account = customers[0].account;
    for call in calls(&app, &customers) {
        call.send().await.expect(200);
    }
    let before = items(&app, &customers).await;
    assert_eq!(before.len(), 4 + 16);
    suspend(&app, account).await;
    let suspended = items(&app, &customers).await;
    for item in &suspended {
        assert_eq!(item["suspended"].as_bool(), Ok(&true));
    }

    let mut refused = Vec::new();
    for app in [&app, &app.restarted()] {
        for call in calls(app, &customers) {
            let answer = call.send().await;
            assert_suspended(&answer);
            refused.push(answer);
        }
    }
    let [score, _, _, _, _, graphql, rest, ..] = &refused[..] else {
        panic!("{refused:?}");
    };
    assert_eq!(score.json["error"]["code"], "FORBIDDEN");
    let extensions = &graphql.json["errors"][0]["extensions"];
    assert_eq!(extensions["response"]["status"], 403);
    assert_eq!(rest.json["code"], "account_suspended");
    // Input that is not valid is refused for the same reason, before it is looked at.
    let invalid = app.get("/api/v1/score?domain=x").key(&customers[0]);
    assert_suspended(&invalid.send().await);
    let wrong = app.get(SCORE).key(&customers[3]);
    assert_suspended(&wrong.send().await);
    // On every shard.
    let spread = (0..100).map(|_| app.get("/api/v1/watchlist").key(&customers[2]).send());
    for answer in join_all(spread).await {
        assert_suspended(&answer);
    }
    assert_eq!(items(&app, &customers).await, suspended);

    resume(&app, account).await;
    assert_eq!(items(&app, &customers).await, before);
    for call in calls(&app, &customers) {
        call.send().await.expect(200);
    }
    let unknown_domain_is_free = Credits::whole(100);
    assert_eq!(app.balance(&customers[0]).await, unknown_domain_is_free);
}

#[tokio::test]
async fn with_an_idempotency_key_are_neither_run_nor_replayed() {
    let app = TestApp::new().await;
    let customer = open(&app, "10").await;
    let post = |key: &str| {
        let body = json!({ "domain": "stripe.com", "weights": { "hiring": 20 } });
        let call = app.post("/api/v1/score/preview").key(&customer);
        call.header("idempotency-key", key).json(&body).send()
    };
    let first = post("one").await;
    assert!(first.status.is_success(), "{first:?}");
    suspend(&app, customer.account).await;
    assert_suspended(&post("one").await);
    assert_suspended(&post("two").await);
    resume(&app, customer.account).await;
    assert_eq!(post("one").await.bytes, first.bytes);
    assert_eq!(post("two").await.status, first.status);
}

#[tokio::test]
async fn a_key_that_was_revoked_is_not_told_of_the_suspension() {
    let app = TestApp::new().await;
    let customer = open(&app, "1").await;
    customer.revoke(&app.accounts, app.clock.now()).await;
    suspend(&app, customer.account).await;
    let answer = app.get(FREE).key(&customer).send().await.expect(401);
    assert_eq!(answer.error().1, "key_revoked");
}

/// Calls while the account is suspended: what is answered afterwards is refused, and what was admitted is counted.
async fn traffic(app: &TestApp, customer: &Customer, path: &str) -> u64 {
    let calls = || async { join_all((0..150).map(|_| app.get(path).key(customer).send())).await };
    let (answers, _) = futures::join!(calls(), suspend(app, customer.account));
    let mut admitted = 0;
    for answer in &answers {
        if answer.status == 200 {
            admitted += 1;
        } else {
            assert_suspended(answer);
        }
    }
    for answer in calls().await {
        assert_suspended(&answer);
    }
    admitted
}

#[tokio::test]
async fn in_parallel_are_all_refused_once_the_command_has_returned() {
    let app = TestApp::new().await;
    let customers = customers(&app).await;
    let shared = &customers[2];
    text(
        &app,
        &[
            "account",
            "set-plan",
            &shared.account.to_string(),
            "intent",
            "scale",
        ],
    )
    .await;
    let admitted = traffic(&app, &customers[0], FREE).await;
    let meter = app.meter(&customers[0]).await;
    assert_eq!(meter.calls_of_month("202611"), admitted);

    resume(&app, shared.account).await;
    app.get("/api/v1/watchlist")
        .key(shared)
        .send()
        .await
        .expect(200);
    let admitted = 1 + traffic(&app, shared, "/api/v1/watchlist").await;
    let meter = app.meter(shared).await;
    assert!(meter.open_shards().is_some());
    assert_eq!(meter.calls_of_month("202611"), admitted);
}

#[tokio::test]
async fn change_no_grant_that_has_ended() {
    let app = TestApp::new().await;
    let customer = open(&app, "1").await;
    let account = customer.account.to_string();
    let grant = ["credits", "grant", &account, "intent", "5", "--days", "1"];
    text(&app, &grant).await;
    suspend(&app, customer.account).await;
    app.clock.advance(2 * 86_400);
    let before = app.item(&customer, "METER#intent").await;
    assert_suspended(&app.get(SCORE).key(&customer).send().await);
    assert_eq!(app.item(&customer, "METER#intent").await, before);
}
