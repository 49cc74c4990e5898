use super::{Made, Set, ends_well};

/// The ids of the deliveries that arrived, in their order.
fn forwarded(set: &Set) -> Vec<String> {
    let arrived = set.arrived().into_iter();
    arrived
        .map(|one| one.header("x-intliq-delivery-id").to_owned())
        .collect()
}

fn ids(made: &[Made]) -> Vec<String> {
    made.iter().map(|one| one.id.to_string()).collect()
}

#[tokio::test]
async fn are_read_until_what_is_older_than_since() {
    let set = Set::with(1);
    let webhook = set.webhooks[0];
    let [new, middle, old, older, oldest] =
        [30, 400, 500, 700, 900].map(|seconds| set.make(webhook, seconds));
    set.page(webhook, "", &[new, middle], Some(&middle));
    let cursor = format!("&cursor={}", middle.id);
    set.page(webhook, &cursor, &[old, older], Some(&older));
    let beyond = format!("&cursor={}", older.id);
    set.page(webhook, &beyond, &[oldest], None);
    let outcome = set
        .tail(&["--since", "10m"], async |set: &Set| {
            set.screen.has_printed(3).await;
            let called = set.api.seen();
            assert!(called.iter().any(|request| request.contains(&cursor)));
            assert!(!called.iter().any(|request| request.contains(&beyond)));
            set.looks(2).await;
        })
        .await;
    ends_well(&outcome);
    let mut sorted = forwarded(&set);
    sorted.sort();
    assert_eq!(sorted, ids(&[old, middle, new]));
}

#[tokio::test]
async fn further_ones_have_what_was_delivered_late() {
    let set = Set::with(1);
    let webhook = set.webhooks[0];
    let [new, late, before, older] = [10, 100, 200, 290].map(|seconds| set.make(webhook, seconds));
    set.list(webhook, &[new, before]);
    let outcome = set
        .tail(&[], async |set: &Set| {
            set.is_ready().await;
            // A page that was filled up by newer ones.
            set.page(webhook, "", &[new], Some(&new));
            let cursor = format!("&cursor={}", new.id);
            set.page(webhook, &cursor, &[late, before, older], None);
            set.screen.has_printed(2).await;
            set.looks(4).await;
        })
        .await;
    ends_well(&outcome);
    let mut sorted = forwarded(&set);
    sorted.sort();
    assert_eq!(sorted, ids(&[older, late]));
}

#[tokio::test]
async fn are_at_most_twenty_at_a_time() {
    let set = Set::with(1);
    let webhook = set.webhooks[0];
    let made: Vec<Made> = (1..=21).map(|seconds| set.make(webhook, seconds)).collect();
    let mut cursor = String::new();
    for one in &made {
        set.page(webhook, &cursor, &[*one], Some(one));
        cursor = format!("&cursor={}", one.id);
    }
    let outcome = set
        .tail(&["--since", "1h"], async |set: &Set| {
            set.screen.has_noted("left out").await;
            set.screen.has_printed(20).await;
            let called = set.api.seen();
            let pages = called.iter().filter(|request| request.contains("?limit="));
            assert!(pages.count() >= 20);
            let beyond = format!("&cursor={}", made[19].id);
            assert!(!called.iter().any(|request| request.contains(&beyond)));
        })
        .await;
    ends_well(&outcome);
    let mut sorted = forwarded(&set);
    sorted.sort();
    let mut expected = ids(&made[..20]);
    expected.reverse();
    assert_eq!(sorted, expected);
}
