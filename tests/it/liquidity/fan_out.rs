use expect_test::expect;
use http::Method;
use liquidity::{Frequency, Status};
use liquidity_store::ProtocolWatch;
use serde_json::{Value, json};
use tests::{Customer, Death, TestApp};
use types::{AccountId, WatchId};
use workspace::{EventPayload, Watchlists};

use crate::operator;

use super::{Source, customer, publish, usdy};

const PATH: &str = "/api/v1/watchlist";

/// An app with a protocol that can be bought, of 91 points.
async fn app() -> TestApp {
    let app = TestApp::new().await;
    let (slug, mut stated) = usdy();
    stated.statement.status = Some(Status::Active);
    publish(&app, &[(slug, stated)]).await;
    app
}

async fn watch(app: &TestApp, customer: &Customer) {
    let body = json!({ "protocolSlug": "ondo-usdy" });
    let added = app.post(PATH).key(customer).json(&body).send().await;
    added.expect(201);
}

async fn change(app: &TestApp, customer: &Customer, change: Value) {
    let patch = app.call(Method::PATCH, &format!("{PATH}/ondo-usdy"));
    patch.key(customer).json(&change).send().await.expect(200);
}

async fn watcher(app: &TestApp, alerts: Option<Value>) -> Customer {
    let customer = customer(app, "analyst").await;
    watch(app, &customer).await;
    if let Some(alerts) = alerts {
        change(app, &customer, alerts).await;
    }
    customer
}

/// What the source states an hour later.
fn later(app: &TestApp, state: impl FnOnce(&mut Source)) -> Source {
    app.clock.advance(3_600);
    let (slug, mut stated) = usdy();
    stated.statement.at = app.clock.now();
    stated.statement.facts = liquidity::Facts::default();
    let mut source = (slug, stated);
    state(&mut source);
    source
}

/// Redemption is as often as this from now on, which changes the score.
pub(crate) async fn redeemed(app: &TestApp, often: Frequency) {
    let source = later(app, |(_, stated)| {
        stated.statement.facts.redemption.frequency = Some(often);
    });
    publish(app, &[source]).await;
}

async fn suspend_protocol(app: &TestApp) {
    let source = later(app, |(_, stated)| {
        stated.statement.status = Some(Status::Suspended);
    });
    publish(app, &[source]).await;
}

async fn told(app: &TestApp, customer: &Customer) -> Vec<EventPayload> {
    let events = app.stored_events(customer.account).await.into_iter();
    events.map(|event| event.payload).collect()
}

#[tokio::test]
async fn what_happens_to_a_protocol_is_an_event_of_each_who_watches_it() {
    let app = app().await;
    let (one, other) = (watcher(&app, None).await, watcher(&app, None).await);
    let stranger = customer(&app, "analyst").await;
    app.tell_watchers().await;
    assert_eq!(told(&app, &one).await, []);
    suspend_protocol(&app).await;
    app.tell_watchers().await;
    let events = app.stored_events(one.account).await;
    let shown: Vec<String> = events
        .iter()
        .map(|event| serde_json::to_string(&event).unwrap())
        .collect();
    expect![[r#"{"id":"compliance_alert#liquidity#ondo-usdy-1794747610-status","product":"liquidity","at":"2026-11-15T13:00:10Z","expires":1802523610,"version":1,"kind":"compliance_alert","payload":{"slug":"ondo-usdy","name":"Ondo US Dollar Yield","alert":{"field":"status","from":"active","to":"suspended"}}}"#]].assert_eq(&shown.join("\n"));
    assert_eq!(told(&app, &other).await, told(&app, &one).await);
    assert_eq!(told(&app, &stranger).await, []);
}

/// The changes of the score that a customer was told, in order: points before, and after.
async fn changes(app: &TestApp, customer: &Customer) -> Vec<(u8, u8)> {
    let told = told(app, customer).await.into_iter();
    let changes = told.filter_map(|payload| match payload {
        EventPayload::ScoreChange { from, to, .. } => Some((from, to)),
        _ => None,
    });
    changes.collect()
}

#[tokio::test]
async fn a_change_of_the_score_is_told_by_each_entry_s_threshold() {
    let app = app().await;
    let any = watcher(&app, Some(json!({ "alert_threshold": 1 }))).await;
    let usual = watcher(&app, None).await;
    let none = watcher(&app, Some(json!({ "alert_on_score_change": false }))).await;
    let path = [Frequency::Weekly, Frequency::Monthly, Frequency::Quarterly];
    for often in path {
        redeemed(&app, often).await;
        app.tell_watchers().await;
    }
    expect!["[(91, 84), (84, 76), (76, 69)]"]
        .assert_eq(&format!("{:?}", changes(&app, &any).await));
    expect!["[(91, 76)]"].assert_eq(&format!("{:?}", changes(&app, &usual).await));
    assert_eq!(changes(&app, &none).await, []);
}

#[tokio::test]
async fn what_was_while_the_alert_was_off_is_not_told_when_it_is_on_again() {
    let app = app().await;
    let customer = watcher(&app, Some(json!({ "alert_on_score_change": false }))).await;
    redeemed(&app, Frequency::Quarterly).await;
    app.tell_watchers().await;
    let on = json!({ "alert_on_score_change": true, "alert_threshold": 1 });
    change(&app, &customer, on).await;
    redeemed(&app, Frequency::Monthly).await;
    app.tell_watchers().await;
    expect!["[(69, 76)]"].assert_eq(&format!("{:?}", changes(&app, &customer).await));
}

#[tokio::test]
async fn neither_who_came_later_nor_who_is_suspended_is_told() {
    let app = app().await;
    let words = ["account", "create", "Acme", "--plan", "liquidity=analyst"];
    let suspended: AccountId = {
        let made = operator::json(&app, &words).await;
        made["account"].as_str().unwrap().parse().unwrap()
    };
    let now = app.clock.now();
    let owner = (suspended, WatchId::from_parts(now, 1));
    let entry = ProtocolWatch::new(owner, "ondo-usdy".parse().unwrap(), Some(91), now);
    let watchlists = Watchlists::new(&app.workspace);
    watchlists.add(&entry, None, None).await.unwrap();
    let account = suspended.to_string();
    operator::json(
        &app,
        &["account", "suspend", &account, "--reason", "unpaid"],
    )
    .await;
    suspend_protocol(&app).await;
    app.clock.advance(10);
    let late = watcher(&app, None).await;
    app.tell_watchers().await;
    assert!(app.events_of(suspended).await.is_empty());
    assert_eq!(told(&app, &late).await, []);
}

#[tokio::test]
async fn what_is_recorded_a_week_late_is_no_news() {
    let app = app().await;
    let customer = watcher(&app, None).await;
    let day = 86_400;
    for (days, is_told) in [(8, false), (6, true)] {
        let source = later(&app, |(_, stated)| {
            let status = if is_told {
                Status::Active
            } else {
                Status::Suspended
            };
            stated.statement.status = Some(status);
        });
        app.clock.advance(days * day);
        publish(&app, &[source]).await;
        app.tell_watchers().await;
        let told = told(&app, &customer).await;
        let is = |payload: &EventPayload| matches!(payload, EventPayload::ComplianceAlert { .. });
        assert_eq!(told.iter().any(is), is_told, "{told:?}");
    }
}

/// Accounts that watch the protocol, in the order of their ids.
pub(crate) async fn crowd(app: &TestApp, size: u128) -> Vec<AccountId> {
    let watchlists = Watchlists::<ProtocolWatch>::new(&app.workspace);
    let now = app.clock.now();
    let mut accounts = Vec::new();
    for number in 0..size {
        let account = AccountId::from_parts(now, number);
        let owner = (account, WatchId::from_parts(now, number));
        let entry = ProtocolWatch::new(owner, "ondo-usdy".parse().unwrap(), Some(91), now);
        watchlists.add(&entry, None, None).await.unwrap();
        accounts.push(account);
    }
    accounts
}

#[tokio::test]
async fn a_crowd_is_told_a_page_a_run() {
    let app = app().await;
    let accounts = crowd(&app, 250).await;
    suspend_protocol(&app).await;
    let runs = app.tell_watchers().await;
    assert_eq!(runs, 3);
    // The stream brings each record again.
    app.tell_watchers().await;
    for account in accounts {
        assert_eq!(app.events_of(account).await.len(), 1, "{account}");
    }
}

#[tokio::test]
async fn a_run_that_dies_at_any_write_tells_each_watcher_once() {
    for number in 0.. {
        let app = app().await;
        let watchers = crowd(&app, 3).await;
        let alert = watcher(&app, Some(json!({ "alert_threshold": 1 }))).await;
        redeemed(&app, Frequency::Quarterly).await;
        let events = app.protocol_events().await;
        let mut died = false;
        for event in events {
            let fan_out = app.mortal_fan_out();
            let run = fan_out.run(event.into());
            died |= app
                .deaths
                .run(Some(Death::After(number)), run)
                .await
                .is_none();
        }
        app.tell_watchers().await;
        let mut accounts = watchers;
        accounts.push(alert.account);
        let mut told = Vec::new();
        for account in accounts {
            told.push(app.events_of(account).await.len());
        }
        assert_eq!(told, [2, 2, 2, 2], "of score and tier");
        if !died {
            assert!(number > 3, "{number}");
            return;
        }
    }
}
