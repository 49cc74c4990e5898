//! Responses that change once a day have an `ETag`, and are 304 for who has them.

use endpoints::Endpoint;
use tests::{Customer, TestApp};
use types::Product;

use super::{publish, unknown, usdy};

const DAY: i64 = 86_400;

/// The endpoints of the table that say so, as requests.
fn paths() -> Vec<String> {
    let endpoints = endpoints::all().filter(|endpoint| endpoint.revalidates);
    let path = |endpoint: &Endpoint| match endpoint.path {
        "/api/v1/scores/{slug}/explain" => {
            "/api/v1/scores/ondo-usdy/explain?at=2026-11-15".to_owned()
        }
        path => path.replace("{slug}", "ondo-usdy"),
    };
    endpoints.map(path).collect()
}

async fn setting() -> (TestApp, Customer) {
    let app = TestApp::new().await;
    publish(&app, &[usdy(), unknown("paxg")]).await;
    let customer = app.customer_on(Product::Liquidity, "professional", 0).await;
    (app, customer)
}

#[tokio::test]
async fn what_a_caller_has_is_not_sent_again() {
    let (app, customer) = setting().await;
    let paths = paths();
    assert!(paths.len() >= 10, "{paths:?}");
    for path in paths {
        let first = app.get(&path).key(&customer).send().await.expect(200);
        assert_eq!(first.header("cache-control"), "private, no-cache");
        let tag = first.header("etag").to_owned();
        let weak = format!("W/{tag}");
        for listed in [&tag, &weak, &format!("\"x\", {tag}"), &"*".to_owned()] {
            let get = app.get(&path).key(&customer);
            let same = get.header("if-none-match", listed).send().await;
            let same = same.expect(304);
            assert_eq!(same.header("etag"), tag, "{path}");
            assert!(same.bytes.is_empty(), "{path}");
            // It was admitted and counted as any other.
            assert!(!same.header("x-ratelimit-remaining").is_empty(), "{path}");
        }
        for other in ["\"0\"", "x", ""] {
            let get = app.get(&path).key(&customer);
            let sent = get.header("if-none-match", other).send().await;
            assert_eq!(sent.expect(200).json, first.json, "{path}");
        }
    }
}

#[tokio::test]
async fn another_score_has_another_tag() {
    let (app, customer) = setting().await;
    let read = async || {
        let get = app.get("/api/v1/scores/ondo-usdy").key(&customer);
        get.send().await.expect(200)
    };
    let before = read().await;
    app.clock.advance(DAY);
    publish(&app, &[usdy()]).await;
    let after = read().await;
    assert_ne!(before.json, after.json);
    assert_ne!(before.header("etag"), after.header("etag"));
}

#[tokio::test]
async fn an_error_has_no_tag() {
    let (app, customer) = setting().await;
    let get = app.get("/api/v1/scores/no-such-protocol").key(&customer);
    let missing = get.header("if-none-match", "*").send().await.expect(404);
    assert!(missing.headers.get("etag").is_none());
    let get = app.get("/api/v1/scores").header("if-none-match", "*");
    get.send().await.expect(401);
}
