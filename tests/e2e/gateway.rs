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
    // Known paths with another method: the function that answers all other routes does not know them.
    for request in [
        stack.get("/api/v1/score/bulk/job_x/cancel"),
        stack.post("/api/v1/score/bulk/job_x"),
        stack.get("/api/v1/signals"),
    ] {
        let refused = answer(request).await.expect(404);
        assert_eq!(refused.error(), ("NOT_FOUND", "route_unknown"));
    }
}
