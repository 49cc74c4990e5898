use proptest::prelude::*;
use types::midnight;

use super::tests::{before_end, end, period, snapshot};
use super::*;

fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![8 => 1.0..1e10, 1 => any::<f64>(), 1 => Just(0.0)]
}

prop_compose! {
    fn any_snapshot()(
        days in -40i32..460,
        score in prop::option::of(any::<u8>()),
        aum in prop::option::of(hostile()),
        delayed in prop::option::of(any::<bool>()),
        late in 0i64..4,
    ) -> Snapshot {
        let date = before_end(days);
        Snapshot {
            date,
            computed_at: midnight(date) + jiff::SignedDuration::from_hours(24 * late),
            score,
            aum_usd: aum,
            redemption_delayed: delayed,
        }
    }
}

/// Some with gaps and hostile numbers, some daily.
fn any_tracks() -> impl Strategy<Value = Vec<Track>> {
    let sparse = prop::collection::vec(any_snapshot(), 0..120);
    let daily =
        (0u8..=100, 1.0..1e9, -0.01..0.01).prop_map(|(score, aum, drift): (u8, f64, f64)| {
            (-20..430)
                .map(|days: i32| snapshot(days, score, aum * (-drift * f64::from(days)).exp()))
                .collect()
        });
    let tracks = prop::collection::vec(prop_oneof![sparse, daily], 0..9);
    tracks.prop_map(|all: Vec<Vec<Snapshot>>| {
        all.into_iter()
            .zip(0..)
            .map(|(mut snapshots, index)| {
                snapshots.sort_by_key(|of| of.date);
                snapshots.dedup_by_key(|of| of.date);
                Track {
                    slug: format!("p{index}").parse().unwrap(),
                    name: String::new(),
                    snapshots,
                }
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn future_data_change_nothing(tracks in any_tracks(), future in any_tracks(), days_back in 0u16..400) {
        let before = backtest(&tracks, period(days_back));
        let mut with_future = tracks.clone();
        for (track, other) in with_future.iter_mut().zip(&future) {
            track.snapshots.retain(|of| of.date <= end());
            // Whatever it is, it comes after the end.
            let shift = jiff::Span::new().days(500);
            track.snapshots.extend(other.snapshots.iter().map(|of| Snapshot {
                date: of.date.checked_add(shift).unwrap(),
                ..*of
            }));
        }
        prop_assert_eq!(backtest(&with_future, period(days_back)), before);
    }

    #[test]
    fn a_case_does_not_see_what_comes_after_its_outcome(tracks in any_tracks(), days_back in 60u16..365) {
        // The first of several outcomes, with all the days after it or without them.
        let cut = Period { end: before_end(i32::from(days_back) - 30), days_back: 30, seed: 1 };
        let first = backtest(&tracks, cut);
        let mut short = tracks.clone();
        for track in &mut short {
            track.snapshots.retain(|of| of.date <= cut.end);
        }
        prop_assert_eq!(backtest(&short, cut), first);
    }

    #[test]
    fn the_order_of_tracks_and_snapshots_does_not_matter(
        (tracks, shuffled) in any_tracks().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let reversed: Vec<Track> = shuffled.into_iter().map(|mut track| {
            track.snapshots.reverse();
            track
        }).collect();
        prop_assert_eq!(backtest(&reversed, period(365)), backtest(&tracks, period(365)));
    }

    #[test]
    fn figures_are_in_range_and_counts_add_up(tracks in any_tracks(), days_back in 7u16..=365) {
        let report = backtest(&tracks, period(days_back));
        let tiers = crate::Tier::ALL.map(|tier| *report.calibration.get(tier));
        prop_assert_eq!(tiers.iter().map(|of| of.n).sum::<usize>(), report.case_count);
        prop_assert_eq!(tiers[3].n, report.illiquid_count);
        prop_assert_eq!(report.protocol_results.iter().map(|of| of.cases).sum::<usize>(), report.case_count);
        let mut shares = vec![report.l1_stability_rate, report.illiquid_prediction_accuracy];
        for baseline in &report.baselines {
            shares.extend([baseline.l1_stability_rate, baseline.illiquid_prediction_accuracy]);
        }
        shares.extend(tiers.iter().flat_map(|of| [of.drawdown_rate, of.drawdown_rate_low, of.drawdown_rate_high]));
        shares.extend(report.protocol_results.iter().map(|of| of.tier_stability));
        for share in shares.into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&share));
        }
        prop_assert!(report.avg_score_before_drawdown.is_none_or(|score| (0.0..=100.0).contains(&score)));
        let json = serde_json::to_string(&report).unwrap();
        prop_assert_eq!(serde_json::from_str::<Backtest>(&json).unwrap(), report);
    }
}
