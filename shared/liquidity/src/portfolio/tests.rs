use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::{Frequency, Tier};

fn request(positions: &[(&str, f64)], participation_rate: f64) -> PortfolioRequest {
    let positions = positions.iter().map(|(slug, value_usd)| Position {
        slug: slug.parse().unwrap(),
        value_usd: *value_usd,
    });
    PortfolioRequest {
        positions: positions.collect(),
        participation_rate,
    }
}

#[track_caller]
fn refused(request: &PortfolioRequest, expect: &Expect) {
    let errors = ValidPortfolio::new(request).unwrap_err();
    let lines = errors
        .iter()
        .map(|error| format!("{} {}: {error}", error.field(), error.reason()));
    expect.assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

/// Three protocols, of the third of which little is known.
fn holdings() -> Holdings {
    let day = |number: i8| Date::constant(2026, 1, number);
    let usdy = Holding {
        score: Some(82),
        aum_usd: Some(450_200_000.0),
        monthly_volume_usd: Some(300_000_000.0),
        redemption: RedemptionFacts {
            frequency: Some(Frequency::Daily),
            ..RedemptionFacts::default()
        },
        issuer: Some("Ondo Finance".to_owned()),
        blockchains: vec!["Ethereum".to_owned(), "Solana".to_owned()],
        jurisdiction: Some("US".parse().unwrap()),
        aum_history: vec![(day(1), 100.0), (day(31), 80.0)],
    };
    let gold = Holding {
        score: Some(60),
        aum_usd: Some(1e9),
        monthly_volume_usd: Some(30_000_000.0),
        redemption: RedemptionFacts {
            frequency: Some(Frequency::Quarterly),
            ..RedemptionFacts::default()
        },
        issuer: Some("Paxos".to_owned()),
        blockchains: vec!["Ethereum".to_owned()],
        jurisdiction: Some("US".parse().unwrap()),
        aum_history: vec![
            (day(1), 10.0),
            (day(30), 5.0),
            (Date::constant(2026, 2, 10), 10.0),
        ],
    };
    [
        ("ondo-usdy", usdy),
        ("paxg", gold),
        ("lofty", Holding::default()),
    ]
    .map(|(slug, holding)| (slug.parse().unwrap(), holding))
    .into()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a whole document")]
fn a_portfolio_says_what_it_would_take_and_what_is_not_known() {
    let request = request(
        &[
            ("paxg", 3_000_000.0),
            ("ondo-usdy", 6_000_000.0),
            ("lofty", 900_000.0),
            ("other", 100_000.0),
        ],
        0.1,
    );
    let report = portfolio(&ValidPortfolio::new(&request).unwrap(), &holdings());
    expect![[r#"
        {
          "total_value_usd": 10000000.0,
          "weighted_score": 74.7,
          "tier": "L1",
          "share_by_tier": {
            "L1": 0.6,
            "L2": 0.3,
            "L3": 0.0,
            "ILLIQUID": 0.0
          },
          "share_without_score": 0.1,
          "participation_rate": 0.1,
          "days_to_liquidate": null,
          "ladder": {
            "days_1": 0.61,
            "days_7": 0.67,
            "days_30": 0.9,
            "days_90": 0.9,
            "days_180": 0.9,
            "days_365": 0.9
          },
          "stress": {
            "from": "2026-01-01",
            "to": "2026-01-31",
            "change": -0.3,
            "coverage": 0.9
          },
          "by_issuer": {
            "hhi": 5555.6,
            "unknown_share": 0.1,
            "largest": [
              {
                "name": "Ondo Finance",
                "share": 0.6
              },
              {
                "name": "Paxos",
                "share": 0.3
              }
            ]
          },
          "by_chain": {
            "hhi": 5555.6,
            "unknown_share": 0.1,
            "largest": [
              {
                "name": "Ethereum",
                "share": 0.6
              },
              {
                "name": "Solana",
                "share": 0.3
              }
            ]
          },
          "by_jurisdiction": {
            "hhi": 10000.0,
            "unknown_share": 0.1,
            "largest": [
              {
                "name": "US",
                "share": 0.9
              }
            ]
          },
          "positions": [
            {
              "slug": "ondo-usdy",
              "value_usd": 6000000.0,
              "share": 0.6,
              "liquidity_score": 82,
              "liquidity_tier": "L1",
              "share_of_aum": 0.013327,
              "days_to_liquidate": 1.0,
              "route": "redemption",
              "unknown": []
            },
            {
              "slug": "paxg",
              "value_usd": 3000000.0,
              "share": 0.3,
              "liquidity_score": 60,
              "liquidity_tier": "L2",
              "share_of_aum": 0.003,
              "days_to_liquidate": 30.0,
              "route": "market",
              "unknown": []
            },
            {
              "slug": "lofty",
              "value_usd": 900000.0,
              "share": 0.09,
              "liquidity_score": null,
              "liquidity_tier": null,
              "share_of_aum": null,
              "days_to_liquidate": null,
              "route": null,
              "unknown": [
                "score",
                "aum",
                "way_out",
                "issuer",
                "chain",
                "jurisdiction",
                "history"
              ]
            },
            {
              "slug": "other",
              "value_usd": 100000.0,
              "share": 0.01,
              "liquidity_score": null,
              "liquidity_tier": null,
              "share_of_aum": null,
              "days_to_liquidate": null,
              "route": null,
              "unknown": [
                "protocol"
              ]
            }
          ],
          "methodology_version": "v1.7-MMI"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&report).unwrap());
}

#[test]
fn the_quicker_way_counts() {
    let holdings = holdings();
    let days = |slug: &str, value: f64, rate: f64| {
        let valid = ValidPortfolio::new(&request(&[(slug, value)], rate)).unwrap();
        let report = portfolio(&valid, &holdings);
        (report.days_to_liquidate, report.positions[0].route)
    };
    // A million dollars a day, of which a tenth is 100,000.
    assert_eq!(
        days("paxg", 1_000_000.0, 0.1),
        (Some(10.0), Some(Route::Market))
    );
    assert_eq!(
        days("paxg", 1_000_000.0, 0.5),
        (Some(2.0), Some(Route::Market))
    );
    assert_eq!(
        days("paxg", 50_000_000.0, 0.1),
        (Some(90.0), Some(Route::Redemption))
    );
    assert_eq!(days("lofty", 1.0, 1.0), (None, None));
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    refused(
        &request(
            &[
                ("a", 0.0),
                ("b", f64::NAN),
                ("b", 1.0),
                ("c", -5.0),
                ("d", 1e16),
            ],
            0.0,
        ),
        &expect![[r#"
            positions[0].value_usd value_out_of_range: the value of a is 0; give US dollars above 0, such as 250000
            positions[1].value_usd value_out_of_range: the value of b is NaN; give US dollars above 0, such as 250000
            positions[2].slug position_repeated: b is there twice; give one position for each protocol
            positions[3].value_usd value_out_of_range: the value of c is -5; give US dollars above 0, such as 250000
            positions[4].value_usd value_out_of_range: the value of d is 10000000000000000; give US dollars above 0, such as 250000
            participation_rate participation_rate_out_of_range: participation_rate is 0; give a share above 0 and up to 1, such as 0.1"#]],
    );
    refused(
        &request(&[], 1.1),
        &expect![[r#"
        positions position_count: a portfolio has 1 to 200 positions, not 0
        participation_rate participation_rate_out_of_range: participation_rate is 1.1; give a share above 0 and up to 1, such as 0.1"#]],
    );
    let count = |count: usize| {
        let slugs: Vec<String> = (0..count).map(|index| format!("p{index}")).collect();
        let positions: Vec<_> = slugs.iter().map(|slug| (slug.as_str(), 1.0)).collect();
        ValidPortfolio::new(&request(&positions, 1.0)).is_ok()
    };
    assert_eq!([200, 201].map(count), [true, false]);
    let json = r#"{"positions": [{"slug": "a", "value_usd": 1}]}"#;
    let read: PortfolioRequest = serde_json::from_str(json).unwrap();
    assert!((read.participation_rate - 0.1).abs() < 1e-12);
}

fn any_holding() -> impl Strategy<Value = Holding> {
    let number = || prop::option::of(prop_oneof![3 => 0.0..1e10, 1 => any::<f64>()]);
    let day = (0i32..200).prop_map(|day| {
        Date::constant(2026, 1, 1)
            .checked_add(jiff::Span::new().days(day))
            .unwrap()
    });
    let history =
        prop::collection::vec((day, prop_oneof![5 => 1.0..1e9, 1 => any::<f64>()]), 0..20);
    (
        prop::option::of(any::<u8>()),
        number(),
        number(),
        (
            prop::option::of(prop::sample::select(Frequency::ALL.to_vec())),
            number(),
            number(),
        ),
        prop::option::of("[AB]"),
        prop::collection::vec("[ABC]", 0..3),
        history,
    )
        .prop_map(
            |(score, aum_usd, monthly_volume_usd, redemption, issuer, blockchains, aum_history)| {
                Holding {
                    score,
                    aum_usd,
                    monthly_volume_usd,
                    redemption: RedemptionFacts {
                        frequency: redemption.0,
                        notice_days: redemption.1,
                        observed_days: redemption.2,
                    },
                    issuer,
                    blockchains,
                    jurisdiction: None,
                    aum_history,
                }
            },
        )
}

proptest! {
    #[test]
    fn shares_add_up_and_the_order_of_positions_does_not_matter(
        values in prop::collection::vec(0.01..1e12, 1..12),
        known in prop::collection::vec(prop::option::of(any_holding()), 12),
        rate in 0.000_001..1.0,
    ) {
        let slugs: Vec<String> = (0..values.len()).map(|index| format!("p{index}")).collect();
        let mut positions: Vec<(&str, f64)> = slugs.iter().map(String::as_str).zip(values.iter().copied()).collect();
        let holdings: Holdings = slugs.iter().zip(&known)
            .filter_map(|(slug, holding)| Some((slug.parse().unwrap(), holding.clone()?)))
            .collect();
        let of = |positions: &[(&str, f64)]| portfolio(&ValidPortfolio::new(&request(positions, rate)).unwrap(), &holdings);
        let report = of(&positions);
        positions.reverse();
        prop_assert_eq!(&of(&positions), &report);

        let tiers: f64 = Tier::ALL.iter().map(|tier| report.share_by_tier.get(*tier)).sum();
        prop_assert!((tiers + report.share_without_score - 1.0).abs() < 1e-3);
        let ladder = report.ladder;
        let steps = [0.0, ladder.days_1, ladder.days_7, ladder.days_30, ladder.days_90, ladder.days_180, ladder.days_365, 1.0];
        prop_assert!(steps.is_sorted(), "{steps:?}");
        for concentration in [&report.by_issuer, &report.by_chain, &report.by_jurisdiction] {
            prop_assert!(concentration.hhi.is_none_or(|hhi| hhi > 0.0 && hhi <= 10_000.0));
            prop_assert!((0.0..=1.0).contains(&concentration.unknown_share));
        }
        prop_assert!(report.days_to_liquidate.is_none_or(|days| days.is_finite() && days >= 0.0));
        prop_assert!(report.stress.is_none_or(|of| of.change >= -1.0 && of.coverage >= 0.5 && of.change.is_finite()));
        prop_assert!(report.weighted_score.is_none_or(|score| (0.0..=100.0).contains(&score)));
        // JSON has null for what is no number, which is not what would be read again.
        let json = serde_json::to_value(&report).unwrap();
        prop_assert_eq!(serde_json::from_value::<PortfolioReport>(json).unwrap(), report);
    }

    #[test]
    fn more_participation_and_less_value_never_take_longer(
        value in 1.0..1e9,
        rate in 0.000_01_f64..1.0,
        holding in any_holding(),
    ) {
        let holdings: Holdings = BTreeMap::from([("a".parse().unwrap(), holding)]);
        let days = |value: f64, rate: f64| {
            let valid = ValidPortfolio::new(&request(&[("a", value)], rate)).unwrap();
            portfolio(&valid, &holdings).days_to_liquidate.unwrap_or(f64::INFINITY)
        };
        prop_assert!(days(value, (rate * 2.0).min(1.0)) <= days(value, rate));
        prop_assert!(days(value / 2.0, rate) <= days(value, rate));
    }
}
