use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::fixtures::now;

/// What became of daily readings in millions of dollars, of which the first eight are `level`. `?` checks for a gap.
#[track_caller]
fn check(level: f64, readings: &[f64], expect: &Expect) {
    expect.assert_eq(&words(&run(level, readings).1));
}

fn run(level: f64, readings: &[f64]) -> (Breaker, Vec<Step>) {
    let mut breaker = Breaker::default();
    let all = std::iter::repeat_n(&level, MIN_KEPT).chain(readings);
    let steps = all
        .zip(0..)
        .map(|(millions, day)| breaker.observe(on(day, *millions)))
        .collect();
    (breaker, steps)
}

fn on(day: i64, millions: f64) -> Reading {
    let at = now() + SignedDuration::from_hours(24 * day);
    Reading {
        at,
        aum_usd: millions * 1e6,
    }
}

fn words(steps: &[Step]) -> String {
    let words = steps.iter().skip(MIN_KEPT).map(|step| match step {
        Step::Accepted => "accepted".to_owned(),
        Step::Ignored => "ignored".to_owned(),
        Step::Paused(anomaly) => format!("PAUSED {anomaly:?}"),
        Step::StillPaused => "paused".to_owned(),
        Step::Resumed => "RESUMED".to_owned(),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[test]
fn a_feed_that_fails_for_a_day() {
    check(
        437.0,
        &[0.0, 438.0, 439.0],
        &expect!["PAUSED DropToZero, RESUMED, accepted"],
    );
}

#[test]
fn zero_is_never_confirmed() {
    check(
        10.0,
        &[0.0, 0.0, 0.0, 0.0, 0.0, 10.1],
        &expect!["PAUSED DropToZero, paused, paused, paused, paused, RESUMED"],
    );
    let (mut breaker, _) = run(10.0, &[0.0, 0.0]);
    assert!((breaker.last_good().unwrap().aum_usd - 10e6).abs() < 1.0);
    assert_eq!(breaker.resume(), Step::Resumed);
    assert_eq!(breaker.resume(), Step::Accepted);
}

#[test]
fn a_spike_that_returns_and_one_that_stays() {
    check(100.0, &[250.0, 101.0], &expect!["PAUSED Spike, RESUMED"]);
    check(
        100.0,
        &[250.0, 251.0, 260.0, 265.0],
        &expect!["PAUSED Spike, paused, RESUMED, accepted"],
    );
    // Three readings, but not on one level.
    check(
        100.0,
        &[250.0, 900.0, 255.0, 256.0, 257.0],
        &expect!["PAUSED Spike, paused, paused, paused, RESUMED"],
    );
    // A zero in between begins anew.
    check(
        100.0,
        &[250.0, 251.0, 0.0, 252.0, 253.0, 254.0],
        &expect!["PAUSED Spike, paused, paused, paused, paused, RESUMED"],
    );
}

#[test]
fn a_factor_of_two_is_no_jump_and_a_little_more_is() {
    check(
        100.0,
        &[199.9, 101.0, 51.0],
        &expect!["accepted, accepted, accepted"],
    );
    check(100.0, &[49.9], &expect!["PAUSED Drop"]);
    check(100.0, &[200.1], &expect!["PAUSED Spike"]);
}

#[test]
fn what_moves_much_may_jump_more() {
    // Daily changes by a factor of 1.5 up and down: the limit is 6 · 1.4826 · ln 1.5 = 3.6.
    let moving = [100.0, 150.0].repeat(16);
    let mut breaker = Breaker::default();
    for (millions, day) in moving.iter().zip(0..) {
        assert_eq!(breaker.observe(on(day, *millions)), Step::Accepted);
    }
    assert_eq!(breaker.observe(on(32, 1_000.0)), Step::Accepted);
}

#[test]
fn a_product_that_begins_has_no_norm() {
    let mut breaker = Breaker::default();
    for (millions, day) in [10.0, 10.1, 10.2, 10.1, 10.0, 30.0].into_iter().zip(0..) {
        assert_eq!(breaker.observe(on(day, millions)), Step::Accepted);
    }
    let mut breaker = Breaker::default();
    for (millions, day) in [0.0, 0.0001, 2.0, 40.0, 38.0, 100.0, 1.0]
        .into_iter()
        .zip(0..)
    {
        assert_eq!(breaker.observe(on(day, millions)), Step::Accepted);
    }
    assert_eq!(
        breaker.observe(on(7, 0.0)),
        Step::Paused(Anomaly::DropToZero)
    );
}

#[test]
fn no_numbers_are_paused_and_not_kept() {
    check(
        100.0,
        &[f64::NAN, f64::INFINITY, -1.0, 100.0],
        &expect!["PAUSED Invalid, paused, paused, RESUMED"],
    );
}

#[test]
fn a_gap_is_three_slas_and_ends_with_a_reading() {
    let (mut breaker, _) = run(100.0, &[]);
    let last = breaker.last_good().unwrap().at;
    let longest = SignedDuration::from_hours(144);
    assert_eq!(
        breaker.check(last + longest, Cadence::Daily),
        Step::Accepted
    );
    let now = last + longest + SignedDuration::from_secs(1);
    assert_eq!(breaker.check(now, Cadence::Weekly), Step::Accepted);
    assert_eq!(
        breaker.check(now, Cadence::Daily),
        Step::Paused(Anomaly::Gap)
    );
    assert_eq!(breaker.check(now, Cadence::Daily), Step::StillPaused);
    assert_eq!(breaker.pause().unwrap().since, now);
    let aum_usd = 1.01e8;
    assert_eq!(breaker.observe(Reading { at: now, aum_usd }), Step::Resumed);
    assert_eq!(
        Breaker::default().check(now, Cadence::Daily),
        Step::Accepted
    );
}

#[test]
fn what_is_late_or_repeated_is_ignored() {
    let (mut breaker, _) = run(100.0, &[]);
    let before = breaker.clone();
    assert_eq!(breaker.observe(on(7, 0.0)), Step::Ignored);
    assert_eq!(breaker.observe(on(3, 100.0)), Step::Ignored);
    assert_eq!(breaker, before);
}

fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (1u32..4_000_000_000).prop_map(f64::from),
        1 => prop::sample::select(vec![
            0.0, -0.0, -5.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, 5e-324,
        ]),
    ]
}

proptest! {
    #[test]
    fn no_input_gets_a_number_that_is_none_or_zero_into_the_good_ones(
        readings in prop::collection::vec((hostile(), 0i64..40), 0..80),
    ) {
        let mut breaker = Breaker::default();
        let mut day = 0;
        for (aum_usd, days) in readings {
            day += days;
            let reading = Reading { aum_usd, ..on(day, 1.0) };
            let was_paused = breaker.pause().is_some();
            let step = breaker.observe(reading);
            prop_assert_eq!(matches!(step, Step::Resumed), was_paused && breaker.pause().is_none());
            prop_assert_eq!(matches!(step, Step::Paused(_)), !was_paused && breaker.pause().is_some());
            prop_assert!(breaker.good.iter().all(|good| good.aum_usd.is_finite() && good.aum_usd > 0.0));
            prop_assert!(breaker.good.is_sorted_by(|a, b| a.at < b.at));
            prop_assert!(breaker.good.len() <= KEPT);
            prop_assert!(breaker.pause().is_none_or(|pause| pause.held.len() < CONFIRMING));
            let json = serde_json::to_string(&breaker).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Breaker>(&json).unwrap(), &breaker);
        }
    }

    #[test]
    fn whatever_happened_three_readings_on_one_level_resume(
        readings in prop::collection::vec(hostile(), 0..60),
        level in 1.0..1e10_f64,
    ) {
        let mut breaker = Breaker::default();
        for (aum_usd, day) in readings.iter().zip(0..) {
            breaker.observe(Reading { aum_usd: *aum_usd, ..on(day, 1.0) });
        }
        for day in 100..103 {
            breaker.observe(Reading { aum_usd: level, ..on(day, 1.0) });
        }
        prop_assert!(breaker.pause().is_none());
        prop_assert!((breaker.last_good().unwrap().aum_usd - level).abs() <= 0.0);
    }
}
