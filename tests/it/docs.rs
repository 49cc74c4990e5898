//! The API's description and its reference page.

use http::Method;
use tests::{Answer, TestApp};

/// The paths that the page names in these attributes.
fn files(page: &str) -> Vec<String> {
    let named = page.split(['"', '\'']);
    named
        .filter(|text| text.starts_with("/docs/"))
        .map(str::to_owned)
        .collect()
}

#[track_caller]
fn assert_safe(answer: &Answer) {
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert!(answer.header("x-request-id").starts_with("req_"));
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
}

#[tokio::test]
async fn the_description_is_that_of_the_repository() {
    let app = TestApp::new().await;
    let answer = app.get("/openapi.json").send().await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    assert!(answer.bytes == std::fs::read(file).unwrap());
    assert_safe(&answer);
}

#[tokio::test]
async fn the_page_runs_scripts_of_its_own_only() {
    let app = TestApp::new().await;
    let answer = app.get("/docs").send().await.expect(200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_safe(&answer);
    insta::assert_snapshot!(answer.header("content-security-policy"), @"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    let page = answer.text();
    // Neither a script nor a handler in it, and nothing of another host.
    assert!(!page.contains("<script>") && !page.contains(" on") && !page.contains("//"));
    assert_eq!(files(&page).len(), 4, "{page}");
}

#[tokio::test]
async fn files_of_the_page_are_kept_for_a_year() {
    let app = TestApp::new().await;
    let page = app.get("/docs").send().await.expect(200).text();
    for file in files(&page) {
        let answer = app.get(&file).send().await.expect(200);
        let caching = "public, max-age=31536000, immutable";
        assert_eq!(answer.header("cache-control"), caching, "{file}");
        assert_safe(&answer);
        assert_ne!(answer.text(), "");
    }
}

#[tokio::test]
async fn a_response_is_encoded_as_the_caller_accepts() {
    let app = TestApp::new().await;
    let page = app.get("/docs").send().await.expect(200).text();
    for path in files(&page)
        .iter()
        .map(String::as_str)
        .chain(["/docs", "/openapi.json"])
    {
        let plain = app.get(path).send().await.expect(200);
        let mut tags = vec![plain.header("etag").to_owned()];
        for (accepted, encoding) in [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip")] {
            let call = app.get(path).header("accept-encoding", accepted);
            let answer = call.send().await.expect(200);
            assert_eq!(answer.header("content-encoding"), encoding, "{path}");
            assert_eq!(answer.header("content-type"), plain.header("content-type"));
            assert_eq!(answer.header("vary"), "accept-encoding");
            assert_eq!(answer.text(), plain.text(), "{path}");
            if answer.bytes != plain.bytes {
                tags.push(answer.header("etag").to_owned());
            }
        }
        assert_eq!(plain.header("vary"), "accept-encoding");
        // The renderer comes as gzip to whoever accepts neither: as it is, it is nearly too large for a response.
        let is_large = plain.header("content-encoding") == "gzip";
        assert_eq!(is_large, path.starts_with("/docs/scalar-"), "{path}");
        let different = tags.iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(different.len(), tags.len(), "{path}: {tags:?}");
        assert!(tags.iter().all(|tag| tag.starts_with('"')), "{tags:?}");
    }
}

#[tokio::test]
async fn what_the_caller_has_is_not_sent_again() {
    let app = TestApp::new().await;
    for encoding in ["", "br"] {
        let call = || app.get("/openapi.json").header("accept-encoding", encoding);
        let first = call().send().await.expect(200);
        let tag = first.header("etag");
        for known in [tag, &format!("W/{tag}"), &format!("\"x\", {tag}"), "*"] {
            let answer = call()
                .header("if-none-match", known)
                .send()
                .await
                .expect(304);
            assert!(answer.bytes.is_empty());
            for name in ["etag", "vary", "cache-control", "content-security-policy"] {
                assert_eq!(answer.header(name), first.header(name), "{known}");
            }
            assert_eq!(answer.header("content-type"), "");
        }
        for other in ["\"x\"", "", tag.trim_matches('"')] {
            call()
                .header("if-none-match", other)
                .send()
                .await
                .expect(200);
        }
    }
}

#[tokio::test]
async fn a_head_is_a_get_without_its_content() {
    let app = TestApp::new().await;
    for path in ["/openapi.json", "/docs"] {
        let answer = app.call(Method::HEAD, path).send().await.expect(200);
        assert!(answer.bytes.is_empty());
        let get = app.get(path).send().await.expect(200);
        for name in ["etag", "content-type", "cache-control"] {
            assert_eq!(answer.header(name), get.header(name), "{path}");
        }
        let length: usize = answer.header("content-length").parse().unwrap();
        assert_eq!(length, get.bytes.len());
    }
}

#[tokio::test]
async fn other_files_and_methods() {
    let app = TestApp::new().await;
    for path in [
        "/docs/page.js",
        "/docs/scalar-0000000000000000.js",
        "/docs/..",
        "/docs/%2e%2e",
    ] {
        let answer = app.get(path).send().await;
        answer.shown();
        assert_safe(&answer);
        assert_eq!(answer.header("cache-control"), "private, no-store");
        assert_eq!(answer.expect(404).error(), ("NOT_FOUND", "route_unknown"));
    }
    for path in ["/openapi.json", "/docs", "/docs/page.js"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = app.call(method, path).send().await.expect(405);
            assert_eq!(answer.error().0, "METHOD_NOT_ALLOWED");
            assert_eq!(answer.header("allow"), "GET, HEAD");
        }
    }
    for path in ["/docs/", "/docs/a/b", "/openapi.json/", "/openapi.yaml"] {
        app.get(path).send().await.expect(404);
    }
}
