use http::{Method, StatusCode};
use quota::Plan;
use tests::{Answer, Customer, Deployed, answer, client};
use types::{Credits, Product};

/// A web page of another host.
const ORIGIN: &str = "https://app.example.com";

/// Every header of our own that a response may carry.
const EXPOSED: [&str; 12] = [
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "x-request-id",
    "idempotent-replayed",
    "idempotent-original-request-id",
    "x-key-expires",
    "link",
    "etag",
];

async fn preflight(stack: &Deployed, path: &str, method: &str, headers: &str) -> Answer {
    let url = format!("{}{path}", stack.stack.base_url);
    let request = client().request(Method::OPTIONS, url);
    let request = request
        .header("origin", ORIGIN)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", headers);
    answer(request).await
}

/// Whether a header that lists names lists all of these.
#[track_caller]
fn assert_lists<'a>(answer: &Answer, header: &str, names: impl IntoIterator<Item = &'a str>) {
    let text = answer.header(header).to_lowercase();
    let listed: Vec<&str> = text.split(',').map(str::trim).collect();
    for name in names {
        let name = name.to_lowercase();
        assert!(listed.contains(&name.as_str()), "{header}: {text}; {name}");
    }
}

#[track_caller]
fn assert_readable(response: &Answer) {
    assert_eq!(response.header("access-control-allow-origin"), "*");
    assert_lists(response, "access-control-expose-headers", EXPOSED);
}

#[tokio::test]
async fn a_preflight_succeeds_whatever_the_route() {
    let stack = Deployed::running();
    for (method, path, headers) in [
        ("GET", "/api/v1/score", "authorization"),
        (
            "POST",
            "/api/v1/watchlist",
            "authorization,content-type,idempotency-key",
        ),
        (
            "PATCH",
            "/api/v1/watchlist/stripe.com",
            "authorization,content-type",
        ),
        (
            "PUT",
            "/api/v1/score/profiles/prof_x",
            "content-type,x-api-key",
        ),
        ("DELETE", "/api/v1/user/keys/key_x", "authorization"),
        ("POST", "/api/v1/nothing", "x-api-key,x-request-id"),
        ("GET", "/", "authorization"),
    ] {
        let allowed = preflight(&stack, path, method, headers).await.expect(204);
        assert_eq!(allowed.header("access-control-allow-origin"), "*", "{path}");
        assert_lists(&allowed, "access-control-allow-methods", [method]);
        assert_lists(&allowed, "access-control-allow-headers", headers.split(','));
        assert_eq!(allowed.header("access-control-max-age"), "7200");
        assert_eq!(allowed.header("access-control-allow-credentials"), "");
        // The functions, which put an id on each response, were not called.
        assert_eq!(allowed.header("x-request-id"), "");
    }
}

#[tokio::test]
async fn every_response_may_be_read_by_the_page_that_asked() {
    let stack = Deployed::running();
    let customer = stack.customer(10).await;
    let score = "/api/v1/score?domain=stripe.com";
    for (request, status) in [
        (stack.get(score).bearer_auth(&customer.raw), 200),
        (stack.get("/api/v1/score").bearer_auth(&customer.raw), 400),
        (stack.get(score), 401),
        (stack.post("/api/v1/watchlist"), 401),
        (stack.get("/api/v1/nothing"), 404),
        (stack.put(score), 405),
    ] {
        let response = answer(request.header("origin", ORIGIN))
            .await
            .expect(status);
        assert_readable(&response);
    }
}

#[tokio::test]
async fn a_page_may_read_when_to_retry() {
    let stack = Deployed::running();
    let plan = Plan::named(Product::Intent, "free").unwrap();
    let customer = Customer::open(&stack.accounts, plan, Credits::ZERO, stack.now()).await;
    // 60 calls a minute: of 121, one more than two minutes take, the last is refused at the latest.
    for _ in 0..121 {
        let call = stack.get("/api/v1/score").bearer_auth(&customer.raw);
        let response = answer(call.header("origin", ORIGIN)).await;
        if response.status == StatusCode::TOO_MANY_REQUESTS {
            assert_ne!(response.header("retry-after"), "");
            return assert_readable(&response);
        }
    }
    panic!("no call was refused");
}
