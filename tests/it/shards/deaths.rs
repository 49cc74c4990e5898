use tests::Death;

use super::*;

/// Writes of a change from an unlimited plan to a limited one: close, fold, set.
const WRITES: i64 = 3;

#[tokio::test]
async fn a_change_of_plan_that_dies_loses_no_count_and_is_finished_by_the_next_call() {
    let app = TestApp::new().await;
    let accounts = mortal(&app);
    for at in 0..WRITES {
        for death in [Death::Before(at), Death::After(at)] {
            let customer = unlimited(&app, 0).await;
            all_are(&calls(&app, &customer, FREE, 29).await, 200);
            let change = set_plan(&accounts, &customer, &LIMITED, app.clock.now());
            assert!(app.deaths.run(Some(death), change).await.is_none());
            assert_eq!(calls_of_month(&app, &customer).await, 30, "{death:?}");

            // The next calls, of whatever instance.
            let mut all = 30;
            for app in [&app, &app.restarted()] {
                all_are(&calls(app, &customer, FREE, 1).await, 200);
                all += 1;
                assert_eq!(calls_of_month(app, &customer).await, all, "{death:?}");
                let meter = app.item(&customer, "METER#intent").await.unwrap();
                assert!(!meter.contains_key("folding"), "{death:?}");
            }
            // The operator asks again.
            set_plan(&app.accounts, &customer, &LIMITED, app.clock.now())
                .await
                .unwrap();
            let meter = app.meter(&customer).await;
            assert_eq!(meter.plan, "limited");
            assert_eq!(meter.calls_of_month(MONTH), all, "{death:?}");
            assert!(shards(&app, &customer).await.is_empty());
        }
    }
}

#[tokio::test]
async fn many_calls_at_once_fold_once() {
    let app = TestApp::new().await;
    let customer = unlimited(&app, 0).await;
    all_are(&calls(&app, &customer, FREE, 29).await, 200);
    let accounts = mortal(&app);
    let change = set_plan(&accounts, &customer, &LIMITED, app.clock.now());
    app.deaths.run(Some(Death::After(0)), change).await;
    let instances: Vec<TestApp> = (0..5).map(|_| app.restarted()).collect();
    let all = join_all(instances.iter().map(|app| calls(app, &customer, FREE, 10)));
    for answers in all.await {
        all_are(&answers, 200);
    }
    assert_eq!(calls_of_month(&app, &customer).await, 80);
    let meter = app.item(&customer, "METER#intent").await.unwrap();
    assert_eq!(meter["m202611"].as_n().unwrap(), "80");
}
