//! An import that dies at any write, and is delivered again.

use import::Importer;
use store::Owner;
use tests::{Death, TestApp, signal};
use types::Domain;

use super::{importer, no_pause, notice, put, report};

const COMPANIES: usize = 4;

#[tokio::test]
async fn ends_in_the_same_state() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let mortal = Importer::from_env(&app.env, &app.mortal, app.clock.clock()).unwrap();
    let mut deaths = 0;
    for (round, death) in (0..)
        .flat_map(|write| [Death::Before(write), Death::After(write)])
        .enumerate()
    {
        let company = |number: usize| format!("company{round}x{number}.com");
        let lines = (0..COMPANIES * 3).map(|line| {
            signal(&company(line % COMPANIES), "news", 1, &line.to_string()).to_string()
        });
        let key = format!("import/{round}.ndjson");
        put(&app, &key, &lines.collect::<Vec<_>>().join("\n")).await;
        let notice = notice(&[&key]);
        let died = app
            .deaths
            .run(Some(death), mortal.handle(&notice, no_pause(&app)))
            .await;
        deaths += usize::from(died.is_none());

        importer(&app)
            .handle(&notice, no_pause(&app))
            .await
            .unwrap();
        let report = report(&app, &key).await;
        let count = |name: &str| report[name].as_u64().unwrap();
        assert_eq!(count("stored") + count("unchanged"), 12, "{report}");
        assert_eq!(count("updated") + count("failed"), 0, "{report}");
        for number in 0..COMPANIES {
            let company = company(number);
            assert_eq!(app.revisions(&customer, &company).await, (1, 0));
            let company = Domain::parse(&company).unwrap();
            let signals = app.intel.signals(&company, Owner::Public, app.clock.now());
            assert_eq!(signals.await.unwrap().len(), 3);
        }
        if died.is_some() {
            break;
        }
    }
    assert_eq!(
        deaths,
        2 * (COMPANIES + 1),
        "each company's write, and the report's"
    );
}
