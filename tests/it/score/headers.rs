//! The headers that every answer has.

use http::Method;
use intent::Kind;
use tests::{Answer, Customer, TestApp, known};
use types::Product;

const PATH: &str = "/api/v1/score?domain=stripe.com";

/// The headers of an answer that matter here, one a line. The request's id is checked, not shown.
#[track_caller]
fn headers(answer: &Answer) -> String {
    answer.shown();
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let shown = [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "ratelimit-policy",
        "ratelimit",
        "retry-after",
        "www-authenticate",
        "allow",
    ];
    let lines = shown
        .iter()
        .filter(|name| !answer.header(name).is_empty())
        .map(|name| format!("{name}: {}", answer.header(name)));
    let lines: Vec<String> = lines.collect();
    format!("{}\n{}", answer.status.as_u16(), lines.join("\n"))
}

#[tokio::test]
async fn of_a_score() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    app.get(PATH).key(&customer).send().await.expect(200);
    let answer = app.get(PATH).key(&customer).send().await;
    // The minute ends 50 seconds after the test's clock, the month with November.
    insta::assert_snapshot!(headers(&answer), @r#"
    200
    x-ratelimit-limit: 60
    x-ratelimit-remaining: 58
    x-ratelimit-reset: 1794744060
    ratelimit-policy: "minute";q=60;w=60, "month";q=100000
    ratelimit: "minute";r=58;t=50, "month";r=99998;t=1339190
    "#);
}

#[tokio::test]
async fn of_errors() {
    let app = TestApp::new().await;
    let customer = app.customer(1).await;
    let leads = app.customer_on(Product::Leads, "free", 1).await;
    let poor = app.customer(0).await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    let get = |path: &str, customer: &Customer| app.get(path).key(customer).send();
    let mut shown = vec![
        headers(&get("/api/v1/score", &customer).await),
        headers(&app.get(PATH).send().await),
        headers(&get(PATH, &poor).await),
        headers(&get(PATH, &leads).await),
        headers(&get("/api/v1/nothing", &customer).await),
        headers(&app.call(Method::DELETE, PATH).key(&customer).send().await),
    ];
    for _ in 0..59 {
        get("/api/v1/score", &customer).await.expect(400);
    }
    shown.push(headers(&get(PATH, &customer).await));
    insta::assert_snapshot!(shown.join("\n\n"), @r#"
    400
    x-ratelimit-limit: 60
    x-ratelimit-remaining: 59
    x-ratelimit-reset: 1794744060
    ratelimit-policy: "minute";q=60;w=60, "month";q=100000
    ratelimit: "minute";r=59;t=50, "month";r=100000;t=1339190

    401
    www-authenticate: Bearer realm="assay"

    402
    x-ratelimit-limit: 60
    x-ratelimit-remaining: 59
    x-ratelimit-reset: 1794744060
    ratelimit-policy: "minute";q=60;w=60, "month";q=100000
    ratelimit: "minute";r=59;t=50, "month";r=100000;t=1339190

    403
    x-ratelimit-limit: 60
    x-ratelimit-remaining: 59
    x-ratelimit-reset: 1794744060
    ratelimit-policy: "minute";q=60;w=60, "month";q=10000
    ratelimit: "minute";r=59;t=50, "month";r=10000;t=1339190

    404


    405
    allow: GET

    429
    x-ratelimit-limit: 60
    x-ratelimit-remaining: 0
    x-ratelimit-reset: 1794744060
    ratelimit-policy: "minute";q=60;w=60, "month";q=100000
    ratelimit: "minute";r=0;t=50, "month";r=100000;t=1339190
    retry-after: 50
    "#);
}

#[tokio::test]
async fn of_plans_without_a_window() {
    let app = TestApp::new().await;
    let minute_only = app.customer_on(Product::Intent, "scale", 10).await;
    let answer = app.get(PATH).key(&minute_only).send().await.expect(200);
    assert_eq!(answer.header("ratelimit-policy"), "\"minute\";q=600;w=60");
    let unlimited = app.customer_with_limits(None, None, 10).await;
    let answer = app.get(PATH).key(&unlimited).send().await.expect(200);
    assert_eq!(answer.header("ratelimit-policy"), "");
    assert_eq!(answer.header("x-ratelimit-limit"), "");
}
