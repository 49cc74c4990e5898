use expect_test::{Expect, expect};
use jiff::SignedDuration;

use super::*;
use crate::fixtures::{facts, now};
use crate::{ProfileDraft, Supervision};

/// The score of components as the source document prints them.
fn of_components(points: [u8; 5]) -> u8 {
    let weights = ScoringProfile::standard().normalised();
    let mut points = points.into_iter();
    let assessed = PerComponent::new(|_| Assessment {
        score: points.next(),
        known: Vec::new(),
    });
    whole(Sum::of(&weights, &assessed).points())
}

#[track_caller]
fn check(facts: &Facts, expect: &Expect) {
    expect.assert_eq(&serde_json::to_string_pretty(&score(facts, now())).unwrap());
}

#[test]
fn the_printed_components_give_the_printed_scores() {
    assert_eq!(of_components([80, 100, 100, 60, 100]), 82);
    assert_eq!(of_components([80, 100, 100, 100, 100]), 95);
}

#[test]
fn the_printed_examples_come_from_their_facts() {
    let mut usdy = facts();
    // One check of three is not known: 0.95, as printed.
    usdy.checks.wash_volume_share = None;
    check(
        &usdy,
        &expect![[r#"
        {
          "score": 82,
          "tier": "L1",
          "aum_score": 80,
          "redemption_score": 100,
          "secondary_volume_score": 100,
          "issuer_score": 60,
          "jurisdiction_score": 100,
          "nav_divergence_penalty": 0.0,
          "sybil_penalty": 0.0,
          "staleness_penalty": 0.0,
          "wash_trade_penalty": 0.0,
          "data_confidence": 0.95,
          "bounds": {
            "low": 82,
            "high": 82
          },
          "contributions": [
            {
              "component": "aum",
              "score": 80,
              "weight": 0.25,
              "contribution": 19.9
            },
            {
              "component": "redemption",
              "score": 100,
              "weight": 0.2,
              "contribution": 19.9
            },
            {
              "component": "secondary_volume",
              "score": 100,
              "weight": 0.13,
              "contribution": 13.0
            },
            {
              "component": "issuer",
              "score": 60,
              "weight": 0.32,
              "contribution": 19.2
            },
            {
              "component": "jurisdiction",
              "score": 100,
              "weight": 0.1,
              "contribution": 10.0
            }
          ],
          "missing": [
            {
              "fact": "checks.wash_volume_share",
              "needed": "share of the volume that parties trade with themselves",
              "data_confidence_gain": 0.05
            }
          ],
          "methodology_version": "v1.7-MMI"
        }"#]],
    );

    let mut buidl = facts();
    buidl.aum_usd = Some(521_000_000.0);
    buidl.issuer.supervision = Some(Supervision::Registered);
    buidl.issuer.operating_years = Some(38.0);
    let scored = score(&buidl, now());
    let components = Component::ALL.map(|of| scored.component(of).unwrap());
    assert_eq!(components, [80, 100, 100, 100, 100]);
    assert_eq!((scored.score, scored.tier), (Some(95), Some(Tier::L1)));
    assert_eq!(scored.methodology_version, "v1.7-MMI");
}

#[test]
fn nothing_known_is_no_score_and_says_what_is_needed() {
    let scored = score(&Facts::default(), now());
    assert_eq!((scored.score, scored.tier), (None, None));
    assert_eq!((scored.bounds.low, scored.bounds.high), (0, 100));
    assert!(scored.data_confidence.abs() < 1e-12 && scored.contributions.is_empty());
    assert_eq!(scored.missing.len(), Fact::ALL.len());
    assert!(
        scored
            .missing
            .iter()
            .all(|missing| !missing.needed.is_empty())
    );
    let gains: f64 = scored
        .missing
        .iter()
        .map(|missing| missing.data_confidence_gain)
        .sum();
    assert!((gains - 1.0).abs() < 1e-3);
}

#[test]
fn half_of_the_weight_must_be_known() {
    // AUM and issuer, 0.57 of the weight, and AUM and redemption, 0.45.
    let mut known = Facts {
        aum_usd: Some(7.5e6),
        ..Facts::default()
    };
    known.redemption.frequency = facts().redemption.frequency;
    let scored = score(&known, now());
    assert_eq!(
        (scored.score, scored.bounds.low, scored.bounds.high),
        (None, 33, 88)
    );
    known.redemption.frequency = None;
    known.issuer = facts().issuer;
    let scored = score(&known, now());
    // (0.25 · 50 + 0.32 · 60) / 0.57 = 55.6
    assert_eq!((scored.score, scored.tier), (Some(56), Some(Tier::L2)));
    assert_eq!((scored.bounds.low, scored.bounds.high), (32, 75));
    let weights: Vec<f64> = scored.contributions.iter().map(|of| of.weight).collect();
    assert_eq!(weights, [0.4386, 0.5614]);
}

#[test]
fn bounds_are_what_the_score_would_be_and_not_less_what_is_subtracted_now() {
    // Base 10, from which a penalty of 60 takes all; with 100 for jurisdiction 0.1 · 100 more, from which it takes all again.
    let mut little = facts();
    little.aum_usd = Some(10_000.0);
    little.redemption = crate::RedemptionFacts::default();
    little.secondary = crate::SecondaryFacts::default();
    little.issuer.bankruptcy_remote = Some(false);
    little.jurisdiction = None;
    little.checks.linked_address_share = Some(1.0);
    let scored = score(&little, now());
    assert_eq!(scored.score, Some(0));
    // 0.25 · 10 + 0.32 · 40 + 43 for what is not known, less 60.
    assert_eq!((scored.bounds.low, scored.bounds.high), (0, 0));
    little.aum_usd = Some(1e12);
    let bounds = score(&little, now()).bounds;
    // 0.25 · 98 + 0.32 · 40 + 43 − 60 = 20.3
    assert_eq!((bounds.low, bounds.high), (0, 20));
}

#[test]
fn exactly_half_is_enough() {
    let profile = |aum: f64| {
        let rest = (1.0 - aum) / 4.0;
        let weights = PerComponent::new(|of| Some(if of == Component::Aum { aum } else { rest }));
        ScoringProfile::new(&ProfileDraft {
            weights,
            ..ProfileDraft::default()
        })
        .unwrap()
    };
    let known = Facts {
        aum_usd: Some(1e9),
        ..Facts::default()
    };
    assert_eq!(score_with(&profile(0.5), &known, now()).score, Some(84));
    assert_eq!(score_with(&profile(0.49), &known, now()).score, None);
}

#[test]
fn penalties_are_subtracted_and_shown_after_their_caps() {
    let mut facts = facts();
    facts.checks.linked_address_share = Some(0.9);
    facts.checks.wash_volume_share = Some(0.3);
    facts.checks.market_price_usd = Some(1.08 * 1.02);
    let later = now() + SignedDuration::from_hours(72);
    let scored = score(&facts, later);
    // Raw 4.5, 80, 5, 20; capped 4.5, 60, 5, 20 = 89.5, of which 70 count.
    let penalties = scored.penalties;
    let shown = [
        penalties.nav_divergence_penalty,
        penalties.sybil_penalty,
        penalties.staleness_penalty,
        penalties.wash_trade_penalty,
    ];
    assert_eq!(shown.map(Points::tenths), [35, 469, 39, 157]);
    assert_eq!(
        (scored.score, scored.tier),
        (Some(12), Some(Tier::Illiquid))
    );
}

#[test]
fn confidence_falls_with_age() {
    let at =
        |hours: i64| score(&facts(), now() + SignedDuration::from_hours(hours)).data_confidence;
    assert_eq!(
        [0, 48, 96, 144, 48_000].map(|hours| Some(at(hours))),
        [1.0, 1.0, 0.58, 0.36, 0.15].map(Some)
    );
    let undated = Facts {
        observed: std::collections::BTreeMap::new(),
        ..facts()
    };
    assert!((score(&undated, now()).data_confidence - 0.58).abs() < 1e-9);
}

#[test]
fn a_profile_changes_weights_and_caps_and_the_version() {
    let draft = r#"{"weights": {"aum": 1, "redemption": 0, "secondaryVolume": 0, "issuer": 0, "jurisdiction": 0},
                    "penaltyCaps": {"maxSybilPenalty": 1}}"#;
    let profile = serde_json::from_str(draft).unwrap();
    let mut facts = facts();
    facts.checks.linked_address_share = Some(1.0);
    let scored = score_with(&profile, &facts, now());
    assert_eq!(scored.score, Some(79));
    assert_eq!(scored.methodology_version, "v1.7-MMI+profile");
}
