use serde_json::{Value, json};
use tests::{Deployed, answer};
use types::Credits;

#[tokio::test]
async fn the_demo_key_sees_sample_data_that_says_so() {
    let stack = Deployed::running();
    let score = stack.get("/api/v1/score?domain=stripe.com&include_talk_track=true");
    let score = score.bearer_auth(&stack.stack.keys["intent"]);
    let score = answer(score).await.expect(200).json;
    assert_eq!(
        (&score["domain"], &score["band"]),
        (&json!("stripe.com"), &json!("HOT"))
    );
    let signals = score["signals"].as_array().unwrap();
    // Whoever imported real data beside it can still tell one from the other.
    let of_sample = |signal: &&Value| signal["evidence"].as_str().unwrap().starts_with("Sample:");
    assert!(signals.iter().filter(of_sample).count() >= 3);
    for signal in signals {
        let is_sample = signal["source"] == "sample";
        assert_eq!(of_sample(&signal), is_sample, "{signal}");
    }
    let talk_track = score["talk_track"].as_str().unwrap();
    assert!(talk_track.contains("(sample, "), "{talk_track}");
}

#[tokio::test]
async fn a_posted_signal_shows_in_the_next_score() {
    let stack = Deployed::running();
    let customer = stack.customer(10).await;
    let domain = stack.unknown_domain();
    let path = format!("/api/v1/score?domain={domain}");
    let score = || answer(stack.get(&path).bearer_auth(&customer.raw));
    let before = score().await.expect(200).json;
    assert_eq!(
        (&before["score"], &before["confidence"]),
        (&json!(0), &json!("none"))
    );

    let signal = json!({
        "domain": format!("https://www.{domain}/jobs"), "kind": "hiring", "strength": 0.9, "external_id": "1",
        "observed_at": stack.now().to_string(), "source": "e2e", "evidence": "Head of Müllabfuhr",
    });
    let post = stack.post("/api/v1/signals").bearer_auth(&customer.raw);
    let posted = answer(post.json(&signal)).await.expect(200).json;
    assert_eq!(posted["stored"], 1);

    let after = score().await.expect(200).json;
    assert!(after["score"].as_u64() > Some(20), "{after}");
    assert_eq!(after["signals"][0]["evidence"], "Head of Müllabfuhr");
    assert_eq!(score().await.expect(200).json["cached"], true);
    assert_eq!(customer.balance(&stack.accounts).await, Credits::whole(8));

    let reader = stack.reader(&customer).await;
    let refused = stack.post("/api/v1/signals").bearer_auth(&reader.raw);
    let refused = answer(refused.json(&signal)).await.expect(403);
    assert_eq!(refused.error().1, "scope_missing");
}

#[tokio::test]
async fn a_revoked_key_ends_at_once() {
    let stack = Deployed::running();
    let customer = stack.customer(10).await;
    let score = || {
        answer(
            stack
                .get("/api/v1/score?domain=example.com")
                .bearer_auth(&customer.raw),
        )
    };
    for _ in 0..3 {
        score().await.expect(200);
    }
    customer.revoke(&stack.accounts, stack.now()).await;
    for _ in 0..3 {
        let refused = score().await.expect(401);
        assert_eq!(refused.error(), ("UNAUTHORIZED", "key_revoked"));
    }
}

#[tokio::test]
async fn headers_come_through_the_gateway() {
    let stack = Deployed::running();
    let customer = stack.customer(10).await;
    let score = stack.get("/api/v1/score?domain=nobody%40example.com");
    let refused = answer(score.bearer_auth(&customer.raw)).await.expect(400);
    refused.shown();
    assert_eq!(refused.error().1, "domain_is_email");
    assert_eq!(refused.header("x-ratelimit-limit"), "600");
    assert_eq!(refused.header("x-ratelimit-remaining"), "599");
    let reset: i64 = refused.header("x-ratelimit-reset").parse().unwrap();
    assert!((1..=60).contains(&(reset - stack.now().as_second())));
    assert_eq!(refused.header("content-type"), "application/json");
    assert_ne!(refused.json["error"]["message"], Value::Null);
}
