//! What holds for any facts.

use jiff::SignedDuration;
use proptest::prelude::*;
use types::Timestamp;

use crate::fixtures::now;
use crate::{
    Cadence, Component, Facts, Frequency, Observed, PenaltyCaps, PerComponent, ProfileDraft, Score,
    ScoringProfile, Supervision, Tier, score, score_with,
};

/// A fact as sources give them: mostly sensible, at times anything.
fn number(sensible: std::ops::Range<f64>) -> impl Strategy<Value = Option<f64>> {
    prop::option::weighted(
        0.8,
        prop_oneof![
            8 => sensible,
            1 => any::<f64>(),
            1 => prop::sample::select(vec![0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::MAX, 5e-324]),
        ],
    )
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (-3_000i64..60_000).prop_map(|hours| now() - SignedDuration::from_hours(hours))
}

fn observed() -> impl Strategy<Value = Option<Observed>> {
    let cadence = prop::sample::select(Cadence::ALL.to_vec());
    let one = (moment(), cadence).prop_map(|(at, cadence)| Observed { at, cadence });
    prop::option::weighted(0.7, one)
}

prop_compose! {
    fn any_facts()(
        aum_usd in number(0.0..2e10),
        frequency in prop::option::of(prop::sample::select(Frequency::ALL.to_vec())),
        redemption in (number(0.0..90.0), number(0.0..400.0)),
        secondary in (number(0.0..3.0), number(0.0..20_000.0), number(0.0..1.0)),
        supervision in prop::option::of(prop::sample::select(Supervision::ALL.to_vec())),
        issuer in (number(0.0..30.0), prop::option::of(moment()), prop::option::of(any::<bool>())),
        jurisdiction in prop::option::of("US|VG|KP|PA|[A-Z]{2}"),
        checks in (number(0.9..1.1), number(0.9..1.1), number(0.0..1.0), number(0.0..1.0)),
        observed in [observed(), observed(), observed(), observed(), observed()],
    ) -> Facts {
        let mut facts = Facts {
            aum_usd,
            jurisdiction: jurisdiction.map(|code| code.parse().unwrap()),
            ..Facts::default()
        };
        facts.redemption.frequency = frequency;
        (facts.redemption.notice_days, facts.redemption.observed_days) = redemption;
        (facts.secondary.monthly_turnover, facts.secondary.monthly_active_addresses, facts.secondary.holder_hhi) = secondary;
        facts.issuer.supervision = supervision;
        (facts.issuer.operating_years, facts.issuer.attested_at, facts.issuer.bankruptcy_remote) = issuer;
        (facts.checks.nav_usd, facts.checks.market_price_usd, facts.checks.linked_address_share, facts.checks.wash_volume_share) = checks;
        for (component, observed) in Component::ALL.into_iter().zip(observed) {
            facts.observed.extend(observed.map(|observed| (component, observed)));
        }
        facts
    }
}

prop_compose! {
    fn any_profile()(
        parts in [0u16..1000, 0u16..1000, 0u16..1000, 0u16..1000, 1u16..1000],
        slack in -0.0099_f64..0.0099,
        caps in [0.0..=100.0, 0.0..=100.0, 0.0..=100.0, 0.0..=100.0, 0.0..=100.0],
    ) -> ScoringProfile {
        let sum: f64 = parts.iter().map(|part| f64::from(*part)).sum();
        let mut parts = parts.into_iter();
        let weights = PerComponent::new(|_| {
            let weight: f64 = f64::from(parts.next().unwrap()) / sum * (1.0 + slack);
            Some(weight.min(1.0))
        });
        let mut draft = ProfileDraft { weights, ..ProfileDraft::default() };
        draft.penalty_caps.max_total_penalty = Some(caps[0]);
        draft.penalty_caps.max_nav_penalty = Some(caps[1]);
        draft.penalty_caps.max_sybil_penalty = Some(caps[2]);
        draft.penalty_caps.max_staleness_penalty = Some(caps[3]);
        draft.penalty_caps.max_wash_trade_penalty = Some(caps[4]);
        ScoringProfile::new(&draft).unwrap()
    }
}

/// Fails unless contributions without penalties are the score.
fn adds_up(score: &Score) -> Result<(), TestCaseError> {
    let added: u16 = score
        .contributions
        .iter()
        .map(|of| of.contribution.tenths())
        .sum();
    let penalties = score.penalties;
    if let Some(points) = score.score {
        prop_assert!(points <= 100);
        prop_assert_eq!(added, u16::from(points) * 10 + penalties.total().tenths());
        prop_assert_eq!(score.tier, Some(Tier::of(points)));
        prop_assert!(score.bounds.low <= points && points <= score.bounds.high);
        let weights: f64 = score.contributions.iter().map(|of| of.weight).sum();
        prop_assert!((weights - 1.0).abs() < 1e-3);
        for part in &score.contributions {
            // As far from weight · points as the rounding of the score takes it.
            let exact = part.weight * f64::from(part.score);
            prop_assert!((part.contribution.get() - exact).abs() < 0.7, "{part:?}");
        }
    } else {
        prop_assert!(score.tier.is_none() && score.contributions.is_empty());
    }
    prop_assert!(score.bounds.low <= score.bounds.high && score.bounds.high <= 100);
    prop_assert!((0.0..=1.0).contains(&score.data_confidence));
    Ok(())
}

fn within(score: &Score, caps: &PenaltyCaps) -> Result<(), TestCaseError> {
    let of = &score.penalties;
    // Tenths are rounded.
    prop_assert!(of.nav_divergence_penalty.get() <= caps.max_nav_penalty + 0.1);
    prop_assert!(of.sybil_penalty.get() <= caps.max_sybil_penalty + 0.1);
    prop_assert!(of.staleness_penalty.get() <= caps.max_staleness_penalty + 0.1);
    prop_assert!(of.wash_trade_penalty.get() <= caps.max_wash_trade_penalty + 0.1);
    prop_assert!(of.total().get() <= caps.max_total_penalty + 0.05);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_score_is_explained_exactly_and_bounded(facts in any_facts()) {
        let score = score(&facts, now());
        adds_up(&score)?;
        within(&score, &PenaltyCaps::default())?;
    }

    #[test]
    fn so_it_is_with_any_profile_and_caps_hold(facts in any_facts(), profile in any_profile()) {
        let score = score_with(&profile, &facts, now());
        adds_up(&score)?;
        within(&score, profile.penalty_caps())?;
    }

    #[test]
    fn every_profile_that_is_read_has_weights_that_add_up(weights in [-0.5..1.5, 0.0..0.6, 0.0..0.6, 0.0..0.3, 0.0..0.3]) {
        let sum: f64 = weights.iter().sum();
        let valid = weights.iter().all(|weight| (0.0..=1.0).contains(weight)) && (sum - 1.0).abs() <= 0.01;
        let mut weights = weights.into_iter();
        let weights = PerComponent::new(|_| weights.next());
        prop_assert_eq!(ScoringProfile::new(&ProfileDraft { weights, ..ProfileDraft::default() }).is_ok(), valid);
    }

    #[test]
    fn what_is_not_known_is_named_and_lowers_confidence(facts in any_facts()) {
        let scored = score(&facts, now());
        let gains: f64 = scored.missing.iter().map(|of| of.data_confidence_gain).sum();
        // Confidence and what could be gained are 1, less what age costs.
        prop_assert!(scored.data_confidence + gains <= 1.0 + 0.006);
        for component in Component::ALL {
            let all = crate::Fact::ALL.iter().filter(|fact| fact.component() == Some(component)).count();
            let missing = scored.missing.iter().filter(|of| of.fact.component() == Some(component)).count();
            prop_assert!(missing <= all && (missing < all || scored.component(component).is_none()));
        }
    }

    #[test]
    fn a_fact_that_becomes_unknown_never_raises_confidence(facts in any_facts(), which in 0usize..12) {
        let before = score(&facts, now()).data_confidence;
        let mut less = facts;
        match which {
            0 => less.aum_usd = None,
            1 => less.redemption.frequency = None,
            2 => less.redemption.notice_days = None,
            3 => less.redemption.observed_days = None,
            4 => less.secondary.monthly_turnover = None,
            5 => less.secondary.holder_hhi = None,
            6 => less.issuer.supervision = None,
            7 => less.issuer.attested_at = None,
            8 => less.jurisdiction = None,
            9 => less.checks.nav_usd = None,
            10 => less.checks.linked_address_share = None,
            _ => less.checks.wash_volume_share = None,
        }
        prop_assert!(score(&less, now()).data_confidence <= before);
    }

    #[test]
    fn facts_observed_after_now_change_nothing_but_what_is_missing(facts in any_facts(), component in 0usize..5) {
        let component = Component::ALL[component];
        let at = now() + SignedDuration::from_secs(1);
        let mut future = facts.clone();
        future.observed.insert(component, Observed { at, cadence: Cadence::Daily });
        let mut without = future.clone();
        match component {
            Component::Aum => without.aum_usd = None,
            Component::Redemption => without.redemption = crate::RedemptionFacts::default(),
            Component::SecondaryVolume => without.secondary = crate::SecondaryFacts::default(),
            Component::Issuer => without.issuer = crate::IssuerFacts::default(),
            Component::Jurisdiction => without.jurisdiction = None,
        }
        prop_assert_eq!(score(&future, now()), score(&without, now()));
    }

    #[test]
    fn json_round_trips(facts in any_facts()) {
        let scored = score(&facts, now());
        let json = serde_json::to_string(&scored).unwrap();
        prop_assert_eq!(serde_json::from_str::<Score>(&json).unwrap(), scored);
    }
}

/// Facts of which all are known and valid.
fn known_facts() -> impl Strategy<Value = Facts> {
    any_facts().prop_map(|facts| {
        let whole = crate::fixtures::facts();
        let valid = |given: Option<f64>, most: f64, other: Option<f64>| {
            given.filter(|of| (0.0..=most).contains(of)).or(other)
        };
        let mut known = facts.clone();
        known.aum_usd = valid(facts.aum_usd, f64::MAX, whole.aum_usd);
        known.redemption.frequency = facts.redemption.frequency.or(whole.redemption.frequency);
        known.redemption.notice_days = valid(facts.redemption.notice_days, 1e6, Some(0.0));
        known.redemption.observed_days = valid(facts.redemption.observed_days, 1e6, Some(1.0));
        known.secondary.monthly_turnover = valid(facts.secondary.monthly_turnover, 1e6, Some(0.2));
        known.secondary.monthly_active_addresses =
            valid(facts.secondary.monthly_active_addresses, 1e6, Some(50.0));
        known.secondary.holder_hhi = valid(facts.secondary.holder_hhi, 1.0, Some(0.1));
        known.issuer.supervision = facts.issuer.supervision.or(whole.issuer.supervision);
        known.issuer.operating_years = valid(facts.issuer.operating_years, 1e6, Some(2.0));
        known.issuer.attested_at = facts
            .issuer
            .attested_at
            .filter(|at| *at <= now())
            .or(whole.issuer.attested_at);
        known.issuer.bankruptcy_remote = facts.issuer.bankruptcy_remote.or(Some(false));
        known.jurisdiction = facts.jurisdiction.or(whole.jurisdiction);
        known.checks = whole.checks;
        known.checks.linked_address_share =
            valid(facts.checks.linked_address_share, 1.0, Some(0.1));
        known.checks.wash_volume_share = valid(facts.checks.wash_volume_share, 1.0, Some(0.1));
        known
    })
}

/// What makes a protocol better, by so much: each fact in its own direction.
const BETTER: [fn(&mut Facts, f64); 15] = [
    |facts, by| raise(&mut facts.aum_usd, by * 1e8),
    |facts, _| {
        let better = Frequency::ALL
            .into_iter()
            .rev()
            .find(|of| Some(*of) < facts.redemption.frequency);
        facts.redemption.frequency = better.or(facts.redemption.frequency);
    },
    |facts, by| lower(&mut facts.redemption.notice_days, by),
    |facts, by| lower(&mut facts.redemption.observed_days, by),
    |facts, by| raise(&mut facts.secondary.monthly_turnover, by / 10.0),
    |facts, by| raise(&mut facts.secondary.monthly_active_addresses, by * 10.0),
    |facts, by| lower(&mut facts.secondary.holder_hhi, by / 50.0),
    |facts, _| facts.issuer.supervision = Some(Supervision::Prudential),
    |facts, by| raise(&mut facts.issuer.operating_years, by),
    |facts, by| facts.issuer.attested_at = facts.issuer.attested_at.map(|at| later(at, by)),
    |facts, _| facts.issuer.bankruptcy_remote = Some(true),
    |facts, _| facts.jurisdiction = Some("US".parse().unwrap()),
    |facts, _| facts.checks.market_price_usd = facts.checks.nav_usd,
    |facts, by| lower(&mut facts.checks.linked_address_share, by / 50.0),
    |facts, by| lower(&mut facts.checks.wash_volume_share, by / 50.0),
];

fn raise(of: &mut Option<f64>, by: f64) {
    *of = of.map(|value| (value + by).min(f64::MAX));
}

fn lower(of: &mut Option<f64>, by: f64) {
    *of = of.map(|value| (value - by).max(0.0));
}

#[expect(clippy::cast_possible_truncation, reason = "few days")]
fn later(at: Timestamp, days: f64) -> Timestamp {
    (at + SignedDuration::from_secs((days * 86_400.0) as i64)).min(now())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_better_fact_never_lowers_a_score(facts in known_facts(), profile in any_profile(), which in 0usize..15, by in 0.0..50.0) {
        let before = score_with(&profile, &facts, now());
        let mut better = facts;
        BETTER[which](&mut better, by);
        let after = score_with(&profile, &better, now());
        for component in Component::ALL {
            prop_assert!(after.component(component) >= before.component(component), "{component}");
        }
        prop_assert!(after.score >= before.score, "{before:?} {after:?}");
        prop_assert!(after.bounds.low >= before.bounds.low && after.bounds.high >= before.bounds.high);
    }

    #[test]
    fn time_alone_never_raises_a_score_or_its_confidence(facts in any_facts(), hours in 0i64..50_000) {
        let mut past = facts;
        past.observed.retain(|_, observed| observed.at <= now());
        past.issuer.attested_at = past.issuer.attested_at.filter(|at| *at <= now());
        let (before, after) = (score(&past, now()), score(&past, now() + SignedDuration::from_hours(hours)));
        prop_assert!(after.score <= before.score);
        prop_assert!(after.data_confidence <= before.data_confidence);
    }
}
