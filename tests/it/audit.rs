//! The log of who changed what.

use tests::{Issuer, TestApp};

const AUDIT: &str = "/api/v1/audit";

#[tokio::test]
async fn changes_are_logged_the_newest_first_a_page_at_a_time() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let session = issuer.token("ada", app.clock.now());
    // Ids of one millisecond sort at random.
    app.get(AUDIT).bearer(&session).send().await.expect(200);
    app.clock.advance(1);
    let mut expected = Vec::new();
    for _ in 0..5 {
        let call = app.post("/api/v1/user/keys").bearer(&session);
        let key = call.send().await.expect(201);
        let request = key.header("x-request-id").to_owned();
        expected.insert(
            0,
            ("key.create".to_owned(), key.json["keyId"].clone(), request),
        );
        app.clock.advance(1);
    }
    let mut seen = Vec::new();
    let mut path = format!("{AUDIT}?limit=2");
    for pages in 1.. {
        let page = app
            .get(&path)
            .bearer(&session)
            .send()
            .await
            .expect(200)
            .json;
        for entry in page["entries"].as_array().unwrap() {
            let text = |name: &str| entry[name].as_str().unwrap().to_owned();
            assert_eq!(entry["actor"]["type"], "session");
            seen.push((text("action"), entry["target"].clone(), text("requestId")));
        }
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        assert!(pages < 5);
        path = format!("{AUDIT}?limit=2&cursor={cursor}");
    }
    let opened = seen.pop().unwrap();
    assert_eq!(opened.0, "account.create");
    assert_eq!(seen, expected);

    // Another user sees nothing of it.
    let eve = issuer.token("eve", app.clock.now());
    let page = app.get(AUDIT).bearer(&eve).send().await.expect(200).json;
    assert_eq!(page["entries"].as_array().map(Vec::len), Some(1));
    for (query, reason) in [
        ("cursor=x", "cursor_invalid"),
        ("limit=0", "parameter_invalid"),
        ("limit=101", "parameter_invalid"),
        ("page=1", "parameter_unknown"),
    ] {
        let refused = app.get(&format!("{AUDIT}?{query}")).bearer(&session);
        assert_eq!(refused.send().await.expect(400).error().1, reason);
    }
}
