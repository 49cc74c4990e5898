use serde_json::json;
use tests::{Customer, PERIOD, TestApp};

use super::{PATH, excite};

/// The events of a customer by kind, with the scores and bands that they tell.
async fn told(app: &TestApp, customer: &Customer) -> Vec<String> {
    let mut told = Vec::new();
    for id in app.events(customer).await {
        let partition = format!("ACCT#{}", customer.account);
        let item = app
            .workspace_item(&partition, &format!("EVENT#{id}"))
            .await
            .unwrap();
        let text = |name: &str| item[name].as_s().unwrap().clone();
        let number = |name: &str| item[name].as_n().unwrap().clone();
        assert!(id.starts_with(&format!("{}#intent#", text("kind"))));
        assert_eq!(text("at"), app.clock.now().to_string());
        told.push(format!(
            "{} {} {} {}→{} {}→{}",
            text("kind"),
            text("domain"),
            text("company_name"),
            number("previous_score"),
            number("score"),
            text("previous_band"),
            text("band"),
        ));
    }
    told
}

#[tokio::test]
async fn band_and_score_changes_are_told_to_who_wants_to_hear_of_them() {
    let app = TestApp::new().await;
    let mut customers = Vec::new();
    for alerts in [
        json!({}),
        json!({ "band_changes": false }),
        json!({ "min_score_change": null }),
        json!({ "band_changes": false, "min_score_change": null }),
        json!({ "min_score_change": 100 }),
    ] {
        let customer = app.customer(0).await;
        let body = json!({ "domain": "stripe.com", "company_name": "Stripe", "alerts": alerts });
        let call = app.post(PATH).key(&customer).json(&body);
        call.send().await.expect(201);
        customers.push(customer);
    }
    excite(&app, "stripe.com").await;
    app.clock.advance(PERIOD);
    let report = app.refresh().await;
    assert_eq!((report.entries, report.events), (5, 5));
    let band = "watchlist.band_changed stripe.com Stripe 0→87 COLD→HOT";
    let score = "watchlist.score_changed stripe.com Stripe 0→87 COLD→HOT";
    let expected = [
        vec![band, score],
        vec![score],
        vec![band],
        vec![],
        vec![band],
    ];
    for (customer, expected) in customers.iter().zip(expected) {
        assert_eq!(told(&app, customer).await, expected);
    }
}

#[tokio::test]
async fn what_is_told_is_told_once() {
    let app = TestApp::new().await;
    let customer = app.customer(0).await;
    app.watch(&customer, "stripe.com").send().await.expect(201);
    excite(&app, "stripe.com").await;
    app.clock.advance(PERIOD);
    assert_eq!(app.refresh().await.events, 2);
    for _ in 0..8 {
        app.clock.advance(PERIOD);
        app.refresh().await;
    }
    assert_eq!(app.events(&customer).await.len(), 2);
}
