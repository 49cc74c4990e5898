use reqwest::multipart::{Form, Part};
use serde_json::json;
use tests::{Answer, Deployed, answer};
use types::Credits;

use crate::bulk;

const KEY: &str = "7d1f3c1e-52a8-4b7e-9c0d-2f6a8e4b1c37";

fn assert_replays(first: &Answer, answer: &Answer) {
    assert_eq!((answer.status, &answer.bytes), (first.status, &first.bytes));
    assert_eq!(answer.header("idempotent-replayed"), "true");
    let original = answer.header("idempotent-original-request-id");
    assert_eq!(original, first.header("x-request-id"));
}

#[tokio::test]
async fn a_form_that_is_sent_again_is_one_job() {
    let stack = Deployed::running();
    let customer = stack.customer(10).await;
    // Each form has a boundary of its own.
    let submit = async || {
        let file = Part::bytes(b"domain\nstripe.com\n".to_vec()).file_name("companies.csv");
        let post = stack.post("/api/v1/score/bulk").bearer_auth(&customer.raw);
        let post = post.header("idempotency-key", KEY);
        answer(post.multipart(Form::new().part("file", file))).await
    };
    let first = submit().await.expect(202);
    assert_replays(&first, &submit().await);
    // Balance and ledger are two reads: a job that settles between them makes them differ.
    bulk::end(&stack, &customer, &first.json).await;
    let balance = customer.balance(&stack.accounts).await;
    assert_eq!(balance, Credits::whole(9));
}

#[tokio::test]
async fn an_answer_that_is_too_large_for_a_row() {
    let stack = Deployed::running();
    let customer = stack.customer(10).await;
    let signals = json!(vec![json!({}); 500]);
    let post = async || {
        let post = stack.post("/api/v1/signals").bearer_auth(&customer.raw);
        let post = post.header("idempotency-key", KEY).json(&signals);
        answer(post).await
    };
    let first = post().await.expect(200);
    assert!(first.bytes.len() > 300_000, "{}", first.bytes.len());
    assert_replays(&first, &post().await);
}
