use tests::{Conduct, Death, message};
use webhook_store::DeliveryState;

use super::Set;

#[tokio::test]
async fn a_dispatcher_that_dies_at_any_write_makes_each_delivery_once() {
    let mut deaths = 0;
    for death in Death::every() {
        let set = Set::up().await;
        set.another().await;
        set.store_event(80).await;
        let app = &set.workers.app;
        let mortal = set.workers.mortal();
        let run = app.deaths.run(Some(death), mortal.dispatch());
        let died = run.await.is_none();
        set.workers.dispatch().await;
        assert_eq!(set.workers.deliveries().await.len(), 2);
        if !died {
            break;
        }
        deaths += 1;
    }
    assert_eq!(deaths, 4, "a delivery for each of two webhooks");
}

#[tokio::test]
async fn a_sender_that_dies_at_any_write_loses_no_delivery() {
    for status in [200, 500] {
        let mut deaths = 0;
        for death in Death::every() {
            let set = Set::up().await;
            set.behaves(Conduct::Answers(status, "", String::new()));
            set.happens(80).await;
            let row = set.workers.deliveries().await.remove(0);
            let app = &set.workers.app;
            let mortal = set.workers.mortal();
            let message = message(&row);
            let run = app.deaths.run(Some(death), mortal.sender.handle(&message));
            let died = run.await.is_none();
            // The queue brings the message again when its visibility timeout is over.
            app.clock.advance(180);
            set.workers.sender.handle(&message).await.unwrap();
            let after = set.workers.deliveries().await.remove(0);
            let state = if status == 200 {
                DeliveryState::Delivered
            } else {
                DeliveryState::Pending
            };
            assert_eq!((after.state, after.made), (state, 1), "{death:?}");
            let webhook = set.read("").await;
            let requests = set.web.seen().len();
            assert!((1..=2).contains(&requests), "{death:?}: {requests}");
            // One who dies between request and result cannot count it.
            let failures = webhook["failure_count"].as_u64().unwrap();
            let most = if status == 200 { 0 } else { requests as u64 };
            assert!(
                (most.min(1)..=most).contains(&failures),
                "{death:?}: {failures}"
            );
            if !died {
                break;
            }
            deaths += 1;
        }
        assert_eq!(deaths, 10, "claim, count, key, result, attempt");
    }
}
