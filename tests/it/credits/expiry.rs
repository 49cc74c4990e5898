//! A grant that ends while calls are made.

use accounts::EntryKind;
use futures::future::join_all;
use intent::Kind;
use tests::{Customer, Death, TestApp, known};
use types::{Credits, Product};

use super::{entries, give};

const SCORE: &str = "/api/v1/score?domain=stripe.com";

/// Has 30 credits that end in an hour and 20 that do not, and has spent 10.
async fn customer_whose_grant_ends(app: &TestApp) -> Customer {
    let customer = app.customer_on(Product::Intent, "scale", 20).await;
    give(app, &customer, 30, Some(3_600)).await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    for _ in 0..10 {
        app.get(SCORE).key(&customer).send().await.expect(200);
    }
    customer
}

async fn assert_expired_once(app: &TestApp, customer: &Customer, left: i64) {
    let expired = entries(app, customer, EntryKind::Expire).await;
    assert_eq!(expired.len(), 1, "{expired:?}");
    assert_eq!(
        expired[0].amount(),
        -Credits::whole(20),
        "30 less the 10 that were spent first"
    );
    assert_eq!(app.balance(customer).await, Credits::whole(left));
}

#[tokio::test]
async fn that_falls_into_traffic_leaves_exactly_the_rest() {
    let app = TestApp::new().await;
    let customer = customer_whose_grant_ends(&app).await;
    app.clock.advance(3_600);
    // Nobody has swept anything: the balance still says 40.
    assert_eq!(app.balance(&customer).await, Credits::whole(40));
    let instances: Vec<TestApp> = (0..5).map(|_| app.restarted()).collect();
    let calls = (0..50).map(|call| instances[call % 5].get(SCORE).key(&customer).send());
    let answers = join_all(calls).await;
    let with = |status: u16| {
        answers
            .iter()
            .filter(|answer| answer.status == status)
            .count()
    };
    assert_eq!((with(200), with(402)), (20, 30));
    assert_expired_once(&app, &customer, 0).await;
}

#[tokio::test]
async fn a_second_before_it_is_still_spent() {
    let app = TestApp::new().await;
    let customer = customer_whose_grant_ends(&app).await;
    app.clock.advance(3_599);
    let calls = (0..50).map(|_| app.get(SCORE).key(&customer).send());
    let answers = join_all(calls).await;
    let good = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(good, 40);
    assert!(entries(&app, &customer, EntryKind::Expire).await.is_empty());
}

#[tokio::test]
async fn an_instance_that_dies_at_any_write_of_it_leaves_it_exact() {
    let app = TestApp::new().await;
    let mut deaths = 0;
    for death in (0..).flat_map(|write| [Death::Before(write), Death::After(write)]) {
        let customer = customer_whose_grant_ends(&app).await;
        app.clock.advance(3_600);
        let mortal = app.on_mortal();
        let call = mortal.get(SCORE).key(&customer).send();
        let died = app.deaths.run(Some(death), call).await.is_none();
        // Whatever it left behind, the next call finds it, and the balance is of what did not end.
        app.balance(&customer).await;
        app.restarted()
            .get(SCORE)
            .key(&customer)
            .send()
            .await
            .expect(200);
        let admitted = app
            .meter(&customer)
            .await
            .days
            .values()
            .map(accounts::Day::calls)
            .sum::<u64>();
        let spent = i64::try_from(admitted).unwrap() - 10;
        assert_expired_once(&app, &customer, 20 - spent).await;
        if !died {
            assert_eq!(spent, 2);
            break;
        }
        deaths += 1;
    }
    // The admission that is refused, the settlement, and the admission after it.
    assert!(deaths >= 6, "{deaths}");
}

#[tokio::test]
async fn a_bulk_job_cannot_be_paid_with_what_has_ended() {
    let app = TestApp::new().await;
    let customer = app.customer(3).await;
    give(&app, &customer, 5, Some(3_600)).await;
    app.clock.advance(3_600);
    let file = "domain\na.com\nb.com\nc.com\nd.com\n";
    let submit = || {
        app.post("/api/v1/score/bulk")
            .key(&customer)
            .csv(file)
            .send()
    };
    let answer = submit().await.expect(402);
    assert_eq!(answer.json["error"]["balance"], 3);
    give(&app, &customer, 1, None).await;
    submit().await.expect(202);
    assert_eq!(app.balance(&customer).await, Credits::ZERO);
}
