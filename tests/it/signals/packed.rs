//! Companies of very many signals, of which scores read briefs.

use futures::future::{join, join_all};
use intent::{Kind, Score, Signal, Strength};
use intent_store::{Known, MAX_SIGNALS, MAX_VERSIONS, ScoreRow};
use serde_json::{Value, json};
use store::{Dynamo, Owner};
use tests::{Customer, Death, TestApp, signal};
use types::{Domain, Timestamp};

use super::PATH;
use crate::import::import;

const DAY: i64 = 86_400;

fn stripe() -> Domain {
    Domain::parse("stripe.com").unwrap()
}

async fn add(app: &TestApp, owner: Owner, signals: &[Signal]) {
    let now = app.clock.now();
    let domain = stripe();
    let added = app.intel.add_signals(&domain, owner, signals, now);
    added.await.unwrap();
}

async fn row(app: &TestApp, customer: &Customer, owner: Owner) -> ScoreRow {
    let domain = stripe();
    let rows = app.intel.score_rows_now(customer.account, &domain);
    let rows = rows.await.unwrap();
    let row = match owner {
        Owner::Public => rows.public,
        Owner::Account(_) => rows.own,
    };
    row.unwrap_or_default()
}

/// The numbers of the briefs of a packed company, and those of its signals, in one order.
async fn both(app: &TestApp, customer: &Customer, owner: Owner) -> [Vec<String>; 2] {
    let row = row(app, customer, owner).await;
    let now = app.clock.now();
    let known = app.intel.known(&stripe(), owner, &row, now).await.unwrap();
    let Known::Briefs(briefs) = known else {
        panic!("it is not packed: {row:?}")
    };
    let whole = app.intel.signals(&stripe(), owner, now).await.unwrap();
    let briefs = briefs.iter().map(|brief| brief.numbers);
    let sorted = |numbers: &mut dyn Iterator<Item = intent::Numbers>| {
        let mut shown: Vec<String> = numbers.map(|numbers| format!("{numbers:?}")).collect();
        shown.sort_unstable();
        shown
    };
    [
        sorted(&mut briefs.into_iter()),
        sorted(&mut whole.iter().map(intent::Numbers::from)),
    ]
}

async fn check_briefs(app: &TestApp, customer: &Customer, owner: Owner) {
    let [briefs, whole] = both(app, customer, owner).await;
    assert_eq!(briefs, whole);
}

/// Signals of all kinds, strengths and ages, no two with the same numbers.
fn various(ids: std::ops::Range<i64>, now: Timestamp) -> Vec<Signal> {
    let one = |id: i64| {
        #[expect(clippy::cast_precision_loss, reason = "ids are small")]
        let share = (id * 7_919 % 1_000 + 1) as f64 / 1_000.0;
        let ago = id * id * 37 % (200 * DAY) + id;
        Signal {
            kind: Kind::ALL[usize::try_from(id * 31 % 11).unwrap()],
            strength: Strength::new(if id % 3 == 0 {
                share / 7.0 + 0.001
            } else {
                share
            })
            .unwrap(),
            observed_at: Timestamp::new(now.as_second() - ago, 0).unwrap(),
            source: format!("source {}", id % 5),
            external_id: id.to_string(),
            evidence: format!("evidence {id}"),
            url: (id % 2 == 0).then(|| format!("https://example.com/{id}")),
        }
    };
    ids.map(one).collect()
}

async fn answer(app: &TestApp, customer: &Customer, path: &str) -> Value {
    let call = app.get(&format!("/api/v1/score{path}")).key(customer);
    call.send().await.expect(200).json
}

/// Compares what is in a score with what an answer says.
#[track_caller]
fn check(answer: &Value, score: &Score) {
    // By way of its text, as the answer: that may change the last bit of a number.
    let score: Value = serde_json::from_str(&serde_json::to_string(score).unwrap()).unwrap();
    for (name, expected) in score.as_object().unwrap() {
        assert_eq!(answer[name], *expected, "{name}");
    }
}

#[tokio::test]
async fn five_hundred_are_read_whole_and_one_more_packs_the_company() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let owner = Owner::Account(customer.account);
    let signals = various(0..501, app.clock.now());
    add(&app, owner, &signals[..500]).await;
    let before = row(&app, &customer, owner).await;
    assert_eq!((before.signals, before.packed), (500, None));
    add(&app, owner, &signals[500..]).await;
    let after = row(&app, &customer, owner).await;
    assert!(after.is_packed(), "{after:?}");
    assert_eq!((after.signals, after.revision), (501, before.revision + 1));
    check_briefs(&app, &customer, owner).await;
    // Nothing changed for anyone else.
    assert_eq!(
        row(&app, &customer, Owner::Public).await,
        ScoreRow::default()
    );
    // A repetition writes nothing.
    add(&app, owner, &signals).await;
    assert_eq!(row(&app, &customer, owner).await, after);
}

#[tokio::test]
async fn a_packed_company_has_the_scores_of_its_whole_signals() {
    let app = TestApp::new().await;
    let (customer, other) = (app.customer(100).await, app.customer(100).await);
    let own = Owner::Account(customer.account);
    let start = app.clock.now();
    let mut public = various(0..700, start);
    let mut owned = various(700..1_300, start);
    add(&app, Owner::Public, &public).await;
    add(&app, own, &owned).await;
    let first: Vec<Signal> = [&public[..], &owned].concat();
    let then = answer(&app, &customer, "?domain=stripe.com").await;
    check(&then, &intent::score(&stripe(), &first, start));

    app.clock.advance(DAY);
    let changed = various(5_000..5_060, app.clock.now());
    for (old, new) in public
        .iter_mut()
        .step_by(20)
        .chain(owned.iter_mut().step_by(30))
        .zip(changed)
    {
        let (source, external_id) = (old.source.clone(), old.external_id.clone());
        *old = Signal {
            source,
            external_id,
            ..new
        };
    }
    add(&app, Owner::Public, &public).await;
    add(&app, own, &owned).await;
    let now = app.clock.now();
    let all: Vec<Signal> = [&public[..], &owned].concat();
    let expected = intent::score(&stripe(), &all, now);
    check(
        &answer(&app, &customer, "?domain=stripe.com").await,
        &expected,
    );
    let of_other = answer(&app, &other, "?domain=stripe.com").await;
    check(&of_other, &intent::score(&stripe(), &public, now));

    // As it was, with the contents of then.
    let path = format!("/explain?domain=stripe.com&at={start}");
    check(
        &answer(&app, &customer, &path).await,
        &intent::score(&stripe(), &first, start),
    );
    let path = format!("/explain?domain=stripe.com&at={now}");
    check(&answer(&app, &customer, &path).await, &expected);

    let weights = [(Kind::Hiring, 60.0), (Kind::News, 0.0)];
    let profile = intent::Profile::new(weights.into(), [(Kind::Funding, 7.5)].into()).unwrap();
    let asked = json!({ "domain": "stripe.com", "weights": profile.weights(), "half_lives": profile.half_lives() });
    let preview = app
        .post("/api/v1/score/preview")
        .key(&customer)
        .json(&asked);
    let preview = preview.send().await.expect(200).json;
    check(
        &preview,
        &intent::score_with(&profile, &stripe(), &all, now),
    );
    assert_eq!(preview["standard"]["score"], expected.score);
    check_briefs(&app, &customer, Owner::Public).await;
    check_briefs(&app, &customer, own).await;
}

#[tokio::test]
async fn very_many_at_once_pack_the_company_before_they_are_stored() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let signals = various(0..3_000, app.clock.now());
    add(&app, Owner::Public, &signals).await;
    assert!(row(&app, &customer, Owner::Public).await.is_packed());
    check_briefs(&app, &customer, Owner::Public).await;
}

#[tokio::test]
async fn a_hundred_thousand_signals_are_scored_as_their_full_sum() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let mut all = app.crowd("stripe.com", None, 100_000).await;
    let public = answer(&app, &customer, "?domain=stripe.com").await;
    check(&public, &intent::score(&stripe(), &all, app.clock.now()));
    assert_eq!(public["more_signals"]["count"], 99_950);
    // A signal of its own is read whole beside them.
    let own = various(7..8, app.clock.now());
    add(&app, Owner::Account(customer.account), &own).await;
    all.extend(own);
    let with_own = answer(&app, &customer, "?domain=stripe.com").await;
    check(&with_own, &intent::score(&stripe(), &all, app.clock.now()));
}

#[tokio::test]
async fn a_writer_that_dies_while_it_packs_leaves_what_its_repetition_finishes() {
    let app = TestApp::new().await;
    let intel = || {
        let table = app.env.required("INTEL_TABLE").unwrap();
        intent_store::Intel::new(&Dynamo::new(&app.mortal), table)
    };
    let mut finished = 0;
    for death in [0, 1, 2, 60, 300, 10_000].map(Death::Before) {
        let customer = app.customer(100).await;
        let owner = Owner::Account(customer.account);
        let now = app.clock.now();
        let signals = various(0..510, now);
        add(&app, owner, &signals[..500]).await;
        let mortal = intel();
        let domain = stripe();
        let adding = mortal.add_signals(&domain, owner, &signals[500..], now);
        let died = app.deaths.run(Some(death), adding).await.is_none();
        finished += usize::from(!died);
        // Whatever it left, the scores are those of all that is stored.
        let stored = app.intel.signals(&domain, owner, now).await.unwrap();
        check(
            &answer(&app, &customer, "?domain=stripe.com").await,
            &intent::score(&domain, &stored, now),
        );
        add(&app, owner, &signals[500..]).await;
        assert!(row(&app, &customer, owner).await.is_packed(), "{death:?}");
        assert_eq!(row(&app, &customer, owner).await.signals, 510);
        check_briefs(&app, &customer, owner).await;
    }
    assert_eq!(finished, 1);
}

#[tokio::test]
async fn a_change_that_meets_packing_is_in_the_briefs() {
    let app = TestApp::new().await;
    let table = app.env.required("INTEL_TABLE").unwrap();
    let held = intent_store::Intel::new(&Dynamo::new(&app.mortal), table);
    let start = app.clock.now();
    let signals = various(0..501, start);
    let changed = Signal {
        strength: Strength::FULL,
        ..signals[7].clone()
    };
    // The change waits for the packing; then the packing for the change, before its mark, after it, and half-way.
    let new = &signals[500..];
    let change = std::slice::from_ref(&changed);
    let cases = [
        (change, new, 0),
        (new, change, 0),
        (new, change, 1),
        (new, change, 2),
    ];
    for (first, second, number) in cases.into_iter().chain([(new, change, 200)]) {
        let customer = app.customer(100).await;
        let owner = Owner::Account(customer.account);
        add(&app, owner, &signals[..500]).await;
        app.clock.advance(1);
        let (now, domain) = (app.clock.now(), stripe());
        let process = held.add_signals(&domain, owner, first, now);
        let other = add(&app, owner, second);
        let (added, was_held) = app.deaths.meanwhile(number, process, other).await;
        added.unwrap();
        assert!(was_held, "{number}");
        let row = row(&app, &customer, owner).await;
        assert_eq!((row.signals, row.versions), (501, 1), "{number}");
        check_briefs(&app, &customer, owner).await;
    }
}

#[tokio::test]
async fn what_a_slow_writer_packs_replaces_nothing_newer() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let now = app.clock.now();
    add(&app, Owner::Public, &various(0..501, now)).await;
    let [packed, _] = both(&app, &customer, Owner::Public).await;
    // As if the signals had been read before they were changed to what the briefs say.
    for signal in various(0..5, now) {
        app.age_signal("stripe.com", &signal).await;
    }
    app.begin_packing("stripe.com").await;
    let app = app.restarted();
    let last = various(600..601, now);
    let table = app.env.required("INTEL_TABLE").unwrap();
    let intel = intent_store::Intel::new(&Dynamo::new(&app.aws), table);
    let (domain, signals) = (stripe(), last.clone());
    let added = intel.add_signals(&domain, Owner::Public, &signals, now);
    added.await.unwrap();
    let [after, whole] = both(&app, &customer, Owner::Public).await;
    let mut expected = packed.clone();
    expected.push(format!("{:?}", intent::Numbers::from(&last[0])));
    expected.sort_unstable();
    assert_eq!(after, expected);
    assert_ne!(whole, expected);
}

#[tokio::test]
async fn writers_at_once_pack_a_company_once_and_miss_nothing() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let owner = Owner::Account(customer.account);
    let now = app.clock.now();
    add(&app, owner, &various(0..480, now)).await;
    app.clock.advance(1);
    let new = (0..6).map(|part| various(480 + part * 30..510 + part * 30, now));
    let new: Vec<Vec<Signal>> = new.collect();
    let changed: Vec<Signal> = various(0..200, app.clock.now())
        .into_iter()
        .map(|signal| Signal {
            strength: Strength::FULL,
            ..signal
        })
        .collect();
    let adding = join_all(new.iter().map(|signals| add(&app, owner, signals)));
    let changing = join_all(changed.chunks(40).map(|signals| add(&app, owner, signals)));
    join(adding, changing).await;
    let row = row(&app, &customer, owner).await;
    assert!(row.is_packed());
    assert_eq!((row.signals, row.versions), (660, 200));
    check_briefs(&app, &customer, owner).await;
    let path = format!("/explain?domain=stripe.com&at={now}");
    let then: Vec<Signal> = various(0..480, now);
    check(
        &answer(&app, &customer, &path).await,
        &intent::score(&stripe(), &then, now),
    );
}

#[tokio::test]
async fn a_company_with_many_versions_is_packed_and_so_are_they() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let first = app.clock.now();
    let content = |round: i64| {
        let signals = various(0..100, first)
            .into_iter()
            .zip(various(round * 100..round * 100 + 100, first));
        let changed = signals.map(|(old, new)| Signal {
            source: old.source,
            external_id: old.external_id,
            ..new
        });
        changed.collect::<Vec<_>>()
    };
    let mut moments = Vec::new();
    for round in 0..7 {
        add(&app, Owner::Public, &content(round)).await;
        moments.push(app.clock.now());
        app.clock.advance(DAY);
    }
    let row = row(&app, &customer, Owner::Public).await;
    assert_eq!((row.signals, row.versions), (100, 600));
    assert!(row.is_packed());
    for (round, at) in (0..).zip(moments) {
        let path = format!("/explain?domain=stripe.com&at={at}");
        let score = intent::score(&stripe(), &content(round), at);
        check(&answer(&app, &customer, &path).await, &score);
    }
}

#[tokio::test]
async fn beyond_the_versions_that_are_kept_the_past_is_not_told() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let most = i64::try_from(MAX_VERSIONS).unwrap();
    let version = |strength: f64, now: Timestamp| Signal {
        strength: Strength::new(strength).unwrap(),
        ..various(1..2, now).remove(0)
    };
    let start = app.clock.now();
    add(&app, Owner::Public, &[version(0.1, start)]).await;
    app.tamper_company("stripe.com", "versions", most - 1).await;
    app.clock.advance(10);
    add(&app, Owner::Public, &[version(0.2, start)]).await;
    let row_then = row(&app, &customer, Owner::Public).await;
    assert_eq!(
        (row_then.versions, row_then.rebuilt_from),
        (MAX_VERSIONS, None)
    );
    let path = format!("/explain?domain=stripe.com&at={start}");
    let then = answer(&app, &customer, &path).await;
    assert_eq!(then["signals"][0]["strength"], 0.1);

    app.clock.advance(10);
    let now = app.clock.now();
    add(&app, Owner::Public, &[version(0.3, start)]).await;
    let row = row(&app, &customer, Owner::Public).await;
    assert_eq!(
        (row.versions, row.rebuilt_from),
        (MAX_VERSIONS, Some(now.as_second()))
    );
    let balance = app.balance(&customer).await;
    let refused = app.get(&format!("/api/v1/score{path}")).key(&customer);
    let refused = refused.send().await.expect(400);
    assert_eq!(refused.error(), ("BAD_REQUEST", "time_too_old"));
    assert_eq!(app.balance(&customer).await, balance);
    let path = format!("/explain?domain=stripe.com&at={now}");
    let present = answer(&app, &customer, &path).await;
    assert_eq!(present["signals"][0]["strength"], 0.3);
}

#[tokio::test]
async fn of_one_company_so_many_public_signals_are_stored_and_no_more() {
    let app = TestApp::new().await;
    let line = |id: &str, strength: &str| format!("stripe.com,news,2026-11-01,x,{id},{strength}\n");
    let head = "domain,kind,observed_at,source,external_id,strength\n";
    import(
        &app,
        "import/one.csv",
        &format!("{head}{}", line("1", "0.5")),
    )
    .await;
    let most = i64::try_from(MAX_SIGNALS).unwrap();
    app.tamper_company("stripe.com", "public_signals", most - 1)
        .await;
    let last = import(
        &app,
        "import/last.csv",
        &format!("{head}{}", line("2", "0.5")),
    )
    .await;
    assert_eq!((&last["stored"], &last["failed"]), (&1.into(), &0.into()));
    let beyond = import(
        &app,
        "import/beyond.csv",
        &format!("{head}{}", line("3", "0.5")),
    )
    .await;
    assert_eq!(
        (&beyond["stored"], &beyond["failed"]),
        (&0.into(), &1.into())
    );
    insta::assert_json_snapshot!(beyond["errors"], @r#"
    [
      {
        "errors": [
          {
            "field": "domain",
            "message": "at most 100000 public signals of one company are stored; those that are can still be changed",
            "reason": "company_full"
          }
        ],
        "line": 2
      }
    ]
    "#);
    // What is stored can still be changed.
    let changed = import(
        &app,
        "import/changed.csv",
        &format!("{head}{}", line("1", "0.7")),
    )
    .await;
    assert_eq!(
        (&changed["updated"], &changed["failed"]),
        (&1.into(), &0.into())
    );
}

#[tokio::test]
async fn private_signals_of_a_packed_company_stay_private() {
    let app = TestApp::new().await;
    let (customer, other) = (app.customer(100).await, app.customer(100).await);
    app.crowd("stripe.com", Some(&customer), 1_000).await;
    let posted = json!([signal("stripe.com", "news", 12, "mine")]);
    app.post(PATH)
        .key(&customer)
        .json(&posted)
        .send()
        .await
        .expect(200);
    let mine = answer(&app, &customer, "?domain=stripe.com").await;
    assert_eq!(mine["more_signals"]["count"], 951);
    let theirs = answer(&app, &other, "?domain=stripe.com").await;
    assert_eq!(theirs["confidence"], "none");
}
