//! `GET /api/v1/credits/ledger`.

use accounts::{Entry, EntryKind};
use tests::{Answer, Customer, TestApp};
use types::unique;

use super::give;

async fn get(app: &TestApp, customer: &Customer, query: &str) -> Answer {
    let path = format!("/api/v1/credits/ledger?{query}");
    app.get(&path).key(customer).send().await
}

/// Seven entries, each a second after the other.
async fn customer_with_entries(app: &TestApp) -> Customer {
    let customer = app.customer(0).await;
    for credits in 1..=6 {
        app.clock.advance(1);
        give(app, &customer, credits, None).await;
    }
    app.clock.advance(1);
    let entry = Entry {
        reference: format!("{}-adjust", unique(app.clock.now())),
        kind: EntryKind::Adjust,
        tenths: -15,
        at: app.clock.now(),
        note: "=1+1, \"by hand\"".to_owned(),
    };
    let corrected = app
        .accounts
        .correct(customer.account, customer.product, &entry, None);
    corrected.await.unwrap();
    customer
}

#[tokio::test]
async fn pages_hold_every_entry_once_the_newest_first() {
    let app = TestApp::new().await;
    let customer = customer_with_entries(&app).await;
    let mut amounts = Vec::new();
    let mut query = "limit=3".to_owned();
    loop {
        let page = get(&app, &customer, &query).await.expect(200);
        for entry in page.json["entries"].as_array().unwrap() {
            amounts.push(entry["amount"].as_f64().unwrap());
        }
        let Some(cursor) = page.json["next_cursor"].as_str() else {
            assert_eq!(page.header("link"), "");
            break;
        };
        assert!(page.header("link").contains(&format!(
            "product=intent&limit=3&cursor={cursor}>; rel=\"next\""
        )));
        query = format!("limit=3&cursor={cursor}");
    }
    assert_eq!(amounts, [-1.5, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0]);
    let newest = &get(&app, &customer, "limit=1").await.json["entries"][0];
    assert_eq!(newest["kind"], "adjust");
    assert_eq!(newest["at"], "2026-11-15T12:00:17Z");
}

#[tokio::test]
async fn as_a_file_for_a_spreadsheet() {
    let app = TestApp::new().await;
    let customer = customer_with_entries(&app).await;
    let call = app.get("/api/v1/credits/ledger?limit=2").key(&customer);
    let (headers, file) = call.header("accept", "text/csv").file().await;
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8");
    assert!(headers.contains_key("link"));
    let rows: Vec<&str> = file.lines().collect();
    assert_eq!(rows[0], "reference,at,kind,amount,note");
    assert!(
        rows[1].ends_with("-adjust,2026-11-15T12:00:17Z,adjust,-1.5,\"'=1+1, \"\"by hand\"\"\""),
        "{file}"
    );
    assert!(
        rows[2].ends_with("-grant,2026-11-15T12:00:16Z,grant,6,of the test"),
        "{file}"
    );
    assert_eq!(rows.len(), 3);
}

#[tokio::test]
async fn what_is_not_in_order() {
    let app = TestApp::new().await;
    let customer = app.customer(1).await;
    for query in [
        "cursor=",
        "cursor=%23",
        "cursor=LEDGER",
        "limit=0",
        "limit=1001",
    ] {
        get(&app, &customer, query).await.expect(400);
    }
    let other = app.customer(1).await;
    let page = get(&app, &other, "cursor=zzzz").await.expect(200);
    assert_eq!(
        page.json["entries"].as_array().unwrap().len(),
        1,
        "one's own only"
    );
}
