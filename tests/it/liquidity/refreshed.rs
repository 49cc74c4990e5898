//! What DefiLlama says of protocols is recorded once a day, whatever dies, is limited or is delivered again.

use std::time::Duration;

use liquidity::Facts;
use liquidity_ingest::{Outcome, ProtocolRefresher, Refreshed};
use liquidity_store::{Description, MAX_PROTOCOLS, ProtocolSource, Stated};
use serde_json::{Value, json};
use tests::{Conduct, Customer, Death, TestApp, Web};
use types::{Deadline, Timestamp};

use super::{customer, protocols, publish, unknown, usdy};

const LIST: &str = "api.llama.fi/protocols";
const POOLS: &str = "yields.llama.fi/pools";
const DETAILS: &str = "api.llama.fi/protocol/";
/// The largest response that is read, in bytes.
const MOST_BYTES: usize = 32 << 20;
const DAY: i64 = 86_400;

/// An entry of DefiLlama's list.
fn entry(slug: &str, tvl: f64) -> Value {
    json!({
        "id": "1", "name": format!("The {slug}"), "description": "Tokenized US treasuries", "category": "RWA",
        "chains": ["Ethereum", "Base"], "slug": slug, "tvl": tvl, "chainTvls": { "Ethereum": tvl }, "mcap": null
    })
}

/// A web with one known and one new protocol, which has a history.
fn web() -> Web {
    let web = Web::start();
    list(
        &web,
        &[
            entry("ondo-usdy", 460e6),
            entry("newcomer", 90e6),
            entry("small", 999_999.0),
        ],
    );
    let pools = json!({ "data": [{ "project": "newcomer", "tvlUsd": 5, "apy": 4.5 }, { "project": "ondo-usdy", "tvlUsd": 5, "apy": 3.5 }] });
    web.tell(
        POOLS,
        Conduct::Answers(200, "etag: \"pools\"", pools.to_string()),
    );
    web.answer(DETAILS, &details("2026-11-15T00:00:00Z", 70));
    web
}

fn list(web: &Web, entries: &[Value]) {
    web.tell(
        LIST,
        Conduct::Answers(200, "etag: \"list\"", json!(entries).to_string()),
    );
}

/// So many days of TVL before a midnight.
fn details(midnight: &str, days: i64) -> String {
    let end: Timestamp = midnight.parse().unwrap();
    let point = |day: i64| json!({ "date": end.as_second() - day * DAY, "totalLiquidityUSD": 90e6 - 1e5 * f64::from(i32::try_from(day).unwrap()) });
    json!({ "name": "Newcomer", "tvl": (1..=days).rev().map(point).collect::<Vec<_>>() })
        .to_string()
}

/// An app that reads a web.
async fn reading(web: &Web) -> TestApp {
    let app = TestApp::new().await;
    let app = app.with_variable("PROTOCOL_SOURCES", "defillama");
    app.with_variable("COLLECTOR_BASE_URL", web.url())
}

/// A run of a new instance.
async fn try_run(app: &TestApp) -> Result<Refreshed, String> {
    let refresher = ProtocolRefresher::from_env(&app.env, &app.aws, app.clock.clock()).unwrap();
    let run = refresher.unwrap().run(app.deadline()).await;
    run.map_err(|failure| failure.to_string())
}

async fn run(app: &TestApp) -> Refreshed {
    try_run(app).await.unwrap()
}

/// What is remembered of DefiLlama, without the number of writes.
async fn remembered(app: &TestApp) -> ProtocolSource {
    let source = protocols(app).source("defillama").await.unwrap();
    ProtocolSource {
        version: 0,
        ..source
    }
}

/// Everything that is shown of both protocols.
async fn shown(app: &TestApp, customer: &Customer) -> Value {
    let get = async |path: String| {
        let response = app.restarted().get(&path).key(customer).send().await;
        (response.status.as_u16(), response.json)
    };
    let mut all = Vec::new();
    for slug in ["ondo-usdy", "newcomer"] {
        all.push(get(format!("/api/v1/protocols/{slug}")).await);
        all.push(get(format!("/api/v1/scores/{slug}")).await);
        all.push(get(format!("/api/v1/scores/{slug}/history?limit=365")).await);
        all.push(get(format!("/api/v1/protocols/{slug}/events?limit=200")).await);
    }
    let mut all = json!(all);
    strip(&mut all);
    all
}

/// Takes out what is different by nature: when it was written, and the number of the request.
fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| {
                !["recorded_at", "requestId", "request_id", "id"].contains(&name.as_str())
            });
            fields.values_mut().for_each(strip);
        }
        Value::Array(elements) => elements.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

async fn facts(app: &TestApp, slug: &str) -> Option<liquidity_store::Protocol> {
    protocols(app).find(&slug.parse().unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_run_updates_what_is_known_and_creates_what_is_large_with_its_history() {
    let web = web();
    let app = reading(&web).await;
    publish(&app, &[usdy()]).await;
    let report = run(&app).await;
    let expected = Refreshed {
        created: 1,
        updated: 1,
        ..Refreshed::default()
    };
    assert_eq!(report, expected);
    let asked: Vec<String> = web
        .seen()
        .iter()
        .map(|one| one.lines().next().unwrap().to_owned())
        .collect();
    assert_eq!(
        asked,
        [
            "GET /api.llama.fi/protocols HTTP/1.1",
            "GET /yields.llama.fi/pools HTTP/1.1",
            "GET /api.llama.fi/protocol/newcomer HTTP/1.1"
        ]
    );
    let usdy = facts(&app, "ondo-usdy").await.unwrap();
    assert_eq!(usdy.monitor.facts().aum_usd, Some(460e6));
    assert_eq!(
        (usdy.name.as_str(), usdy.source.as_str()),
        ("Ondo US Dollar Yield", "DefiLlama")
    );
    assert_eq!(
        (usdy.yield_pct, usdy.holder_count),
        (Some(3.5), Some(12_400))
    );
    let newcomer = facts(&app, "newcomer").await.unwrap();
    assert_eq!(newcomer.blockchains, ["Ethereum", "Base"]);
    assert_eq!(
        (newcomer.yield_pct, newcomer.monitor.facts().aum_usd),
        (Some(4.5), Some(90e6))
    );
    assert_eq!(newcomer.since.to_string(), "2026-09-06T00:00:00Z");
    assert_eq!(newcomer.monitor.pause(), None);
    let slug = "newcomer".parse().unwrap();
    let days = ("2026-09-06".parse().unwrap(), "2026-11-15".parse().unwrap());
    let history = protocols(&app).history(&slug, days).await.unwrap();
    assert_eq!(history.len(), 71);
    assert!(facts(&app, "small").await.is_none());
}

#[tokio::test]
async fn what_has_not_changed_is_neither_fetched_nor_written() {
    let web = web();
    let app = reading(&web).await;
    let customer = customer(&app, "institutional").await;
    publish(&app, &[usdy()]).await;
    run(&app).await;
    web.seen();
    let before = (shown(&app, &customer).await, remembered(&app).await);
    let mortal = ProtocolRefresher::from_env(&app.env, &app.mortal, app.clock.clock())
        .unwrap()
        .unwrap();
    // A second delivery, or the same day by hand.
    app.clock.advance(600);
    let again = app
        .deaths
        .run(None, mortal.run(app.deadline()))
        .await
        .unwrap();
    assert_eq!(
        (
            again.unwrap().outcome,
            web.seen().len(),
            app.deaths.writes()
        ),
        (Outcome::DoneToday, 0, 0)
    );
    // The next day, if both documents are as they were.
    app.clock.advance(DAY);
    for document in [LIST, POOLS] {
        web.tell(document, Conduct::Answers(304, "", String::new()));
    }
    let next = app
        .deaths
        .run(None, mortal.run(app.deadline()))
        .await
        .unwrap();
    assert_eq!(
        (next.unwrap().outcome, app.deaths.writes()),
        (Outcome::Unchanged, 0)
    );
    let asked = web.seen();
    assert_eq!(asked.len(), 2);
    assert!(
        asked[0].contains("if-none-match: \"list\"")
            && asked[1].contains("if-none-match: \"pools\""),
        "{asked:?}"
    );
    assert_eq!(
        (shown(&app, &customer).await, remembered(&app).await),
        before
    );
}

#[tokio::test]
async fn a_limit_is_kept_by_every_instance_for_a_day_at_the_most() {
    for (header, seconds) in [("retry-after: 7200", 7_200), ("retry-after: 999999", DAY)] {
        let web = web();
        let app = reading(&web).await;
        web.tell(LIST, Conduct::Answers(429, header, String::new()));
        let refused = try_run(&app).await.unwrap_err();
        assert!(refused.contains("rate_limited"), "{refused}");
        assert_eq!(web.seen().len(), 1);
        list(&web, &[entry("newcomer", 90e6)]);
        app.clock.advance(seconds - 1);
        assert_eq!(
            (run(&app).await.outcome, web.seen().len()),
            (Outcome::Paused, 0)
        );
        app.clock.advance(1);
        assert_eq!(run(&app).await.created, 1);
        assert_eq!(remembered(&app).await.paused_until, None);
    }
}

#[tokio::test]
async fn a_limit_in_the_middle_leaves_the_rest_to_a_later_run() {
    let web = web();
    let app = reading(&web).await;
    publish(&app, &[usdy()]).await;
    web.tell(
        DETAILS,
        Conduct::Answers(503, "retry-after: 60", String::new()),
    );
    assert!(try_run(&app).await.is_err());
    assert_eq!(
        facts(&app, "ondo-usdy")
            .await
            .unwrap()
            .monitor
            .facts()
            .aum_usd,
        Some(460e6)
    );
    assert!(facts(&app, "newcomer").await.is_none());
    assert!(remembered(&app).await.etags.is_empty());
    web.answer(DETAILS, &details("2026-11-15T00:00:00Z", 70));
    app.clock.advance(60);
    let report = run(&app).await;
    assert_eq!(
        (report.created, report.updated, report.unchanged),
        (1, 0, 1)
    );
    assert_eq!(
        facts(&app, "newcomer").await.unwrap().since.to_string(),
        "2026-09-06T00:00:00Z"
    );
}

#[tokio::test]
async fn whatever_dies_a_repetition_comes_to_the_same() {
    let refreshed = async |death: Option<Death>| {
        let web = web();
        let app = reading(&web).await;
        let customer = customer(&app, "institutional").await;
        publish(&app, &[usdy()]).await;
        let mortal = ProtocolRefresher::from_env(&app.env, &app.mortal, app.clock.clock())
            .unwrap()
            .unwrap();
        let ended = app.deaths.run(death, mortal.run(app.deadline())).await;
        let writes = app.deaths.writes();
        if death != Some(Death::Before(0)) {
            // Later on the same day, whose time is stored by the first write.
            app.clock.advance(600);
        }
        let again = run(&app).await;
        assert!([Outcome::Recorded, Outcome::DoneToday].contains(&again.outcome));
        (
            shown(&app, &customer).await,
            remembered(&app).await,
            ended.is_none(),
            writes,
        )
    };
    let (expected, source, _, writes) = refreshed(None).await;
    assert_eq!(source.etags.len(), 2);
    assert!(writes > 4, "{writes}");
    for write in 0..writes {
        for death in [Death::Before(write), Death::After(write)] {
            let (shown, remembered, died, _) = refreshed(Some(death)).await;
            assert!(died, "{death:?}");
            assert_eq!(shown, expected, "{death:?}");
            assert_eq!(remembered, source, "{death:?}");
        }
    }
}

#[tokio::test]
async fn what_was_begun_is_read_again_changed_or_not() {
    let web = web();
    let app = reading(&web).await;
    list(&web, &[]);
    assert_eq!(run(&app).await.outcome, Outcome::Recorded);
    app.clock.advance(DAY);
    list(&web, &[entry("newcomer", 90e6)]);
    let mortal = ProtocolRefresher::from_env(&app.env, &app.mortal, app.clock.clock())
        .unwrap()
        .unwrap();
    let death = Some(Death::After(1));
    assert!(
        app.deaths
            .run(death, mortal.run(app.deadline()))
            .await
            .is_none()
    );
    web.seen();
    assert_eq!(run(&app).await.outcome, Outcome::Recorded);
    assert!(
        web.seen()
            .iter()
            .all(|asked| !asked.contains("if-none-match"))
    );
    let newcomer = facts(&app, "newcomer").await.unwrap();
    assert_eq!(newcomer.monitor.facts().aum_usd, Some(90e6));
}

#[tokio::test]
async fn a_repetition_confirms_no_level() {
    let web = Web::start();
    let app = reading(&web).await;
    let (slug, mut first) = usdy();
    first.statement.at = app.clock.now() - Duration::from_hours(24 * 13);
    let mut stated = vec![first];
    stated.extend((2..=12_u64).rev().map(|days| Stated {
        description: Description::default(),
        statement: liquidity::Statement {
            at: app.clock.now() - Duration::from_hours(24 * days),
            cadence: None,
            facts: Facts {
                aum_usd: Some(450e6),
                ..Facts::default()
            },
            status: None,
        },
    }));
    protocols(&app)
        .record(&slug, &stated, app.clock.now())
        .await
        .unwrap();
    list(&web, &[entry("ondo-usdy", 40e6)]);
    // Without the pools every run of the day fails, and the next one repeats it.
    web.tell(POOLS, Conduct::Answers(500, "", String::new()));
    for _ in 0..4 {
        assert!(try_run(&app).await.is_err());
        app.clock.advance(60);
    }
    let known = facts(&app, "ondo-usdy").await.unwrap();
    let held = known.monitor.pause().map(|pause| pause.held.len());
    assert_eq!(
        (held, known.monitor.facts().aum_usd),
        (Some(1), Some(450e6))
    );
}

#[tokio::test]
async fn without_the_pools_the_list_is_recorded_and_the_run_fails() {
    let web = web();
    let app = reading(&web).await;
    publish(&app, &[usdy()]).await;
    web.tell(POOLS, Conduct::Resets);
    assert!(try_run(&app).await.unwrap_err().contains("yields.llama.fi"));
    assert_eq!(
        facts(&app, "ondo-usdy")
            .await
            .unwrap()
            .monitor
            .facts()
            .aum_usd,
        Some(460e6)
    );
    assert!(facts(&app, "newcomer").await.is_some());
    let source = remembered(&app).await;
    assert_eq!((source.etags.len(), source.recorded_at), (0, None));
    let pools = json!({ "data": [{ "project": "newcomer", "tvlUsd": 5, "apy": 4.5 }] });
    web.answer(POOLS, &pools.to_string());
    assert_eq!(run(&app).await.outcome, Outcome::Recorded);
    assert_eq!(facts(&app, "newcomer").await.unwrap().yield_pct, Some(4.5));
}

#[tokio::test]
async fn a_list_that_does_not_come_or_is_none_changes_nothing() {
    let odd = [
        Conduct::Resets,
        Conduct::Answers(500, "", String::new()),
        Conduct::Answers(404, "", String::new()),
        Conduct::Answers(200, "", r#"{"message":"Internal server error"}"#.to_owned()),
        Conduct::Answers(200, "", "[{\"slug\":\"ondo-usdy\",\"tvl\":1".to_owned()),
    ];
    let web = web();
    let app = reading(&web).await;
    publish(&app, &[usdy()]).await;
    let before = facts(&app, "ondo-usdy").await;
    for conduct in odd {
        web.tell(LIST, conduct.clone());
        assert!(try_run(&app).await.is_err(), "{conduct:?}");
        assert_eq!(facts(&app, "ondo-usdy").await, before);
        assert_eq!(remembered(&app).await, ProtocolSource::default());
    }
}

#[tokio::test]
async fn a_response_is_read_up_to_its_limit() {
    let web = web();
    let app = reading(&web).await;
    let blank = |length: usize| format!("[{}]", " ".repeat(length - 2));
    web.answer(LIST, &blank(MOST_BYTES + 1));
    assert!(try_run(&app).await.unwrap_err().contains("too_large"));
    assert_eq!(remembered(&app).await, ProtocolSource::default());
    web.answer(LIST, &blank(MOST_BYTES));
    assert_eq!(run(&app).await.outcome, Outcome::Recorded);
}

#[tokio::test]
async fn many_new_protocols_take_several_runs_and_the_tag_waits_for_the_last() {
    let web = web();
    let app = reading(&web).await;
    let entries: Vec<Value> = (1..=12_u32)
        .map(|n| entry(&format!("new-{n}"), 1e6 * f64::from(n)))
        .collect();
    list(&web, &entries);
    web.tell(DETAILS, Conduct::Answers(404, "", String::new()));
    let first = run(&app).await;
    assert_eq!(
        (first.outcome, first.created, first.left),
        (Outcome::InPart, 10, 2)
    );
    assert!(facts(&app, "new-2").await.is_none() && facts(&app, "new-3").await.is_some());
    let source = remembered(&app).await;
    assert_eq!((source.etags.len(), source.begun.len()), (0, 0));
    let second = run(&app).await;
    assert_eq!(
        (second.outcome, second.created, second.unchanged),
        (Outcome::Recorded, 2, 10)
    );
    assert_eq!(remembered(&app).await.etags.len(), 2);
}

#[tokio::test]
async fn a_protocol_whose_history_cannot_be_read_is_created_without_it() {
    for conduct in [
        Conduct::Answers(404, "", String::new()),
        Conduct::Answers(200, "", "{}".to_owned()),
        Conduct::Answers(200, "", " ".repeat(MOST_BYTES + 1)),
    ] {
        let web = web();
        let app = reading(&web).await;
        list(&web, &[entry("newcomer", 90e6)]);
        web.tell(DETAILS, conduct);
        assert_eq!(run(&app).await.created, 1);
        assert_eq!(
            facts(&app, "newcomer").await.unwrap().since,
            app.clock.now()
        );
    }
    let web = web();
    let app = reading(&web).await;
    web.tell(DETAILS, Conduct::Answers(500, "", String::new()));
    assert!(try_run(&app).await.is_err());
    assert!(facts(&app, "newcomer").await.is_none());
}

#[tokio::test]
async fn there_are_never_more_protocols_than_there_may_be() {
    let web = web();
    let app = reading(&web).await;
    list(&web, &[entry("newcomer", 90e6)]);
    app.set_protocol_count(MAX_PROTOCOLS).await;
    let report = run(&app).await;
    assert_eq!(
        (report.full, report.created, report.outcome),
        (1, 0, Outcome::Recorded)
    );
    assert!(facts(&app, "newcomer").await.is_none());
}

#[tokio::test]
async fn a_run_without_time_begins_nothing_and_the_next_goes_on() {
    let web = web();
    let app = reading(&web).await;
    publish(&app, &[usdy(), unknown("small")]).await;
    let refresher = ProtocolRefresher::from_env(&app.env, &app.aws, app.clock.clock())
        .unwrap()
        .unwrap();
    let ends = Deadline(app.clock.now() + Duration::from_secs(90));
    let report = refresher.run(ends).await.unwrap();
    assert_eq!(
        (report.outcome, report.left, report.updated),
        (Outcome::InPart, 3, 0)
    );
    let report = run(&app).await;
    assert_eq!(
        (report.outcome, report.created, report.updated),
        (Outcome::Recorded, 1, 2)
    );
}

#[tokio::test]
async fn two_runs_at_once_record_once() {
    let web = web();
    let app = reading(&web).await;
    let customer = customer(&app, "institutional").await;
    publish(&app, &[usdy()]).await;
    let (one, other) = futures::join!(try_run(&app), try_run(&app));
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    let both = shown(&app, &customer).await;
    let alone = {
        let app = reading(&web).await;
        let customer = super::customer(&app, "institutional").await;
        publish(&app, &[usdy()]).await;
        run(&app).await;
        shown(&app, &customer).await
    };
    assert_eq!(both, alone);
    assert_eq!(remembered(&app).await.begun, []);
}

#[tokio::test]
async fn it_is_off_unless_a_source_is_named() {
    let web = Web::start();
    let app = reading(&web).await;
    let made = |sources: &str| {
        let app = app.with_variable("PROTOCOL_SOURCES", sources);
        ProtocolRefresher::from_env(&app.env, &app.aws, app.clock.clock())
    };
    assert!(made("").unwrap().is_none());
    assert!(made("defillama").unwrap().is_some());
    assert!(made("rwa.xyz").is_err());
}
