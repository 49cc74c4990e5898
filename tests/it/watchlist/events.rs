use serde_json::json;
use tests::{Customer, PERIOD, TestApp};
use workspace::EventPayload;

use super::{PATH, excite};

/// The events of a customer by kind, with their scores and bands.
async fn found(app: &TestApp, customer: &Customer) -> Vec<String> {
    let mut found = Vec::new();
    for event in app.stored_events(customer.account).await {
        let kind = event.payload.kind();
        assert!(event.id.starts_with(&format!("{kind}#intent#")));
        assert_eq!(event.at, app.clock.now());
        assert_eq!(event.expires, Some(event.at.as_second() + 90 * 86_400));
        let (EventPayload::IntentBandChange(change) | EventPayload::IntentScoreChange(change)) =
            event.payload
        else {
            panic!("{event:?}");
        };
        found.push(format!(
            "{kind} {} {} {}→{} {}→{}",
            change.subject,
            change.company_name.unwrap(),
            change.previous_score,
            change.score,
            change.previous_band,
            change.band,
        ));
    }
    found
}

#[tokio::test]
async fn band_and_score_changes_are_events_of_the_entries_whose_alerts_ask_for_them() {
    let app = TestApp::new().await;
    let mut customers = Vec::new();
    for alerts in [
        json!({}),
        json!({ "band_changes": false }),
        json!({ "min_score_change": null }),
        json!({ "band_changes": false, "min_score_change": null }),
        json!({ "min_score_change": 100 }),
    ] {
        let customer = app.customer(100).await;
        let body = json!({ "domain": "stripe.com", "company_name": "Stripe", "alerts": alerts });
        let call = app.post(PATH).key(&customer).json(&body);
        call.send().await.expect(201);
        customers.push(customer);
    }
    excite(&app, "stripe.com").await;
    app.clock.advance(PERIOD);
    let report = app.refresh().await;
    assert_eq!((report.entries, report.events), (5, 5));
    let band = "intent.band_change stripe.com Stripe 0→87 COLD→HOT";
    let score = "intent.score_change stripe.com Stripe 0→87 COLD→HOT";
    let expected = [
        vec![band, score],
        vec![score],
        vec![band],
        vec![],
        vec![band],
    ];
    for (customer, expected) in customers.iter().zip(expected) {
        assert_eq!(found(&app, customer).await, expected);
    }
}

#[tokio::test]
async fn a_change_is_an_event_once() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
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
