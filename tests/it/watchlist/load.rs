//! What a refresh of many entries takes: `cargo test -p tests --test it watchlist::load -- --ignored --nocapture`.

use std::time::Instant;

use futures::{StreamExt, stream};
use intent_store::{Alerts, WatchEntry};
use tests::{Counted, PERIOD, TestApp};
use types::{AccountId, Domain, Timestamp, WatchId};
use watchlist::Order;

use super::excite;

const COMPANIES: usize = 2_000;
const WATCHERS: usize = 5;

async fn fill(app: &TestApp) {
    let now = app.clock.now();
    let due = Timestamp::from_second(now.as_second() + PERIOD).unwrap();
    let accounts: Vec<AccountId> = (0..WATCHERS).map(|_| AccountId::new(now)).collect();
    let entries =
        (0..COMPANIES).flat_map(|company| accounts.iter().map(move |account| (company, *account)));
    stream::iter(entries)
        .for_each_concurrent(8, |(company, account)| async move {
            let domain = Domain::parse(&format!("company{company}.com")).unwrap();
            let score = intent::score(&domain, &[], now);
            let entry = WatchEntry {
                account,
                watch: WatchId::new(now),
                domain,
                company_name: None,
                score: 0,
                confidence: score.confidence,
                scored_at: score.scored_at,
                previous: None,
                reported_score: 0,
                alerts: Alerts {
                    band_changes: true,
                    min_score_change: Some(10),
                },
                created_at: now,
            };
            app.intent_workspace
                .add_watch(&entry, None, due)
                .await
                .unwrap();
        })
        .await;
    // A fifth of the companies has become interesting; of the others nothing is known.
    stream::iter((0..COMPANIES).step_by(5))
        .for_each_concurrent(8, |company| async move {
            excite(app, &format!("company{company}.com")).await;
        })
        .await;
    app.clock.advance(PERIOD);
}

#[tokio::test]
#[ignore = "it prints figures and takes minutes"]
#[expect(clippy::disallowed_methods, reason = "it measures time")]
async fn ten_thousand_entries_of_two_thousand_companies() {
    let measured = Counted::new().await;
    fill(&measured.app).await;
    let run = measured.counted.refresher();
    let (cost, report) = measured
        .cost_of(run.run(Order::default(), measured.app.deadline()))
        .await;
    println!("counted: {:?}\n{cost:#?}", report.unwrap());

    let app = TestApp::new().await;
    let started = Instant::now();
    fill(&app).await;
    println!("filled in {:.1} s", started.elapsed().as_secs_f64());
    // A line has an eighth of the budget, and not exactly an eighth of the companies.
    let mut entries = 0;
    while entries < COMPANIES * WATCHERS {
        let started = Instant::now();
        let report = app.refresh().await;
        println!("{report:?} in {:.1} s", started.elapsed().as_secs_f64());
        entries += report.entries;
    }
    let started = Instant::now();
    assert_eq!(app.refresh().await, watchlist::Report::default());
    println!("nothing due in {:.3} s", started.elapsed().as_secs_f64());
}
