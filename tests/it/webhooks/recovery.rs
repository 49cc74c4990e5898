use http::Method;
use serde_json::{Value, json};
use tests::{Conduct, Death};
use types::{EventId, Timestamp};
use webhook_store::{Deliveries, DeliveryRow, DeliveryState};

use super::Set;

impl Set {
    fn now(&self) -> Timestamp {
        self.workers.app.clock.now()
    }

    /// Something happens while the webhook is disabled after its delivery was made, which is canceled.
    async fn lose(&self, percent: u8) {
        self.happens(percent).await;
        self.call(Method::POST, "/disable", None).await.expect(200);
        self.workers.send().await;
        self.call(Method::POST, "/enable", None).await.expect(200);
    }

    /// Stores deliveries that were canceled.
    async fn lost(&self, count: u8) {
        let deliveries = Deliveries::new(&self.workers.app.workspace);
        for number in 0..count {
            let webhook = self.id().parse().unwrap();
            let event = EventId::from_parts(self.now(), number.into());
            let row = DeliveryRow::new(
                (self.customer.account, self.product, webhook),
                (event, super::EVENT, self.now()),
                "{}".to_owned(),
            );
            let canceled = DeliveryRow {
                state: DeliveryState::Canceled,
                ..row
            };
            deliveries.create(&canceled).await.unwrap();
        }
    }

    async fn recover(&self, body: Value) -> tests::Answer {
        self.call(Method::POST, "/recover", Some(body)).await
    }
}

#[tokio::test]
async fn what_was_lost_in_a_span_is_sent_again() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.lose(80).await;
    set.workers.app.clock.advance(100);
    let since = set.now();
    set.lose(100).await;
    set.call(Method::POST, "/test", None).await.expect(202);
    set.workers.send().await;
    assert_eq!(set.web.seen().len(), 1, "the test");
    set.workers.app.clock.advance(100);

    let begun = set
        .recover(json!({ "since": since }))
        .await
        .expect(202)
        .json;
    assert_eq!(
        (&begun["state"], &begun["until"]),
        (&json!("running"), &json!(set.now()))
    );
    set.workers.recover().await;
    let done = set.read("/recover").await;
    assert_eq!(
        (&done["state"], &done["resent_count"]),
        (&json!("done"), &json!(1))
    );
    assert_eq!(done["ended_at"], json!(set.now()));
    assert_eq!(set.workers.send().await, 1);

    // All of it: what was delivered meanwhile is not sent again.
    set.recover(json!({ "since": "2026-11-01" }))
        .await
        .expect(202);
    set.workers.recover().await;
    assert_eq!(set.read("/recover").await["resent_count"], 1);
    set.workers.send().await;
    assert_eq!(set.web.seen().len(), 2);
    let states = set.workers.deliveries().await;
    assert!(
        states
            .iter()
            .all(|row| row.state == DeliveryState::Delivered)
    );
}

#[tokio::test]
async fn a_recovery_of_many_goes_on_page_by_page_and_takes_none_twice() {
    let set = Set::up().await;
    set.lost(230).await;
    set.workers.app.clock.advance(10);
    set.recover(json!({ "since": "2026-11-01" }))
        .await
        .expect(202);
    let refused = set
        .recover(json!({ "since": "2026-11-01" }))
        .await
        .expect(409);
    assert_eq!(refused.error().0, "IN_PROGRESS");
    for resent in [100, 200, 230] {
        // The stream may bring an item twice.
        let images = set.workers.items("RECOVERY").await;
        assert!(set.workers.recover_page().await);
        for image in images {
            set.workers.dispatcher.dispatch(image.into()).await.unwrap();
        }
        assert_eq!(set.read("/recover").await["resent_count"], resent);
    }
    assert!(!set.workers.recover_page().await);
    let rows = set.workers.deliveries().await;
    assert!(
        rows.iter()
            .all(|row| row.state == DeliveryState::Pending && row.put_off == 1)
    );
}

#[tokio::test]
async fn a_recovery_that_dies_at_any_write_sends_each_again_and_counts_it_once() {
    let mut deaths = 0;
    for death in Death::every() {
        let set = Set::up().await;
        set.lost(2).await;
        set.workers.app.clock.advance(10);
        set.recover(json!({ "since": "2026-11-01" }))
            .await
            .expect(202);
        let mortal = set.workers.mortal();
        let app = &set.workers.app;
        let died = app
            .deaths
            .run(Some(death), mortal.recover())
            .await
            .is_none();
        set.workers.recover().await;
        let done = set.read("/recover").await;
        assert_eq!(
            (&done["state"], &done["resent_count"]),
            (&json!("done"), &json!(2))
        );
        let rows = set.workers.deliveries().await;
        assert!(rows.iter().all(|row| row.put_off == 1), "{death:?}");
        if !died {
            break;
        }
        deaths += 1;
    }
    assert_eq!(deaths, 6, "two deliveries and the recovery");
}

#[tokio::test]
async fn what_cannot_be_recovered_is_refused() {
    let set = Set::up().await;
    set.call(Method::GET, "/recover", None).await.expect(404);
    for (body, field, reason) in [
        (json!({}), "since", "time_invalid"),
        (json!({ "since": "yesterday" }), "since", "time_invalid"),
        (
            json!({ "since": "2026-11-01", "until": "1" }),
            "until",
            "time_invalid",
        ),
        (
            json!({ "since": "2026-11-02", "until": "2026-11-02" }),
            "until",
            "span_empty",
        ),
        (json!({ "since": "2026-11-16" }), "until", "span_empty"),
    ] {
        let refused = set.recover(body.clone()).await.expect(400);
        assert_eq!(refused.error().1, reason, "{body}");
        assert_eq!(refused.json["error"]["field"], field, "{body}");
    }
    set.call(Method::POST, "/disable", None).await.expect(200);
    let refused = set.recover(json!({ "since": "2026-11-01" })).await;
    assert_eq!(refused.expect(409).error().1, "webhook_disabled");
}
