use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tests::{Customer, Deployed, answer};
use types::Product;

/// Imports what a source states of a protocol.
async fn import(stack: &Deployed, name: &str, lines: &str) {
    let key = format!("import/liquidity/{name}.csv");
    let put = stack.bucket.put(&key, "text/csv", lines.to_owned().into());
    put.await.unwrap();
    let report = format!("{key}.report.json");
    let report = async || stack.bucket.get(&report, 1_000_000).await.ok();
    let report = stack.wait_for("the report", 60, report).await;
    let report: Value = serde_json::from_slice(&report.body).unwrap();
    assert_eq!(
        (&report["failed"], &report["lines"]),
        (&0.into(), &1.into()),
        "{report}"
    );
}

#[tokio::test]
async fn what_happens_to_a_watched_protocol_is_sent_to_the_webhook() {
    let stack = Deployed::running();
    let customer = stack.customer_on(Product::Liquidity, "professional").await;
    let signed_in = |request: RequestBuilder, by: &Customer| request.bearer_auth(&by.raw);
    let slug = stack.unknown_domain().as_str().replace('.', "-");
    let stated = |hour: u8, status: &str| {
        let day = stack.now().strftime("%Y-%m-%d");
        let day = format!("{day}T00:0{hour}:00Z");
        format!("slug,name,category,as_of,status\n{slug},Example,treasury,{day},{status}\n")
    };
    import(&stack, &format!("{slug} 1"), &stated(0, "active")).await;

    let watch = signed_in(stack.post("/api/v1/watchlist"), &customer);
    let watch = answer(watch.json(&json!({ "protocolSlug": slug }))).await;
    watch.expect(201);
    let form = json!({ "name": "e2e", "url": "https://example.com/hooks/assay", "events": ["compliance_alert"] });
    let made = signed_in(stack.post("/api/v1/webhooks"), &customer).json(&form);
    let made = answer(made).await.expect(201).json;
    let path = format!(
        "/api/v1/webhooks/{}/deliveries",
        made["webhook"]["id"].as_str().unwrap()
    );

    import(&stack, &format!("{slug} 2"), &stated(1, "suspended")).await;
    let delivered = async || {
        let list = signed_in(stack.get(&path), &customer);
        let listed = answer(list).await.expect(200).json;
        let first = listed["deliveries"].as_array().unwrap().first().cloned();
        first.filter(|delivery| delivery["state"] == "delivered")
    };
    let delivery = stack.wait_for("the delivery", 60, delivered).await;
    assert_eq!(delivery["event_type"], "compliance_alert", "{delivery}");
}
