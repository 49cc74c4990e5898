//! A table that takes fewer writes than an import asks for.

use std::time::Duration;

use import::Importer;
use store::Owner;
use tests::{Fault, Faults, Plan, Reach, TestApp, signal};
use types::{Deadline, Domain};

use super::{importer, no_pause, notice, put, report};

const COMPANIES: usize = 3;
const WRITE: &str = "DynamoDB TransactWriteItems";

fn company(file: &str, number: usize) -> String {
    format!("{file}{number}.com")
}

/// Puts a file with a signal of each company, and returns the message.
async fn put_file(app: &TestApp, file: &str) -> String {
    let lines =
        (0..COMPANIES).map(|number| signal(&company(file, number), "news", 1, "1").to_string());
    let key = format!("import/{file}.ndjson");
    put(app, &key, &lines.collect::<Vec<_>>().join("\n")).await;
    notice(&[&key])
}

/// An importer whose calls fail as planned, and the number of its first write of a file.
async fn failing(app: &TestApp, faults: &Faults) -> (Importer, usize) {
    let app = app.with_faults(faults);
    let notice = put_file(&app, "probe").await;
    let importer = importer(&app);
    let run = importer.handle(&notice, no_pause(&app));
    let (done, happened) = faults.run(None, run).await;
    done.unwrap();
    let mut requests = happened.requests.iter();
    let first = requests.position(|request| request == WRITE).unwrap();
    (importer, first)
}

async fn stored(app: &TestApp, file: &str) -> usize {
    let mut stored = 0;
    for number in 0..COMPANIES {
        let company = Domain::parse(&company(file, number)).unwrap();
        let signals = app.intel.signals(&company, Owner::Public, app.clock.now());
        stored += signals.await.unwrap().len();
    }
    stored
}

#[tokio::test]
async fn a_company_that_is_throttled_is_written_later() {
    let (app, faults) = (TestApp::new().await, Faults::default());
    let (importer, at) = failing(&app, &faults).await;
    let notice = put_file(&app, "later").await;
    let plan = Plan {
        at,
        fault: Fault::Throttled,
        reach: Reach::Repeats,
    };
    let deadline = Deadline(app.clock.now() + Duration::from_mins(15));
    let (done, happened) = faults
        .run(Some(plan), importer.handle(&notice, deadline))
        .await;
    assert_eq!(happened.requests[at], WRITE);
    done.unwrap();
    let writes = happened.requests.iter().filter(|request| *request == WRITE);
    assert!(writes.count() > COMPANIES + 1, "{:?}", happened.requests);
    let report = report(&app, "import/later.ndjson").await;
    assert_eq!(
        (&report["stored"], &report["failed"]),
        (&3.into(), &0.into())
    );
    assert_eq!(stored(&app, "later").await, COMPANIES);
}

#[tokio::test]
async fn without_time_to_wait_the_next_delivery_continues() {
    let (app, faults) = (TestApp::new().await, Faults::default());
    let (failing, at) = failing(&app, &faults).await;
    let notice = put_file(&app, "next").await;
    let plan = Plan {
        at: at + 1,
        fault: Fault::Throttled,
        reach: Reach::Onwards,
    };
    let run = failing.handle(&notice, no_pause(&app));
    let (done, _) = faults.run(Some(plan), run).await;
    let why = done.unwrap_err().to_string();
    assert_eq!(why, "the table is throttling; the next delivery continues");
    let before = stored(&app, "next").await;
    assert!(before < COMPANIES);

    let next = importer(&app).handle(&notice, no_pause(&app)).await;
    next.unwrap();
    let report = report(&app, "import/next.ndjson").await;
    assert_eq!(report["unchanged"], before);
    assert_eq!(report["stored"], COMPANIES - before);
    assert_eq!(stored(&app, "next").await, COMPANIES);
}

#[tokio::test]
async fn nothing_is_begun_when_the_time_is_over() {
    let app = TestApp::new().await;
    let notice = put_file(&app, "over").await;
    let over = Deadline(app.clock.now() + Duration::from_secs(70));
    let why = importer(&app).handle(&notice, over).await.unwrap_err();
    assert_eq!(
        why.to_string(),
        "the file takes longer than the function; the next delivery continues"
    );
    assert_eq!(stored(&app, "over").await, 0);
    importer(&app)
        .handle(&notice, no_pause(&app))
        .await
        .unwrap();
    assert_eq!(stored(&app, "over").await, COMPANIES);
}
