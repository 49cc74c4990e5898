use serde_json::json;
use tests::{Deployed, answer, set_own_signals};

#[tokio::test]
async fn a_company_that_is_full_is_said_to_be_full() {
    let stack = Deployed::running();
    let customer = stack.customer(10).await;
    let domain = stack.unknown_domain();
    let post = |id: &str| {
        let signal = json!({
            "domain": domain, "kind": "hiring", "external_id": id, "observed_at": stack.now().to_string(), "source": "e2e",
        });
        let post = stack.post("/api/v1/signals").bearer_auth(&customer.raw);
        answer(post.json(&signal))
    };
    post("1").await.expect(200);
    let table = &stack.stack.tables["intel"];
    set_own_signals(&stack.aws, table, &customer, &domain, 100_000).await;
    let refused = post("2").await.expect(429);
    assert_eq!(refused.error(), ("LIMIT_REACHED", "company_full"));
}
