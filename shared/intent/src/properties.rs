//! Properties that hold for any signals.

use jiff::SignedDuration;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::fixtures::{domain, now, numbers};
use crate::observed::observed_by;
use crate::trend::Trend;
use crate::{
    Confidence, Direction, Kind, Profile, Score, Signal, Strength, email_subject, score,
    score_with, talk_track,
};

prop_compose! {
    fn any_signal()(
        kind in prop::sample::select(Kind::ALL.to_vec()),
        thousandths in 1u16..=1000,
        // From years ago to a little after `now`.
        age in -90_000i64..200_000_000,
        source in "[ab]{0,2}",
        external_id in "[ab]{0,2}",
        evidence in "\\PC{0,9}|[\\r\\n\\t ]{0,3}",
        url in prop::option::of("https://[a-z]{1,8}\\.com"),
    ) -> Signal {
        Signal {
            kind,
            strength: Strength::new(f64::from(thousandths) / 1000.0).unwrap(),
            observed_at: now() - SignedDuration::from_secs(age),
            source,
            external_id,
            evidence,
            url,
        }
    }
}

prop_compose! {
    /// Young enough that scores are far from 0.
    fn recent_signal()(signal in any_signal(), age in 0i64..10_000_000) -> Signal {
        Signal { observed_at: now() - SignedDuration::from_secs(age), ..signal }
    }
}

fn any_signals() -> impl Strategy<Value = Vec<Signal>> {
    prop_oneof![3 => vec(any_signal(), 0..12), 1 => vec(recent_signal(), 0..60)]
}

prop_compose! {
    /// Integers and fractions, including the ends of the ranges.
    fn any_profile()(
        weights in btree_map(prop::sample::select(Kind::ALL.to_vec()), prop_oneof![Just(0.0), Just(100.0), 0.0..100.0], 0..11),
        half_lives in btree_map(prop::sample::select(Kind::ALL.to_vec()), prop_oneof![Just(1.0), Just(730.0), 1.0..730.0], 1..11),
    ) -> Profile {
        Profile::new(weights, half_lives).unwrap()
    }
}

fn of(signals: &[Signal]) -> Score {
    score(&domain(), signals, now())
}

/// Fails unless the contributions add up to the score, for this many known signals.
fn add_up(score: &Score, known: usize) -> Result<(), TestCaseError> {
    let more = score
        .more_signals
        .map_or(0, |more| more.contribution.tenths());
    let listed: u16 = score.signals.iter().map(|c| c.contribution.tenths()).sum();
    prop_assert_eq!(listed + more, u16::from(score.score) * 10);
    prop_assert_eq!(
        score.signals.len() + score.more_signals.map_or(0, |more| more.count),
        known
    );
    prop_assert!(score.signals.len() <= 50);
    prop_assert!(
        score
            .signals
            .is_sorted_by(|a, b| a.contribution >= b.contribution)
    );
    prop_assert!(score.signals.iter().all(|c| c.contribution.tenths() > 0));
    Ok(())
}

proptest! {
    #[test]
    fn the_order_of_signals_does_not_matter(
        (signals, shuffled) in any_signals().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        prop_assert_eq!(of(&signals), of(&shuffled));
    }

    #[test]
    fn contributions_add_up_to_the_score(signals in any_signals()) {
        let known = signals.iter().filter(|signal| signal.observed_at <= now()).count();
        add_up(&of(&signals), known)?;
    }

    #[test]
    fn contributions_add_up_to_the_score_of_any_profile(signals in any_signals(), profile in any_profile()) {
        let weighs = |signal: &&Signal| profile.weights().get(&signal.kind) != Some(&0.0);
        let known = signals.iter().filter(|signal| signal.observed_at <= now()).filter(weighs).count();
        let score = score_with(&profile, &domain(), &signals, now());
        prop_assert!(score.score <= 100);
        add_up(&score, known)?;
    }

    /// The formula, written down without the engine's order, passes and rounding.
    #[test]
    fn the_score_is_within_a_twentieth_of_a_point_of_the_full_sum(signals in any_signals()) {
        let mut complement = crate::kind::PerKind([1.0; Kind::ALL.len()]);
        for signal in signals.iter().filter(|signal| signal.observed_at <= now()) {
            #[expect(clippy::cast_precision_loss, reason = "years are few seconds")]
            let days = (now().as_second() - signal.observed_at.as_second()) as f64 / 86_400.0;
            let half_life = crate::MODEL.of(signal.kind).half_life_days;
            complement[signal.kind] *= 1.0 - signal.strength.get() * 0.5_f64.powf(days / half_life);
        }
        let raw: f64 = Kind::ALL.iter().map(|kind| crate::MODEL.of(*kind).weight * (1.0 - complement[*kind])).sum();
        let full = 100.0 * (1.0 - (-raw / crate::MODEL.tau).exp());
        let trend = Trend::of(&crate::MODEL, &observed_by(&crate::MODEL, now(), &numbers(&signals)));
        let points = crate::MODEL.points(trend.raw.0.iter().sum());
        prop_assert!((points - full).abs() < 0.05, "{points} and {full}");
        prop_assert!((f64::from(of(&signals).score) - full).abs() <= 0.5 + 1e-9);
    }

    #[test]
    fn the_outline_in_any_order_shows_what_the_score_shows(mut signals in any_signals(), seed in any::<u64>()) {
        let whole = of(&signals);
        for index in (1..signals.len()).rev() {
            let other = seed.wrapping_mul(6_364_136_223_846_793_005).rotate_left(u32::try_from(index % 64).unwrap());
            signals.swap(index, usize::try_from(other % (index as u64 + 1)).unwrap());
        }
        let outline = crate::Outline::of(&numbers(&signals), now());
        let shown = outline.shown();
        prop_assert!(shown.len() <= 52);
        let score = outline.score(&domain(), |index| {
            assert!(shown.contains(&index));
            signals.get(index)
        });
        // Of those with the same numbers another may be shown.
        let without_texts = |mut score: Score| {
            score.reasoning = String::new();
            for shown in &mut score.signals {
                (shown.source, shown.evidence, shown.url) = Default::default();
            }
            score
        };
        prop_assert_eq!(without_texts(score), without_texts(whole));
    }

    #[test]
    fn another_signal_never_lowers_the_score(mut signals in any_signals(), another in any_signal()) {
        let before = of(&signals);
        signals.push(another);
        let after = of(&signals);
        prop_assert!(after.score >= before.score);
    }

    #[test]
    fn without_new_signals_the_score_decays(signals in any_signals(), hours in 0i64..20_000) {
        let later = now() + SignedDuration::from_hours(hours);
        let known: Vec<_> = signals.into_iter().filter(|signal| signal.observed_at <= now()).collect();
        prop_assert!(score(&domain(), &known, later).score <= of(&known).score);
    }

    #[test]
    fn a_score_is_on_the_scale_and_has_no_confidence_without_signals(signals in any_signals()) {
        let score = of(&signals);
        prop_assert!(score.score <= 100);
        let known = signals.iter().any(|signal| signal.observed_at <= now());
        prop_assert_eq!(score.confidence == Confidence::None, !known);
    }

    #[test]
    fn signals_dated_after_now_change_nothing(signals in any_signals()) {
        let known: Vec<_> = signals.iter().filter(|signal| signal.observed_at <= now()).cloned().collect();
        prop_assert_eq!(of(&signals), of(&known));
    }

    #[test]
    fn the_baseline_is_the_mean_of_the_scores_since_the_first_signal(signals in any_signals()) {
        let now = now();
        let first = signals.iter().map(|signal| signal.observed_at).min().unwrap_or(now);
        let past: Vec<_> = (1..=9)
            .map(|step| now - SignedDuration::from_hours(step * 10 * 24))
            .filter(|then| first <= *then)
            .map(|then| f64::from(score(&domain(), &signals, then).score))
            .collect();
        let momentum = of(&signals).momentum;
        prop_assert_eq!(momentum.baseline.is_some(), past.len() >= 3);
        if let Some(baseline) = momentum.baseline {
            let mean = past.iter().sum::<f64>() / f64::from(u8::try_from(past.len()).unwrap());
            // Each of them is rounded, and so is the mean.
            prop_assert!((f64::from(baseline) - mean).abs() <= 1.0, "{} and {}", baseline, mean);
        }
    }

    #[test]
    fn momentum_agrees_with_its_parts(signals in any_signals()) {
        let Score { score, momentum, .. } = of(&signals);
        let change = momentum.baseline.map(|baseline| i16::from(score) - i16::from(baseline));
        prop_assert_eq!(momentum.change, change);
        let direction = match change {
            None => Direction::Unknown,
            Some(5..) => Direction::Rising,
            Some(-4..=4) => Direction::Steady,
            Some(_) => Direction::Falling,
        };
        prop_assert_eq!(momentum.direction, direction);
    }

    #[test]
    fn no_company_rises_without_a_signal_of_the_last_ninety_days(signals in any_signals()) {
        let later = now() + SignedDuration::from_hours(91 * 24);
        let known: Vec<_> = signals.into_iter().filter(|signal| signal.observed_at <= now()).collect();
        prop_assert_ne!(score(&domain(), &known, later).momentum.direction, Direction::Rising);
    }

    #[test]
    fn json_round_trips(signals in any_signals()) {
        let score = of(&signals);
        let json = serde_json::to_string(&score).unwrap();
        prop_assert_eq!(serde_json::from_str::<Score>(&json).unwrap(), score);
    }

    #[test]
    fn texts_are_single_short_lines(signals in any_signals()) {
        let score = of(&signals);
        for text in [&score.reasoning, &talk_track(&score), &email_subject(&score)] {
            prop_assert!(!text.is_empty() && !text.contains(char::is_control));
            prop_assert!(text.chars().count() < 1000, "{text}");
        }
    }
}
