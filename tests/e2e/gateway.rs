use tests::{Deployed, answer};

#[tokio::test]
async fn routes_that_are_not_there_are_answered_like_any_error() {
    let stack = Deployed::running();
    let key = &stack.stack.keys["intent"];
    for (request, status, reason) in [
        (stack.get("/"), 404, "route_unknown"),
        (stack.get("/api/v1/nothing"), 404, "route_unknown"),
        (stack.get("/api/v1/score/"), 404, "route_unknown"),
        (
            stack.get("/api/v1/score/bulk/job_x/nothing"),
            404,
            "route_unknown",
        ),
        (stack.post("/api/v1/score"), 405, ""),
    ] {
        let refused = answer(request.bearer_auth(key)).await.expect(status);
        refused.shown();
        assert_eq!(refused.error().1, reason);
    }
}

#[tokio::test]
async fn a_function_answers_where_no_other_does() {
    let stack = Deployed::running();
    // Known paths with another method.
    for (request, allow) in [
        (stack.get("/api/v1/score/bulk/job_x/cancel"), "POST"),
        (stack.post("/api/v1/score/bulk/job_x"), "GET"),
        (stack.get("/api/v1/signals"), "POST"),
        (stack.put("/api/v1/watchlist"), "GET, POST"),
        (stack.put("/api/v1/score"), "GET"),
    ] {
        let refused = answer(request).await.expect(405);
        assert_eq!(refused.error().0, "METHOD_NOT_ALLOWED");
        assert_eq!(refused.header("allow"), allow);
    }
}

/// Clients such as curl send what is no URI as it is.
#[tokio::test]
async fn a_request_that_is_no_uri_is_answered() {
    let stack = Deployed::running();
    let key = &stack.stack.keys["intent"];
    for (target, headers, status) in [
        ("/api/v1/score?domain=\"stripe.com\"", "", "200"),
        ("/api/v1/score?domain=<b>", "", "400"),
        (
            "/api/v1/score?domain=stripe.com",
            "X-Forwarded-Proto: 1 2\r\n",
            "200",
        ),
    ] {
        let response = stack
            .raw(target, &format!("Authorization: Bearer {key}\r\n{headers}"))
            .await;
        let found = response.split(' ').nth(1);
        assert_eq!(found, Some(status), "{target} {headers}: {response}");
        assert!(
            response.to_ascii_lowercase().contains("x-request-id: req_"),
            "{response}"
        );
    }
}
