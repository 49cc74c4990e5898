use expect_test::{Expect, expect};
use jiff::SignedDuration;

use super::*;
use crate::Frequency;
use crate::fixtures::now;

#[track_caller]
fn check(points: impl IntoIterator<Item = Option<u8>>, expect: &Expect) {
    let points = points
        .into_iter()
        .map(|points| points.map_or("-".to_owned(), |points| points.to_string()));
    expect.assert_eq(&points.collect::<Vec<_>>().join(" "));
}

fn of(component: Component, change: impl Fn(&mut Facts)) -> Option<u8> {
    let mut facts = Facts::default();
    change(&mut facts);
    Assessment::of(component, &facts, now()).score
}

#[test]
fn aum_is_on_a_log_scale_and_both_printed_examples_give_80() {
    let amounts = [
        0.0, 1e4, 1e5, 1e6, 7.5e6, 1e7, 1e8, 450.2e6, 521e6, 1e9, 1e10, 1e300,
    ];
    check(
        amounts.map(|usd| of(Component::Aum, |facts| facts.aum_usd = Some(usd))),
        &expect!["0 10 19 34 50 52 70 80 80 84 92 100"],
    );
}

#[test]
fn redemption_is_by_the_days_until_the_money_is_there() {
    check(
        Frequency::ALL.map(|frequency| {
            of(Component::Redemption, |facts| {
                facts.redemption.frequency = Some(frequency);
            })
        }),
        &expect!["100 100 80 60 40 20 0 0"],
    );
    let with = |notice: Option<f64>, observed: Option<f64>, frequency: Option<Frequency>| {
        of(Component::Redemption, |facts| {
            facts.redemption = RedemptionFacts {
                frequency,
                notice_days: notice,
                observed_days: observed,
            };
        })
    };
    let daily = Some(Frequency::Daily);
    check(
        [
            with(Some(6.0), None, daily),
            with(None, Some(7.0), daily),
            // Quicker than the terms is no promise.
            with(None, Some(0.1), Some(Frequency::Weekly)),
            with(None, Some(30.0), None),
            with(Some(3.0), None, None),
            with(Some(-5.0), Some(f64::NAN), daily),
            with(Some(1e300), None, daily),
        ],
        &expect!["80 80 80 60 - 100 0"],
    );
}

#[test]
fn secondary_volume_is_the_mean_of_what_is_known() {
    let with = |turnover: Option<f64>, addresses: Option<f64>, hhi: Option<f64>| {
        of(Component::SecondaryVolume, |facts| {
            facts.secondary = SecondaryFacts {
                monthly_turnover: turnover,
                monthly_active_addresses: addresses,
                holder_hhi: hhi,
            };
        })
    };
    check(
        [
            with(None, None, None),
            with(Some(0.0), None, None),
            with(Some(0.01), None, None),
            with(Some(0.1), None, None),
            with(Some(5.0), None, None),
            with(None, Some(100.0), None),
            with(None, None, Some(1.0)),
            with(None, None, Some(0.1)),
            with(None, None, Some(0.0)),
            with(Some(0.1), Some(100.0), Some(0.1)),
            with(Some(f64::INFINITY), Some(-1.0), Some(1.5)),
        ],
        &expect!["- 0 33 67 100 50 0 50 100 58 -"],
    );
}

#[test]
fn the_issuer_is_the_mean_of_what_is_known() {
    let with = |issuer: IssuerFacts| of(Component::Issuer, |facts| facts.issuer = issuer);
    let supervised = |supervision| IssuerFacts {
        supervision: Some(supervision),
        ..IssuerFacts::default()
    };
    check(
        Supervision::ALL.map(|supervision| with(supervised(supervision))),
        &expect!["0 25 60 100 100"],
    );
    let attested = |days: i64| IssuerFacts {
        attested_at: Some(now() - SignedDuration::from_hours(24 * days)),
        ..IssuerFacts::default()
    };
    check(
        [0, 31, 92, 183, 366, 731, 9_000, -1].map(|days| with(attested(days))),
        &expect!["100 100 75 50 25 0 0 -"],
    );
    check([with(crate::fixtures::facts().issuer)], &expect!["60"]);
}

#[test]
fn facts_observed_after_now_are_not_known() {
    let mut facts = crate::fixtures::facts();
    let early = now() - SignedDuration::from_secs(1);
    for component in Component::ALL {
        assert_eq!(
            Assessment::of(component, &facts, early),
            Assessment::default()
        );
    }
    facts.observed.clear();
    for component in Component::ALL {
        assert!(Assessment::of(component, &facts, early).score.is_some());
    }
}
