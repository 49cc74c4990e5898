//! Bodies as programs write them: marks, character sets, numbers for texts.

use tests::{Answer, TestApp, signal};

use super::PATH;

async fn sent(body: Vec<u8>) -> Answer {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let call = app.post(PATH).body("application/json", body);
    call.key(&customer).send().await
}

#[tokio::test]
async fn a_byte_order_mark_is_dropped() {
    let body = signal("globex.com", "hiring", 10, "300").to_string();
    let answer = sent(format!("\u{feff}{body}").into()).await.expect(200);
    assert_eq!(answer.json["stored"], 1);
}

#[tokio::test]
async fn text_in_another_character_set_is_refused() {
    let mut signal = signal("globex.com", "hiring", 10, "302");
    signal["evidence"] = "Caf? in Rome".into();
    let body = signal.to_string();
    for character in [&b"\xe9"[..], "\u{fffd}".as_bytes()] {
        let (before, after) = body.split_once('?').unwrap();
        let body = [before.as_bytes(), character, after.as_bytes()].concat();
        let answer = sent(body).await.expect(400);
        assert_eq!(answer.error().1, "body_not_utf8");
        let message = answer.json["error"]["message"].as_str().unwrap();
        assert!(message.contains("UTF-8"), "{message}");
    }
}

#[tokio::test]
async fn a_number_for_a_text_is_told_with_its_field() {
    let mut signal = signal("globex.com", "hiring", 10, "319");
    signal["external_id"] = 319.into();
    let answer = sent(signal.to_string().into()).await.expect(400);
    assert_eq!(answer.error().1, "json_invalid");
    assert_eq!(answer.json["error"]["field"], "external_id");
}
