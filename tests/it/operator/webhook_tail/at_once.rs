use std::time::Duration;

use tests::Conduct;

use super::{Made, Set, ends_well};

#[tokio::test]
async fn at_most_ten_requests_are_sent() {
    let set = Set::with(1);
    let webhook = set.webhooks[0];
    let mut made: Vec<Made> = (0..15).map(|_| set.make(webhook, 0)).collect();
    made.sort_by_key(|one| std::cmp::Reverse(one.id));
    set.program.delay(Duration::from_secs(4));
    let mut arrived = 0;
    let outcome = set
        .tail(&[], async |set: &Set| {
            set.is_ready().await;
            set.list(webhook, &made);
            while arrived < 10 {
                tokio::time::sleep(Duration::from_millis(20)).await;
                arrived += set.arrived().len();
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
            arrived += set.arrived().len();
            assert_eq!(arrived, 10);
            set.screen.has_printed(15).await;
            arrived += set.arrived().len();
        })
        .await;
    ends_well(&outcome);
    assert_eq!(arrived, 15);
}

#[tokio::test]
async fn a_program_has_15_seconds_and_others_do_not_wait_for_it() {
    let set = Set::with(1);
    let webhook = set.webhooks[0];
    let [slow, quick] = [set.make(webhook, 5), set.make(webhook, 0)];
    let outcome = set
        .tail(&[], async |set: &Set| {
            set.is_ready().await;
            set.program.tell("hook", Conduct::Hangs);
            set.list(webhook, &[slow]);
            while set.arrived().is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            let quickly = Conduct::Answers(204, "", String::new());
            set.program.tell("hook", quickly);
            set.list(webhook, &[quick, slow]);
            set.screen.has_printed(2).await;
        })
        .await;
    ends_well(&outcome);
    let printed = set.screen.printed();
    assert!(printed[0].contains(&format!("{}  → 204 in ", quick.id)));
    let late = format!("{}  → no complete response within 15000 ms", slow.id);
    assert!(printed[1].ends_with(&late), "{printed:?}");
}
