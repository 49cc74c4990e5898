use expect_test::expect;
use jiff::ToSpan;
use proptest::prelude::*;

use super::*;
use crate::{Cadence, Frequency};

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn aum(at: Timestamp, usd: f64) -> Statement {
    let facts = Facts {
        aum_usd: Some(usd),
        ..Facts::default()
    };
    Statement {
        at,
        cadence: None,
        facts,
        status: None,
    }
}

/// The terms of a product, which hold for a year.
fn terms(at: Timestamp) -> Statement {
    let mut facts = Facts {
        jurisdiction: Some("US".parse().unwrap()),
        ..Facts::default()
    };
    facts.redemption.frequency = Some(Frequency::Daily);
    Statement {
        at,
        cadence: Some(Cadence::Yearly),
        facts,
        status: Some(Status::Active),
    }
}

fn day(n: i32) -> Timestamp {
    time("2026-03-01T00:00:00Z") + (24 * n).hours()
}

/// Terms and ten days of AUM.
fn ten_days() -> Vec<Statement> {
    let readings = (0..10).map(|n| aum(day(n), 450e6 + f64::from(n) * 1e6));
    std::iter::once(terms(day(0))).chain(readings).collect()
}

fn shown(advances: &[Advance]) -> String {
    let lines = advances.iter().map(|advance| {
        let point = advance.point.as_ref();
        let score = point.map_or("paused".to_owned(), |point| format!("{:?}", point.score));
        let names: Vec<&str> = advance.events.iter().map(Event::name).collect();
        format!("{} {score} {}", advance.at, names.join(" "))
    });
    let lines: Vec<String> = lines.map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

#[test]
fn a_series_of_the_past_becomes_a_history_with_a_score_each_day() {
    let mut monitor = Monitor::default();
    let advances = monitor.run(
        vec![terms(day(0)), aum(day(0), 450e6), aum(day(2), 451e6)],
        day(3),
    );
    expect![[r#"
        2026-03-01T00:00:00Z Some(91)
        2026-03-01T06:00:00Z Some(91)
        2026-03-02T06:00:00Z Some(91)
        2026-03-03T00:00:00Z Some(91)
        2026-03-03T06:00:00Z Some(91)"#]]
    .assert_eq(&shown(&advances));
}

#[test]
fn a_drop_to_zero_pauses_and_the_last_good_score_stands() {
    let mut monitor = Monitor::default();
    monitor.run(ten_days(), day(9));
    let (good, at) = (monitor.score().unwrap(), monitor.scored_at());
    let advances = monitor.run(vec![aum(day(10), 0.0)], day(12));
    expect![[r#"
        2026-03-10T06:00:00Z Some(91)
        2026-03-11T00:00:00Z paused circuit_breaker
        2026-03-11T06:00:00Z paused
        2026-03-12T06:00:00Z paused data_stale"#]]
    .assert_eq(&shown(&advances));
    assert_eq!(monitor.anomaly(), Some(Anomaly::DropToZero));
    assert_eq!(monitor.score().unwrap().score, good.score);
    assert!(monitor.scored_at() > at && monitor.scored_at() < Some(day(10)));
    assert_eq!(monitor.score().unwrap().penalties, good.penalties);

    // What else is stated meanwhile waits with it.
    let mut moved = terms(day(12));
    moved.facts.jurisdiction = Some("KP".parse().unwrap());
    let advances = monitor.run(vec![moved], day(12));
    assert_eq!(
        shown(&advances),
        "2026-03-13T00:00:00Z paused compliance_alert"
    );
    assert_eq!(monitor.score().unwrap().score, good.score);

    let advances = monitor.run(vec![aum(day(13), 460e6)], day(13));
    let last = advances.last().unwrap();
    assert_eq!(
        last.point.as_ref().unwrap().score,
        monitor.score().unwrap().score
    );
    assert!(monitor.score().unwrap().score < good.score);
    let names: Vec<&str> = last.events.iter().map(Event::name).collect();
    assert_eq!(names, ["score_change", "tier_change", "circuit_breaker"]);
}

#[test]
fn a_gap_is_stale_then_paused_and_ends_with_the_next_reading() {
    let mut monitor = Monitor::default();
    monitor.run(ten_days(), day(9));
    let advances = monitor.run(vec![aum(day(20), 450e6)], day(20));
    expect![[r#"
        2026-03-10T06:00:00Z Some(91)
        2026-03-11T06:00:00Z Some(91)
        2026-03-12T06:00:00Z Some(90) score_change data_stale
        2026-03-13T06:00:00Z Some(85) score_change
        2026-03-14T06:00:00Z Some(80) score_change
        2026-03-15T06:00:00Z Some(75) score_change
        2026-03-16T06:00:00Z paused circuit_breaker
        2026-03-17T06:00:00Z paused
        2026-03-18T06:00:00Z paused
        2026-03-19T06:00:00Z paused
        2026-03-20T06:00:00Z paused
        2026-03-21T00:00:00Z Some(91) score_change circuit_breaker"#]]
    .assert_eq(&shown(&advances));
}

#[test]
fn the_operator_ends_a_pause_once() {
    let mut monitor = Monitor::default();
    monitor.run(ten_days(), day(9));
    assert!(monitor.clone().resume(day(9)).is_empty());
    monitor.run(vec![aum(day(10), 5e6)], day(10));
    assert_eq!(monitor.anomaly(), Some(Anomaly::Drop));
    let advances = monitor.resume(day(10));
    assert_eq!(advances.len(), 1);
    assert_eq!(monitor.facts().aum_usd, Some(5e6));
    assert!(monitor.resume(day(10)).is_empty());
}

#[test]
fn the_same_again_is_nothing_new() {
    let mut monitor = Monitor::default();
    monitor.run(ten_days(), day(9));
    let known = monitor.clone();
    assert!(monitor.run(ten_days(), day(9)).is_empty());
    assert_eq!(monitor, known);
}

#[test]
fn a_late_word_counts_from_now_on() {
    let mut monitor = Monitor::default();
    monitor.run(ten_days(), day(9));
    let mut late = terms(day(5));
    late.facts.redemption.frequency = Some(Frequency::Annual);
    let now = day(9) + 2.hours();
    let advances = monitor.run(vec![late, aum(day(9) + 1.hours(), 460e6)], now);
    let times: Vec<Timestamp> = advances.iter().map(|advance| advance.at).collect();
    assert_eq!(times, [day(9) + 1.hours(), now]);
    // And an older one than what is known of the component does not count at all.
    let mut older = terms(day(4));
    older.facts.redemption.frequency = Some(Frequency::OnDemand);
    assert!(monitor.run(vec![older], now + 1.hours()).is_empty());
}

#[test]
fn one_change_of_aum_is_reported_once() {
    let mut monitor = Monitor::default();
    monitor.run(ten_days(), day(9));
    let statements = (1..8)
        .map(|hour: i32| aum(day(9) + hour.hours(), 540e6))
        .collect();
    let advances = monitor.run(statements, day(10));
    let events = advances.iter().flat_map(|advance| &advance.events);
    let changes = events.filter(|event| matches!(event, Event::AumChange { .. }));
    assert_eq!(changes.count(), 1);
}

#[test]
fn nothing_stated_is_nothing() {
    let mut monitor = Monitor::default();
    assert!(monitor.run(Vec::new(), day(100)).is_empty());
    assert_eq!(monitor, Monitor::default());
    assert!(monitor.run(vec![terms(day(101))], day(100)).is_empty());
}

fn statements() -> impl Strategy<Value = Vec<Statement>> {
    let usd = prop_oneof![8 => 1e6..1e9, 1 => Just(0.0), 1 => any::<f64>()];
    let one = (0..40_i32, 0..24_i32, usd, 0..6_u8).prop_map(|(n, hour, usd, kind)| {
        let at = day(n) + hour.hours();
        if kind == 0 { terms(at) } else { aum(at, usd) }
    });
    prop::collection::vec(one, 0..40)
}

proptest! {
    #[test]
    fn two_runs_are_one(statements in statements(), cut in 0..45_i32) {
        let (first, then): (Vec<_>, Vec<_>) = statements.iter().cloned().partition(|of| of.at <= day(cut));
        let (mut whole, mut parts) = (Monitor::default(), Monitor::default());
        let all = whole.run(statements, day(45));
        let mut split = parts.run(first, day(cut));
        split.extend(parts.run(then, day(45)));
        prop_assert_eq!(&whole, &parts);
        prop_assert_eq!(all, split);
    }

    #[test]
    fn a_score_never_looks_ahead(statements in statements(), cut in 0..45_i32) {
        let known: Vec<_> = statements.iter().filter(|of| of.at <= day(cut)).cloned().collect();
        let (mut all, mut then) = (Monitor::default(), Monitor::default());
        let until = |advances: Vec<Advance>| advances.into_iter().filter(|of| of.at <= day(cut)).collect::<Vec<_>>();
        prop_assert_eq!(until(all.run(statements, day(45))), then.run(known, day(cut)));
    }

    #[test]
    fn changes_add_up_to_the_score_and_pauses_alternate(statements in statements()) {
        let mut monitor = Monitor::default();
        let advances = monitor.run(statements, day(45));
        let events = || advances.iter().flat_map(|advance| &advance.events);
        let paused: Vec<bool> = events()
            .filter_map(|event| match event {
                Event::CircuitBreaker { paused, .. } => Some(*paused),
                _ => None,
            })
            .collect();
        prop_assert!(paused.chunk_by(|a, b| a == b).all(|same| same.len() == 1));
        prop_assert_eq!(paused.last().copied().unwrap_or(false), monitor.pause().is_some());
        let points: Vec<u8> = advances.iter().filter_map(|of| of.point.as_ref()?.score).collect();
        let changes: i32 = events()
            .map(|event| match event {
                Event::ScoreChange { change, .. } => i32::from(*change),
                _ => 0,
            })
            .sum();
        if let (Some(first), Some(last)) = (points.first(), points.last()) {
            // A protocol whose score was unknown in between has begun anew: nothing compares with it.
            let known = advances.iter().filter_map(|of| of.point.as_ref()).skip_while(|of| of.score.is_none());
            if known.into_iter().all(|of| of.score.is_some()) {
                prop_assert_eq!(i32::from(*first) + changes, i32::from(*last));
            }
        }
        let served = advances.iter().filter_map(|of| of.point.as_ref()).next_back();
        prop_assert_eq!(served.map(|point| point.score), monitor.score().map(|score| score.score));
    }

    #[test]
    fn the_past_is_rebuilt_from_what_was_kept(statements in statements(), ask in 0..(45 * 24_i32)) {
        let at = day(0) + ask.hours();
        let mut monitor = Monitor::default();
        let advances = monitor.run(statements, day(45));
        let kept = advances.iter().filter(|of| of.at <= at).filter_map(|of| of.monitor.as_deref()).next_back();
        let served = advances.iter().filter(|of| of.at <= at).filter_map(|of| of.point.as_ref()).next_back();
        let rebuilt = kept.cloned().map(|mut kept| {
            kept.run(Vec::new(), at);
            kept
        });
        let rebuilt = rebuilt.and_then(|kept| Some((kept.scored_at()?, kept.score()?.score)));
        prop_assert_eq!(rebuilt, served.map(|point| (point.at, point.score)));
    }
}
