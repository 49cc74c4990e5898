use http::Method;
use tests::{Deployed, answer, client};

#[tokio::test]
async fn the_page_and_its_description_need_no_key() {
    let stack = Deployed::running();
    let page = answer(stack.get("/docs")).await.expect(200);
    let named = page.text();
    let script = named
        .split('"')
        .find(|text| text.starts_with("/docs/scalar-"));
    for (path, media_type) in [
        ("/openapi.json", "application/json"),
        (script.unwrap(), "text/javascript; charset=utf-8"),
    ] {
        let mut contents = Vec::new();
        for encoding in ["br", "gzip"] {
            let request = stack.get(path).header("accept-encoding", encoding);
            let response = answer(request).await.expect(200);
            assert_eq!(response.header("content-encoding"), encoding, "{path}");
            assert_eq!(response.header("content-type"), media_type);
            contents.push(response.text());
            let known = response.header("etag").to_owned();
            let request = stack.get(path).header("accept-encoding", encoding);
            let request = request.header("if-none-match", known);
            let unchanged = answer(request).await.expect(304);
            assert!(unchanged.bytes.is_empty());
        }
        assert!(
            contents[0] == contents[1] && !contents[0].is_empty(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_gateway_routes_a_head_and_refuses_other_methods() {
    let stack = Deployed::running();
    for path in ["/openapi.json", "/docs"] {
        let head = client().head(format!("{}{path}", stack.stack.base_url));
        let head = answer(head).await.expect(200);
        assert!(head.bytes.is_empty());
        assert_ne!(head.header("etag"), "");
        let post = client().request(Method::POST, format!("{}{path}", stack.stack.base_url));
        let refused = answer(post).await.expect(405);
        assert_eq!(refused.error().0, "METHOD_NOT_ALLOWED");
        assert_eq!(refused.header("allow"), "GET, HEAD");
    }
    let missing = answer(stack.get("/docs/nothing.js")).await.expect(404);
    missing.shown();
    assert_eq!(missing.error().1, "route_unknown");
}

#[tokio::test]
async fn a_page_of_another_host_may_read_the_description() {
    let stack = Deployed::running();
    let request = stack
        .get("/openapi.json")
        .header("origin", "https://app.example.com");
    let response = answer(request).await.expect(200);
    assert_eq!(response.header("access-control-allow-origin"), "*");
}
