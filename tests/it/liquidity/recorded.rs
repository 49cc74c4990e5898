//! What sources state is stored once, with its history and its events, whoever writes at once and whatever dies.

use std::time::Duration;

use futures::future::join_all;
use liquidity::Facts;
use liquidity_ingest::DailyScorer;
use liquidity_store::{Protocols, Recorded, Stated};
use serde_json::{Value, json};
use store::Dynamo;
use tests::{Customer, Death, TestApp};

use super::{customer, protocols, publish, unknown, usdy};

/// Terms, a hundred days of AUM, a day of zero, and a return: with a pause in it, changes, and more than one transaction has room for.
fn story(app: &TestApp) -> Vec<Stated> {
    let (_, terms) = usdy();
    let day = |n: u64| app.clock.now() - Duration::from_hours(24 * (110 - n));
    let aum = |n: u64, usd: f64| {
        let (_, mut stated) = unknown("ondo-usdy");
        stated.description = liquidity_store::Description::default();
        stated.statement.at = day(n);
        stated.statement.facts = Facts {
            aum_usd: Some(usd),
            ..Facts::default()
        };
        stated
    };
    let mut story = vec![terms];
    story[0].statement.at = day(0);
    story.extend((1..100_u32).map(|n| aum(n.into(), 450e6 + f64::from(n) * 1e6)));
    story.extend([aum(101, 0.0), aum(103, 300e6), aum(104, 30e6)]);
    story
}

/// Everything that is stored of the protocol.
async fn stored(app: &TestApp, customer: &Customer) -> Value {
    let get = async |path: &str| app.get(path).key(customer).send().await.expect(200).json;
    let history = get("/api/v1/scores/ondo-usdy/history?limit=365").await;
    let events = get("/api/v1/protocols/ondo-usdy/events?limit=200").await;
    let then = get("/api/v1/scores/ondo-usdy/explain?at=2026-11-08").await;
    json!([get("/api/v1/scores/ondo-usdy").await, history, events, then])
}

#[tokio::test]
async fn whatever_dies_the_same_is_stored_once() {
    let slug = "ondo-usdy".parse().unwrap();
    let recorded = async |death: Option<Death>| {
        let app = TestApp::new().await;
        let customer = customer(&app, "institutional").await;
        let table = app.env.required("INTEL_TABLE").unwrap();
        let mortal = Protocols::new(&Dynamo::new(&app.mortal), table);
        let (now, story) = (app.clock.now(), story(&app));
        let ended = app
            .deaths
            .run(death, mortal.record(&slug, &story, now))
            .await;
        protocols(&app).record(&slug, &story, now).await.unwrap();
        (stored(&app, &customer).await, ended.is_none())
    };
    let (expected, _) = recorded(None).await;
    assert!(
        expected[2]["events"].as_array().unwrap().len() > 3,
        "{expected}"
    );
    let mut deaths = 0;
    for death in (0..).flat_map(|write| [Death::Before(write), Death::After(write)]) {
        let (stored, died) = recorded(Some(death)).await;
        assert_eq!(stored, expected, "{death:?}");
        if !died {
            break;
        }
        deaths += 1;
    }
    assert_eq!(deaths, 6, "before and after each of three transactions");
}

#[tokio::test]
async fn who_writes_at_once_loses_nothing() {
    let app = TestApp::new().await;
    let customer = customer(&app, "analyst").await;
    publish(&app, &[usdy()]).await;
    let (slug, _) = usdy();
    let stored = protocols(&app);
    let now = app.clock.now();
    let writes = (0..3_u32).map(|n| {
        let (_, mut stated) = unknown("ondo-usdy");
        stated.description.name = None;
        stated.description.category = None;
        let facts = &mut stated.statement.facts;
        match n {
            0 => facts.issuer.operating_years = Some(5.0),
            1 => facts.secondary.holder_hhi = Some(0.02),
            _ => facts.checks.wash_volume_share = Some(0.01),
        }
        let (stored, slug) = (stored.clone(), slug.clone());
        async move { stored.record(&slug, &[stated], now).await.unwrap() }
    });
    assert_eq!(join_all(writes).await, [Recorded::Updated; 3]);
    let call = app.get("/api/v1/scores/ondo-usdy").key(&customer);
    let score = call.send().await.expect(200).json;
    let missing = score["missing"].to_string();
    for fact in [
        "issuer.operating_years",
        "secondary.holder_hhi",
        "checks.wash_volume_share",
    ] {
        assert!(!missing.contains(fact), "{fact} {missing}");
    }
}

#[tokio::test]
async fn the_last_place_is_given_once() {
    let app = TestApp::new().await;
    let count = |number: u64| app.set_protocol_count(number);
    count(liquidity_store::MAX_PROTOCOLS - 1).await;
    let stored = protocols(&app);
    let now = app.clock.now();
    let writes = (0..3_u32).map(|n| {
        let (slug, stated) = unknown(&format!("new-{n}"));
        let stored = stored.clone();
        async move { stored.record(&slug, &[stated], now).await.unwrap() }
    });
    let mut recorded = join_all(writes).await;
    recorded.sort_by_key(|of| *of != Recorded::Created);
    assert_eq!(
        recorded,
        [Recorded::Created, Recorded::Full, Recorded::Full]
    );
    let (slug, stated) = unknown("nameless");
    let nameless = Stated {
        description: liquidity_store::Description::default(),
        ..stated
    };
    assert_eq!(
        stored.record(&slug, &[nameless], now).await.unwrap(),
        Recorded::Unknown
    );
}

#[tokio::test]
async fn events_are_paged_without_a_gap() {
    let app = TestApp::new().await;
    let customer = customer(&app, "institutional").await;
    let (slug, _) = usdy();
    protocols(&app)
        .record(&slug, &story(&app), app.clock.now())
        .await
        .unwrap();
    let page = async |query: &str| {
        let call = app.get(&format!("/api/v1/protocols/ondo-usdy/events{query}"));
        call.key(&customer).send().await
    };
    let all = page("?limit=200").await.expect(200).json["events"].clone();
    let mut paged = Vec::new();
    let mut cursor = String::new();
    loop {
        let answer = page(&format!("?limit=2{cursor}")).await.expect(200).json;
        paged.extend(answer["events"].as_array().unwrap().iter().cloned());
        match answer["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(json!(paged), all);
    for cursor in ["x", "1-2-3", "--", "1774159200%2300000001%2300"] {
        assert_eq!(
            page(&format!("?cursor={cursor}"))
                .await
                .expect(400)
                .error()
                .1,
            "cursor_invalid"
        );
    }
    let call = app.get("/api/v1/protocols/nobody/events").key(&customer);
    call.send().await.expect(404);
}

#[tokio::test]
async fn every_protocol_is_scored_once_a_day() {
    let app = TestApp::new().await;
    let customer = customer(&app, "analyst").await;
    publish(&app, &[usdy(), unknown("paxg")]).await;
    let scorer = DailyScorer::from_env(&app.env, &app.aws, app.clock.clock()).unwrap();
    app.clock.advance(24 * 3_600);
    let run = async || {
        let run = scorer.run(app.deadline()).await.unwrap();
        (run.scored, run.unchanged, run.failed)
    };
    // A protocol of which nothing is known has no score that could age.
    assert_eq!(run().await, (1, 1, 0));
    assert_eq!(run().await, (0, 2, 0));
    let call = app.get("/api/v1/scores/ondo-usdy").key(&customer);
    let score = call.send().await.expect(200).json;
    assert_eq!(score["scored_at"], "2026-11-16T06:00:00Z");
    let call = app.get("/api/v1/scores/ondo-usdy/history").key(&customer);
    let history = call.send().await.expect(200).json;
    assert_eq!(history["scores"].as_array().unwrap().len(), 2);
}
