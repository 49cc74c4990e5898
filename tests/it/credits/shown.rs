//! `GET /api/v1/credits`.

use accounts::{Entry, EntryKind, NewGrant};
use intent::Kind;
use serde_json::{Value, json};
use tests::{Customer, TestApp, day, known};
use types::{Credits, GrantId, Product};

use super::give;

const PATH: &str = "/api/v1/credits";

async fn grants(app: &TestApp, customer: &Customer) -> Vec<Value> {
    let answer = app.get(PATH).key(customer).send().await.expect(200);
    answer.json["grants"].as_array().unwrap().clone()
}

#[tokio::test]
async fn grants_stand_in_the_order_in_which_they_are_spent() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    give(&app, &customer, 5, Some(86_400)).await;
    give(&app, &customer, 5, Some(3_600)).await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    for _ in 0..6 {
        let score = app.get("/api/v1/score?domain=stripe.com").key(&customer);
        score.send().await.expect(200);
    }
    let answer = app.get(PATH).key(&customer).send().await.expect(200);
    let mut shown = answer.shown();
    for grant in shown["body"]["grants"].as_array_mut().unwrap() {
        grant["grant_id"]
            .as_str()
            .unwrap()
            .parse::<GrantId>()
            .unwrap();
        grant["grant_id"] = json!("[grant]");
    }
    insta::assert_json_snapshot!(shown, @r#"
    {
      "body": {
        "balance": 14,
        "grants": [
          {
            "amount": 5,
            "created_at": "2026-11-15T12:00:10Z",
            "expires_at": "2026-11-16T12:00:10Z",
            "grant_id": "[grant]",
            "priority": 50,
            "remaining": 4,
            "source": "operator"
          },
          {
            "amount": 10,
            "created_at": "2026-11-15T12:00:10Z",
            "expires_at": null,
            "grant_id": "[grant]",
            "priority": 50,
            "remaining": 10,
            "source": "operator"
          }
        ],
        "product": "intent"
      },
      "status": 200
    }
    "#);
    // To look does not spend, and does not call.
    assert_eq!(app.meter(&customer).await.days[&day("20261115")].calls(), 6);
}

#[tokio::test]
async fn a_refund_after_its_grant_ended_ends_in_thirty_days() {
    let app = TestApp::new().await;
    let customer = app.customer(0).await;
    give(&app, &customer, 5, Some(3_600)).await;
    app.clock.advance(3_600);
    assert!(grants(&app, &customer).await.is_empty());
    let refund = Entry {
        reference: "1".to_owned(),
        kind: EntryKind::Refund,
        tenths: 20,
        at: app.clock.now(),
        note: String::new(),
    };
    let corrected = app
        .accounts
        .correct(customer.account, customer.product, &refund, None);
    corrected.await.unwrap();
    let left = grants(&app, &customer).await;
    assert_eq!(left.len(), 1);
    assert_eq!(
        (&left[0]["source"], &left[0]["remaining"]),
        (&json!("returned"), &json!(2))
    );
    assert_eq!(left[0]["expires_at"], "2026-12-15T13:00:10Z");
    app.balance(&customer).await;
    app.clock.advance(30 * 86_400);
    assert!(grants(&app, &customer).await.is_empty());
    assert_eq!(app.balance(&customer).await, Credits::ZERO);
}

#[tokio::test]
async fn a_refund_fills_up_what_was_spent_and_a_grant_is_given_once() {
    let app = TestApp::new().await;
    let customer = app.customer(5).await;
    let now = app.clock.now();
    let entry = |reference: &str, kind, tenths| Entry {
        reference: reference.to_owned(),
        kind,
        tenths,
        at: now,
        note: String::new(),
    };
    let correct = async |entry: &Entry| {
        app.accounts
            .correct(customer.account, customer.product, entry, None)
            .await
    };
    correct(&entry("1", EntryKind::Adjust, -30)).await.unwrap();
    correct(&entry("2", EntryKind::Adjust, -30))
        .await
        .unwrap_err();
    correct(&entry("3", EntryKind::Refund, 20)).await.unwrap();
    correct(&entry("3", EntryKind::Refund, 20))
        .await
        .unwrap_err();
    let left = grants(&app, &customer).await;
    assert_eq!((left.len(), &left[0]["remaining"]), (1, &json!(4)));
    let new = NewGrant::of(Credits::whole(1), "", now);
    let grant = async || {
        app.accounts
            .grant(customer.account, customer.product, &new, now)
            .await
    };
    grant().await.unwrap();
    assert!(matches!(grant().await, Err(store::StoreError::Conflict)));
    assert_eq!(app.balance(&customer).await, Credits::whole(5));
}

#[tokio::test]
async fn a_balance_from_before_there_were_grants_is_kept() {
    let app = TestApp::new().await;
    let customer = app.customer(0).await;
    let entry = Entry {
        reference: "old-grant".to_owned(),
        kind: EntryKind::Grant,
        tenths: 70,
        at: app.clock.now(),
        note: String::new(),
    };
    let corrected = app
        .accounts
        .correct(customer.account, customer.product, &entry, None);
    corrected.await.unwrap();
    let left = grants(&app, &customer).await;
    assert_eq!(
        (&left[0]["remaining"], &left[0]["expires_at"]),
        (&json!(7), &json!(null))
    );
}

#[tokio::test]
async fn a_balance_from_before_there_were_grants_is_spent_before_the_first_of_them() {
    let app = TestApp::new().await;
    let customer = app.customer(0).await;
    let now = app.clock.now();
    let entry = |reference: &str, kind, tenths| Entry {
        reference: reference.to_owned(),
        kind,
        tenths,
        at: now,
        note: String::new(),
    };
    let correct = async |entry: &Entry| {
        app.accounts
            .correct(customer.account, customer.product, entry, None)
            .await
    };
    correct(&entry("1", EntryKind::Refund, 70)).await.unwrap();
    // Both are written in one second, usual and without an end; of all ids, the grant's comes first.
    let new = NewGrant {
        grant: GrantId::from_parts(now, 0),
        ..NewGrant::of(Credits::whole(5), "", now)
    };
    app.accounts
        .grant(customer.account, customer.product, &new, now)
        .await
        .unwrap();
    correct(&entry("2", EntryKind::Adjust, -30)).await.unwrap();
    let left = grants(&app, &customer).await;
    let left = left.iter().map(|grant| &grant["remaining"]);
    assert_eq!(left.collect::<Vec<_>>(), [&json!(4), &json!(5)]);
}

#[tokio::test]
async fn products_that_are_paid_by_plan_have_none() {
    let app = TestApp::new().await;
    for (product, plan) in [(Product::Liquidity, "analyst"), (Product::Portal, "pro")] {
        let customer = app.customer_on(product, plan, 0).await;
        for path in [PATH, "/api/v1/credits/ledger"] {
            let answer = app.get(path).key(&customer).send().await.expect(404);
            assert_eq!(answer.error(), ("NOT_FOUND", "no_credits"));
        }
    }
    let leads = app.customer_on(Product::Leads, "free", 3).await;
    assert_eq!(grants(&app, &leads).await.len(), 1);
}
