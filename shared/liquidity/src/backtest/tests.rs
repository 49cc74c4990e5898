use expect_test::expect;
use types::midnight;

use super::*;

pub(super) fn end() -> Date {
    Date::constant(2026, 3, 24)
}

pub(super) fn before_end(days: i32) -> Date {
    end().checked_sub(jiff::Span::new().days(days)).unwrap()
}

pub(super) fn snapshot(days: i32, score: u8, aum_usd: f64) -> Snapshot {
    let date = before_end(days);
    Snapshot {
        date,
        computed_at: midnight(date),
        score: Some(score),
        aum_usd: Some(aum_usd),
        redemption_delayed: None,
    }
}

/// A track of daily snapshots up to the end, from `from` days before it on.
pub(super) fn track(slug: &str, from: i32, of: impl Fn(i32) -> (u8, f64)) -> Track {
    let snapshots = (0..=from).map(|days| {
        let (score, aum) = of(days);
        snapshot(days, score, aum)
    });
    Track {
        slug: slug.parse().unwrap(),
        name: slug.to_uppercase(),
        snapshots: snapshots.collect(),
    }
}

pub(super) fn period(days_back: u16) -> Period {
    Period {
        end: end(),
        days_back,
        seed: 1,
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a whole document")]
fn the_report_has_the_printed_fields_first() {
    let tracks = [
        track("steady", 127, |_| (90, 100.0)),
        // Falls from L1 to L2 in the last 30 days, and by a quarter.
        track("falling", 127, |days| {
            if days < 30 { (70, 75.0) } else { (76, 100.0) }
        }),
        track("illiquid", 127, |days| (20, 100.0 + f64::from(days))),
    ];
    let report = backtest(&tracks, period(90));
    expect![[r#"
        {
          "protocolCount": 3,
          "scoreRecordCount": 273,
          "periodStart": "2025-12-24T00:00:00Z",
          "periodEnd": "2026-03-24T00:00:00Z",
          "aumRetentionCorrelation": 0.6928,
          "l1StabilityRate": 0.8333,
          "illiquidPredictionAccuracy": 0.3333,
          "avgScoreBeforeDrawdown": 48.0,
          "methodologyVersion": "v1.7-MMI",
          "horizonDays": 30,
          "caseCount": 9,
          "withoutOutcomeCount": 0,
          "aumRetention": {
            "value": 0.6928,
            "n": 9,
            "protocols": 3,
            "low": null,
            "high": null
          },
          "l1Count": 6,
          "illiquidCount": 3,
          "drawdownCount": 2,
          "calibration": {
            "L1": {
              "n": 6,
              "medianRetention": 1.0,
              "drawdownRate": 0.1667,
              "drawdownRateLow": 0.0301,
              "drawdownRateHigh": 0.5635
            },
            "L2": {
              "n": 0,
              "medianRetention": null,
              "drawdownRate": null,
              "drawdownRateLow": null,
              "drawdownRateHigh": null
            },
            "L3": {
              "n": 0,
              "medianRetention": null,
              "drawdownRate": null,
              "drawdownRateLow": null,
              "drawdownRateHigh": null
            },
            "ILLIQUID": {
              "n": 3,
              "medianRetention": 0.8125,
              "drawdownRate": 0.3333,
              "drawdownRateLow": 0.0615,
              "drawdownRateHigh": 0.7923
            }
          },
          "baselines": [
            {
              "name": "aum",
              "aumRetention": {
                "value": -0.5423,
                "n": 9,
                "protocols": 3,
                "low": null,
                "high": null
              },
              "scoreOnTheSame": {
                "value": 0.6928,
                "n": 9,
                "protocols": 3,
                "low": null,
                "high": null
              },
              "l1StabilityRate": 0.8333,
              "illiquidPredictionAccuracy": 0.0
            },
            {
              "name": "last_month_change",
              "aumRetention": {
                "value": 0.6291,
                "n": 9,
                "protocols": 3,
                "low": null,
                "high": null
              },
              "scoreOnTheSame": {
                "value": 0.6928,
                "n": 9,
                "protocols": 3,
                "low": null,
                "high": null
              },
              "l1StabilityRate": 0.8333,
              "illiquidPredictionAccuracy": 0.3333
            }
          ],
          "protocolResults": [
            {
              "slug": "falling",
              "name": "FALLING",
              "avgScore": 74.0,
              "scoreVolatility": 2.82,
              "aumRetention30d": 0.75,
              "tierStability": 0.9889,
              "predictionAccurate": true,
              "cases": 3
            },
            {
              "slug": "illiquid",
              "name": "ILLIQUID",
              "avgScore": 20.0,
              "scoreVolatility": 0.0,
              "aumRetention30d": 0.7692,
              "tierStability": 1.0,
              "predictionAccurate": false,
              "cases": 3
            },
            {
              "slug": "steady",
              "name": "STEADY",
              "avgScore": 90.0,
              "scoreVolatility": 0.0,
              "aumRetention30d": 1.0,
              "tierStability": 1.0,
              "predictionAccurate": true,
              "cases": 3
            }
          ]
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&report).unwrap());
}

#[test]
fn scores_are_taken_so_that_outcomes_do_not_overlap_and_are_in_the_period() {
    let cases = |days_back| backtest(&[track("a", 500, |_| (50, 1.0))], period(days_back));
    let counts =
        [7, 29, 30, 59, 60, 365].map(|days| (cases(days).case_count, cases(days).horizon_days));
    assert_eq!(
        counts,
        [(1, 7), (1, 29), (1, 30), (1, 30), (2, 30), (12, 30)]
    );
    // Out of bounds is the nearest bound.
    assert_eq!((cases(1).horizon_days, cases(9_999).case_count), (7, 12));
}

#[test]
fn values_stand_for_seven_days_and_no_longer() {
    let case_count = |days_before_the_end: i32| {
        let mut track = track("a", 60, |_| (50, 1.0));
        track
            .snapshots
            .retain(|of| of.date <= before_end(days_before_the_end));
        let report = backtest(&[track], period(30));
        (report.case_count, report.without_outcome_count)
    };
    assert_eq!([0, 7, 8].map(case_count), [(1, 0), (1, 0), (0, 1)]);
}

#[test]
fn a_product_that_ended_is_a_drawdown_and_not_left_out() {
    let ended = track("a", 60, |days| (50, if days < 5 { 0.0 } else { 10.0 }));
    let report = backtest(&[ended], period(30));
    assert_eq!((report.case_count, report.drawdown_count), (1, 1));
    assert_eq!(report.calibration.l2.median_retention, Some(0.0));
}

#[test]
fn a_fifth_is_a_drawdown_even_if_it_comes_back() {
    let drawdowns = |least: f64| {
        let track = track("a", 60, |days| (50, if days == 9 { least } else { 100.0 }));
        backtest(&[track], period(30)).drawdown_count
    };
    assert_eq!([80.1, 80.0].map(drawdowns), [0, 1]);
}

#[test]
fn late_redemptions_are_trouble() {
    let mut track = track("a", 60, |_| (10, 100.0));
    let accuracy = |track: &Track| {
        backtest(std::slice::from_ref(track), period(30)).illiquid_prediction_accuracy
    };
    assert_eq!(accuracy(&track), Some(0.0));
    for snapshot in &mut track.snapshots {
        snapshot.redemption_delayed = Some(snapshot.date == before_end(3));
    }
    assert_eq!(accuracy(&track), Some(1.0));
}

#[test]
fn a_score_that_was_computed_later_is_not_used() {
    let mut track = track("a", 60, |_| (50, 100.0));
    let scores =
        |track: &Track| backtest(std::slice::from_ref(track), period(30)).score_record_count;
    assert_eq!(scores(&track), 31);
    let two_days = jiff::SignedDuration::from_hours(48);
    for snapshot in &mut track.snapshots {
        snapshot.computed_at =
            midnight(snapshot.date) + two_days - jiff::SignedDuration::from_nanos(1);
    }
    assert_eq!(scores(&track), 31);
    for snapshot in &mut track.snapshots {
        snapshot.computed_at = midnight(snapshot.date) + two_days;
    }
    assert_eq!(scores(&track), 0);
}

#[test]
fn a_score_that_knows_is_told_from_a_figure_that_does_not() {
    // What a protocol keeps is its score in percent; its AUM and last month have nothing to do with it.
    let tracks: Vec<Track> = (0..40_u8)
        .map(|index| {
            let score = 20 + index * 2;
            let size = f64::from((u32::from(index) * 17) % 40) + 1.0;
            track(&format!("p{index:02}"), 75, |days| {
                (
                    score,
                    if days < 30 {
                        size * f64::from(score) / 100.0
                    } else {
                        size
                    },
                )
            })
        })
        .collect();
    let report = backtest(&tracks, period(30));
    let of = |of: Correlation| (of.value.unwrap(), of.low.unwrap(), of.high.unwrap());
    let (value, low, high) = of(report.aum_retention);
    assert!(
        value > 0.999 && low > 0.999 && high > 0.999,
        "{value} {low} {high}"
    );
    let (value, low, high) = of(report.baselines[0].aum_retention);
    assert!(
        value.abs() < 0.3 && low < 0.0 && high > 0.0,
        "{value} {low} {high}"
    );
    // All had the same last month.
    assert_eq!(report.baselines[1].aum_retention.value, None);
    assert_eq!(report.aum_retention_correlation, report.aum_retention.value);
}
