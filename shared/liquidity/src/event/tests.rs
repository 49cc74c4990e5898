use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::fixtures::now;

fn hours(hours: i64, aum_usd: f64) -> Reading {
    Reading {
        at: now() + SignedDuration::from_hours(hours),
        aum_usd,
    }
}

fn state() -> State {
    State {
        score: Some(82),
        aum: Some(hours(0, 450.2e6)),
        jurisdiction: Some("US".parse().unwrap()),
        status: Some(Status::Active),
        ..State::default()
    }
}

#[track_caller]
fn check(change: impl Fn(&mut State), expect: &Expect) {
    let before = state();
    let mut after = before.clone();
    change(&mut after);
    let events = events(&before, &after, 10);
    let lines = events
        .iter()
        .map(|event| serde_json::to_string(event).unwrap());
    expect.assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn no_change_is_no_event() {
    check(|_| (), &expect![""]);
}

#[test]
fn a_score_changes_by_the_threshold() {
    check(
        |after| after.score = Some(92),
        &expect![[r#"{"type":"score_change","from":82,"to":92,"change":10}"#]],
    );
    check(|after| after.score = Some(91), &expect![""]);
    check(
        |after| after.score = Some(74),
        &expect![[r#"{"type":"tier_change","from":"L1","to":"L2"}"#]],
    );
    check(
        |after| after.score = Some(20),
        &expect![[r#"
            {"type":"score_change","from":82,"to":20,"change":-62}
            {"type":"tier_change","from":"L1","to":"ILLIQUID"}"#]],
    );
    check(|after| after.score = None, &expect![""]);
    assert!(events(&state(), &state(), 0).is_empty());
}

#[test]
fn aum_changes_by_more_than_a_tenth_within_a_day() {
    check(
        |after| after.aum = Some(hours(24, 450.2e6 * 1.1)),
        &expect![""],
    );
    check(
        |after| after.aum = Some(hours(24, 450.2e6 * 1.2)),
        &expect![[
            r#"{"type":"aum_change","from":450200000.0,"since":"2026-03-22T06:00:00Z","to":540240000.0,"change":0.19999999999999996}"#
        ]],
    );
    check(
        |after| after.aum = Some(hours(25, 450.2e6 * 1.2)),
        &expect![""],
    );
    check(
        |after| after.aum = Some(hours(24, 0.0)),
        &expect![[
            r#"{"type":"aum_change","from":450200000.0,"since":"2026-03-22T06:00:00Z","to":0.0,"change":-1.0}"#
        ]],
    );
    // The furthest of the day counts: 500 → 430 million, not 450.2 → 430.
    check(
        |after| {
            after.aum = Some(hours(20, 430e6));
            after.aum_before = vec![
                hours(-5, 9e9),
                hours(10, 500e6),
                hours(21, 1.0),
                hours(3, f64::NAN),
            ];
        },
        &expect![[
            r#"{"type":"aum_change","from":500000000.0,"since":"2026-03-22T16:00:00Z","to":430000000.0,"change":-0.14}"#
        ]],
    );
}

#[test]
fn compliance_staleness_and_the_breaker() {
    check(
        |after| {
            after.jurisdiction = Some("VG".parse().unwrap());
            after.status = Some(Status::WindingDown);
            after.stale = true;
            after.paused = Some(Anomaly::Gap);
        },
        &expect![[r#"
            {"type":"compliance_alert","alert":{"field":"jurisdiction","from":"US","to":"VG"}}
            {"type":"compliance_alert","alert":{"field":"status","from":"active","to":"winding_down"}}
            {"type":"data_stale","last_good":{"at":"2026-03-22T06:00:00Z","aum_usd":450200000.0}}
            {"type":"circuit_breaker","reason":"gap","paused":true}"#]],
    );
    check(
        |after| (after.jurisdiction, after.status) = (None, None),
        &expect![""],
    );
    let paused = State {
        paused: Some(Anomaly::Spike),
        stale: true,
        ..state()
    };
    let ended = events(&paused, &state(), 1);
    assert_eq!(
        ended,
        [Event::CircuitBreaker {
            reason: None,
            paused: false
        }]
    );
    let other = State {
        paused: Some(Anomaly::Gap),
        ..paused.clone()
    };
    assert!(events(&paused, &other, 1).is_empty());
}

#[test]
fn names_are_those_of_json() {
    let all = State {
        score: Some(1),
        aum: Some(hours(1, 1.0)),
        jurisdiction: Some("VG".parse().unwrap()),
        stale: true,
        paused: Some(Anomaly::Drop),
        ..state()
    };
    let events = events(&state(), &all, 1);
    let names: Vec<_> = events.iter().map(Event::name).collect();
    expect![[r#"
        [
            "score_change",
            "tier_change",
            "aum_change",
            "compliance_alert",
            "data_stale",
            "circuit_breaker",
        ]
    "#]]
    .assert_debug_eq(&names);
    for event in events {
        let json = serde_json::to_value(event).unwrap();
        assert_eq!(json["type"], event.name());
        assert_eq!(serde_json::from_value::<Event>(json).unwrap(), event);
    }
}

fn any_state() -> impl Strategy<Value = State> {
    let reading = (0i64..60, prop_oneof![3 => 1.0..1e9, 1 => any::<f64>()]);
    let reading = reading.prop_map(|(at, aum_usd)| hours(at, aum_usd));
    let code = prop::sample::select(vec!["US", "VG", "KY"]).prop_map(|code| code.parse().unwrap());
    let status = prop::sample::select(vec![Status::Active, Status::Suspended, Status::Closed]);
    let anomaly = prop::sample::select(vec![Anomaly::Gap, Anomaly::Spike]);
    (
        prop::option::of(0u8..=100),
        prop::option::of(reading.clone()),
        prop::collection::vec(reading, 0..4),
        prop::option::of(code),
        prop::option::of(status),
        any::<bool>(),
        prop::option::of(anomaly),
    )
        .prop_map(
            |(score, aum, aum_before, jurisdiction, status, stale, paused)| State {
                score,
                aum,
                aum_before,
                jurisdiction,
                status,
                stale,
                paused,
            },
        )
}

proptest! {
    #[test]
    fn no_change_has_no_event(state in any_state(), threshold in 0u8..=100) {
        prop_assert_eq!(events(&state, &state, threshold), vec![]);
    }

    #[test]
    fn each_event_is_there_exactly_if_its_change_is(before in any_state(), after in any_state(), threshold in 1u8..=100) {
        let found = events(&before, &after, threshold);
        let has = |name: &str| found.iter().filter(|event| event.name() == name).count();
        let scores = before.score.zip(after.score);
        let changed = scores.is_some_and(|(from, to)| from.abs_diff(to) >= threshold);
        prop_assert_eq!(has("score_change"), usize::from(changed));
        let moved = scores.is_some_and(|(from, to)| Tier::of(from) != Tier::of(to));
        prop_assert_eq!(has("tier_change"), usize::from(moved));
        let other = |same: bool| usize::from(!same);
        let of_jurisdiction = before.jurisdiction.zip(after.jurisdiction).map_or(0, |(a, b)| other(a == b));
        let of_status = before.status.zip(after.status).map_or(0, |(a, b)| other(a == b));
        prop_assert_eq!(has("compliance_alert"), of_jurisdiction + of_status);
        prop_assert_eq!(has("data_stale"), usize::from(after.stale && !before.stale));
        prop_assert_eq!(has("circuit_breaker"), other(before.paused.is_some() == after.paused.is_some()));
        for event in found {
            if let Event::AumChange { from, since, to, change } = event {
                let at = after.aum.unwrap().at;
                prop_assert!(since < at && at.duration_since(since) <= SignedDuration::from_hours(24));
                prop_assert!(change.abs() > 0.1 && change.is_finite() && (to / from - 1.0 - change).abs() <= 1e-9 * change.abs());
            }
        }
    }
}
