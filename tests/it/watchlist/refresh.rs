use http::Method;
use intent::Kind;
use serde_json::json;
use tests::{Counted, Customer, InFlight, PERIOD, TestApp, known, signal};
use watchlist::{Order, Report};

use super::{PATH, entry, excite};

async fn watching(app: &TestApp, domains: &[&str]) -> Customer {
    let customer = app.customer(100).await;
    for domain in domains {
        app.watch(&customer, domain).send().await.expect(201);
    }
    customer
}

#[tokio::test]
async fn a_score_is_refreshed_when_it_is_due_and_not_before() {
    let app = TestApp::new().await;
    let customer = watching(&app, &["stripe.com"]).await;
    excite(&app, "stripe.com").await;
    app.clock.advance(PERIOD - 1);
    assert_eq!(app.refresh().await, Report::default());
    app.clock.advance(1);
    let expected = Report {
        companies: 1,
        entries: 1,
        events: 2,
        ..Report::default()
    };
    assert_eq!(app.refresh().await, expected);
    assert_eq!(app.refresh().await, Report::default());
    let seen = entry(&app, &customer, "stripe.com").await;
    insta::assert_json_snapshot!(seen, @r#"
    {
      "alerts": {
        "band_changes": true,
        "min_score_change": 10
      },
      "band": "HOT",
      "change": 87,
      "company_name": "STRIPE.COM",
      "confidence": "high",
      "created_at": "2026-11-15T12:00:10Z",
      "domain": "stripe.com",
      "previous_score": 0,
      "previous_scored_at": "2026-11-15T12:00:10Z",
      "score": 87,
      "score_age": 0,
      "scored_at": "2026-11-15T18:00:10Z"
    }
    "#);
    assert_eq!(app.watchlist(&customer).await, [seen]);
    // The score is kept, so it is no other a period later, and the next day it is.
    app.clock.advance(PERIOD);
    assert_eq!(app.refresh().await.entries, 0);
    app.clock.advance(86_400);
    let report = app.refresh().await;
    assert_eq!((report.companies, report.entries, report.events), (1, 1, 0));
    assert_eq!(report.late_seconds, 86_400 - PERIOD);
    let later = entry(&app, &customer, "stripe.com").await;
    assert!(later["change"].as_i64().unwrap() <= 0, "{later}");
    assert_eq!(later["score_age"], 0);
}

#[tokio::test]
async fn a_company_is_scored_once_for_all_but_those_with_own_signals() {
    let measured = Counted::new().await;
    let app = &measured.app;
    excite(app, "stripe.com").await;
    let mut others = Vec::new();
    for _ in 0..10 {
        others.push(watching(app, &["stripe.com"]).await);
    }
    let owner = watching(app, &["stripe.com"]).await;
    let own = signal("stripe.com", "news", 14, "own");
    app.learn(&owner, &[own]).await;
    app.publish("stripe.com", known(Kind::Product, 15, "new"))
        .await;
    app.clock.advance(PERIOD);
    let refresher = measured.counted.refresher();
    let run = refresher.run(Order::default(), app.deadline());
    let (cost, report) = measured.cost_of(run).await;
    assert_eq!(report.unwrap().entries, 11);
    // Eight lines that are looked through; suspended accounts; the watchers; and signals: the public ones, twice, and the own.
    assert_eq!(cost.calls["DynamoDB Query"], 8 + 1 + 1 + 3, "{cost:?}");
    // What is read of all accounts at once: score rows, and entries.
    assert_eq!(cost.calls["DynamoDB BatchGetItem"], 2, "{cost:?}");
    let score = async |customer: &Customer| {
        entry(app, customer, "stripe.com").await["score"]
            .as_u64()
            .unwrap()
    };
    let public = score(&others[0]).await;
    for other in &others {
        assert_eq!(score(other).await, public);
    }
    assert!(score(&owner).await > public);
}

#[tokio::test]
async fn a_run_keeps_to_its_budget_and_the_next_goes_on() {
    let app = TestApp::new().await;
    let domains: Vec<String> = (0..40)
        .map(|number| format!("company{number}.com"))
        .collect();
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    watching(&app, &domains).await;
    app.clock.advance(PERIOD);
    let small = app.with_variable("REFRESH_COMPANIES", "16");
    let mut seen = 0;
    let mut runs = 0;
    while seen < 40 {
        let report = small.refresh().await;
        assert!((1..=16).contains(&report.companies), "{report:?}");
        seen += report.companies;
        runs += 1;
    }
    assert!((3..10).contains(&runs), "{runs}");
    assert_eq!(small.refresh().await, Report::default());
}

#[tokio::test]
async fn a_run_that_is_out_of_time_leaves_the_rest_due() {
    let app = TestApp::new().await;
    watching(&app, &["a.com", "b.com"]).await;
    app.clock.advance(PERIOD);
    let ends = types::Deadline(app.clock.now() + std::time::Duration::from_secs(20));
    let report = app.refresher().run(Order::default(), ends).await.unwrap();
    assert_eq!(report, Report::default());
    assert_eq!(app.refresh().await.companies, 2);
}

#[tokio::test]
async fn a_company_that_nobody_watches_any_more_leaves_the_index() {
    let app = TestApp::new().await;
    let customer = watching(&app, &["stripe.com"]).await;
    let call = app.call(Method::DELETE, &format!("{PATH}/stripe.com"));
    call.key(&customer).send().await.expect(204);
    app.clock.advance(PERIOD);
    let report = app.refresh().await;
    assert_eq!((report.companies, report.forgotten), (0, 1));
    assert!(app.watchers("stripe.com").await.is_none());
    // Whoever watches it again starts afresh.
    app.watch(&customer, "stripe.com").send().await.expect(201);
    assert_eq!(app.refresh().await, Report::default());
    app.clock.advance(PERIOD);
    assert_eq!(app.refresh().await.companies, 1);
}

#[tokio::test]
async fn a_company_that_fails_is_put_off_and_holds_nobody_up() {
    let app = TestApp::new().await;
    let customer = watching(&app, &["a.com", "b.com", "c.com"]).await;
    app.spoil_watch(&customer, "b.com").await;
    app.clock.advance(PERIOD);
    let report = app.refresh().await;
    assert_eq!((report.companies, report.failed), (2, 1));
    assert_eq!(app.refresh().await, Report::default());
    app.clock.advance(900);
    assert_eq!(app.refresh().await.failed, 1);
}

#[tokio::test]
async fn what_is_due_later_can_be_refreshed_ahead() {
    let app = TestApp::new().await;
    watching(&app, &["a.com", "b.com"]).await;
    app.clock.advance(60);
    let refresher = app.refresher();
    let run = async |ahead_seconds| {
        let order = Order { ahead_seconds };
        refresher.run(order, app.deadline()).await.unwrap()
    };
    assert_eq!(run(21_539).await, Report::default());
    let expected = Report {
        companies: 2,
        entries: 2,
        ..Report::default()
    };
    assert_eq!(run(21_540).await, expected);
    assert_eq!(run(21_540).await, Report::default());
}

#[tokio::test]
async fn another_period_can_be_set() {
    let app = TestApp::new().await.with_variable("REFRESH_SECONDS", "300");
    let customer = watching(&app, &["a.com"]).await;
    app.clock.advance(299);
    assert_eq!(app.refresh().await.companies, 0);
    app.clock.advance(1);
    assert_eq!(app.refresh().await.companies, 1);
    app.clock.advance(300);
    assert_eq!(app.refresh().await.companies, 1);
    assert_eq!(entry(&app, &customer, "a.com").await["change"], json!(0));
}

/// How many of them are in memory at once is how many are read at once.
#[tokio::test]
async fn companies_of_very_many_signals_are_read_one_after_the_other() {
    let app = TestApp::new().await;
    let domains = ["a.com", "b.com"];
    for domain in domains {
        app.crowd(domain, None, 600).await;
    }
    for _ in 0..8 {
        let customer = app.customer(10).await;
        for domain in domains {
            app.watch(&customer, domain).send().await.expect(201);
            // A signal of its own, so that its score is its own.
            app.crowd(domain, Some(&customer), 1).await;
        }
    }
    app.clock.advance(PERIOD);
    let queries = InFlight::of(app.env.required("INTEL_TABLE").unwrap());
    let report = app.counting(&queries).refresh().await;
    assert_eq!(report.entries, 16);
    assert_eq!(
        queries.most(),
        2,
        "the public signals and the account's own"
    );
}
