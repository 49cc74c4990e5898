use assay::Outcome;
use config::Env;
use serde_json::{Value, json};
use tests::{Arrived, Conduct, Customer, Deployed, Screen, Web, answer};
use types::{Clock, Product};

/// Registers a webhook; returns its path and its secret.
async fn register(stack: &Deployed, customer: &Customer) -> (String, String) {
    let form = json!({ "name": "tail", "url": "https://example.com/hooks/tail", "events": ["tier_change"] });
    let made = stack.post("/api/v1/webhooks").bearer_auth(&customer.raw);
    let made = answer(made.json(&form)).await.expect(201).json;
    let id = made["webhook"]["id"].as_str().unwrap();
    let secret = made["secret"].as_str().unwrap().to_owned();
    (format!("/api/v1/webhooks/{id}"), secret)
}

/// Sends a test; returns its delivery.
async fn send_test(stack: &Deployed, customer: &Customer, webhook: &str) -> Value {
    let call = stack.post(&format!("{webhook}/test"));
    let sent = answer(call.bearer_auth(&customer.raw)).await.expect(202);
    sent.json
}

#[tokio::test]
async fn a_test_event_is_forwarded_once_and_a_program_that_is_down_is_no_end() {
    let stack = Deployed::running();
    let customer = stack.customer_on(Product::Liquidity, "professional").await;
    let (webhook, secret) = register(&stack, &customer).await;
    let before = send_test(&stack, &customer, &webhook).await;
    let (program, screen) = (Web::start(), Screen::default());
    program.tell("hooks", Conduct::Resets);
    let to = format!("{}/hooks", program.url());
    let words = ["assay", "--json", "webhook", "tail", "--to", &to];
    let env = Env::from_pairs([
        ("ASSAY_BASE", &*stack.stack.base_url),
        ("ASSAY_KEY", &*customer.raw),
        ("ASSAY_WEBHOOK_SECRET", &*secret),
    ]);
    let script = async {
        screen.has_noted("forwarding to").await;
        let lost = send_test(&stack, &customer, &webhook).await;
        screen.has_printed(1).await;
        program.tell("hooks", Conduct::Answers(200, "", String::new()));
        program.seen();
        let received = send_test(&stack, &customer, &webhook).await;
        screen.has_printed(2).await;
        // As often as would show it again.
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        screen.interrupt();
        (lost, received)
    };
    let running = assay::run_on(&screen, words, env, Clock::system());
    let (outcome, (lost, received)): (Outcome, _) =
        Box::pin(async { tokio::join!(running, script) }).await;
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));

    let lines = screen.printed();
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2, "without {before}: {lines:?}");
    assert_eq!(lines[0]["delivery_id"], lost["id"]);
    assert!(lines[0]["error"].is_string() && lines[0]["status"].is_null());
    assert_eq!(lines[1]["delivery_id"], received["id"]);
    assert_eq!(lines[1]["status"], 200);

    let seen = program.seen();
    let [request] = seen.as_slice() else {
        panic!("{seen:?}")
    };
    let request = Arrived::of(request);
    assert!(request.is_signed_by(&secret) && request.is_standard_by(&secret));
    assert_eq!(request.header("webhook-id"), received["event_id"]);
    assert_eq!(request.header("x-intliq-event"), "tier_change");
    let body: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(
        (&body["id"], &body["test"]),
        (&received["event_id"], &json!(true))
    );
}
