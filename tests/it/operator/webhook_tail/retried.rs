use tests::Conduct;

use super::{PATH, Set, ends_well};

#[tokio::test]
async fn calls_that_fail_for_a_while() {
    let set = Set::with(1);
    let webhook = set.webhooks[0];
    let made = set.make(webhook, 0);
    let path = format!("{PATH}/{webhook}/deliveries?");
    let limit = r#"{"error":{"code":"LIMIT_REACHED","message":"enough for this minute"}}"#;
    let outcome = set
        .tail(&[], async |set: &Set| {
            set.is_ready().await;
            let limited = Conduct::Answers(429, "retry-after: 2", limit.to_owned());
            set.api.tell(&path, limited);
            let limited = "the API returned 429: enough for this minute; again in 2 s";
            set.screen.has_noted(limited).await;
            set.api.tell(&path, Conduct::Resets);
            set.screen.has_noted("the API cannot be reached: ").await;
            let down = Conduct::Answers(500, "", String::new());
            set.api.tell(&path, down);
            set.screen
                .has_noted("the API returned 500; again in 4 s")
                .await;
            set.list(webhook, &[made]);
            set.screen.has_printed(1).await;
        })
        .await;
    ends_well(&outcome);
    assert_eq!(set.arrived().len(), 1);
}

#[tokio::test]
async fn not_calls_that_are_refused() {
    for (status, headers) in [(401, ""), (404, ""), (429, "retry-after: 86400")] {
        let set = Set::with(1);
        let path = format!("{PATH}/{}/deliveries?", set.webhooks[0]);
        let why = r#"{"error":{"code":"X","message":"for a reason"}}"#;
        let outcome = set
            .tail(&[], async |set: &Set| {
                set.is_ready().await;
                let refused = Conduct::Answers(status, headers, why.to_owned());
                set.api.tell(&path, refused);
                // It is to end by itself.
                std::future::pending::<()>().await;
            })
            .await;
        let expected = format!("assay: the API returned {status}: for a reason\n");
        assert_eq!((outcome.code, outcome.stderr), (1, expected));
        assert!(!set.screen.notes().iter().any(|note| note.contains("again")));
    }
}

#[tokio::test]
async fn a_delivery_that_is_no_longer_kept_is_left_out() {
    let set = Set::with(1);
    let webhook = set.webhooks[0];
    let [gone, kept] = [set.make(webhook, 5), set.make(webhook, 0)];
    let outcome = set
        .tail(&[], async |set: &Set| {
            set.is_ready().await;
            let path = format!("{PATH}/{webhook}/deliveries/{}", gone.id);
            set.api
                .tell(&path, Conduct::Answers(404, "", String::new()));
            set.list(webhook, &[kept, gone]);
            set.screen.has_printed(1).await;
        })
        .await;
    ends_well(&outcome);
    let note = set.screen.has_noted("no longer kept").await;
    assert_eq!(note, format!("{} is no longer kept", gone.id));
    assert_eq!(
        set.arrived()[0].header("webhook-id"),
        kept.event().to_string()
    );
}
