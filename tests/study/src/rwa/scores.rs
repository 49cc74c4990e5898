//! What scores the known facts give, and what came after them.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use jiff::Timestamp;
use jiff::civil::Date;
use liquidity::{
    Backtest, Breaker, Cadence, Component, Correlation, Facts, Observed, Period, Score, Snapshot,
    Step, Tier, Track, backtest, score,
};

use super::{ProtocolRow, Rwa};

/// The scores of today's facts, and two backtests.
pub fn tables(out: &mut String, rwa: &Rwa, seed: u64) -> fmt::Result {
    let now = types::midnight(Date::constant(2026, 7, 1));
    let scored: Vec<(&str, Score)> = rwa
        .protocols
        .iter()
        .map(|row| (&*row.slug, score(&facts(rwa, row, row.aum_usd, now), now)))
        .collect();
    coverage(out, &scored)?;
    let (tracks, without) = tracks(rwa);
    writeln!(
        out,
        "\n## Backtest\n\n{} protocols, {without} without known terms",
        tracks.len()
    )?;
    for (end, days_back) in [
        (Date::constant(2026, 7, 1), 365),
        (Date::constant(2024, 7, 1), 365),
    ] {
        let report = backtest(
            &tracks,
            Period {
                end,
                days_back,
                seed,
            },
        );
        results(out, end, &report)?;
    }
    Ok(())
}

/// What a source says of a protocol, with AUM as given. All is of one day.
fn facts(rwa: &Rwa, row: &ProtocolRow, aum_usd: Option<f64>, at: Timestamp) -> Facts {
    let mut facts = Facts {
        aum_usd,
        jurisdiction: row.jurisdiction.as_ref().and_then(|code| code.parse().ok()),
        ..Facts::default()
    };
    facts.redemption.frequency = row
        .redemption_frequency
        .as_ref()
        .and_then(|text| text.parse().ok());
    let months = rwa.on_chain.get(&row.slug).into_iter().flatten();
    if let Some(last) = months.max_by_key(|row| &row.month) {
        facts.secondary.monthly_turnover = last.turnover_residual;
        facts.secondary.monthly_active_addresses = last.active_addresses;
        facts.secondary.holder_hhi = last.holder_hhi_10000.map(|of| of / 10_000.0);
    }
    let volume = row.monthly_transfer_volume_usd.zip(row.aum_usd);
    let turnover = volume.map(|(volume, aum)| volume / aum);
    facts.secondary.monthly_turnover = facts.secondary.monthly_turnover.or(turnover);
    let addresses = row.monthly_active_addresses;
    facts.secondary.monthly_active_addresses =
        addresses.or(facts.secondary.monthly_active_addresses);
    for component in Component::ALL {
        facts.observed.insert(
            component,
            Observed {
                at,
                cadence: Cadence::Monthly,
            },
        );
    }
    facts
}

fn coverage(out: &mut String, scored: &[(&str, Score)]) -> fmt::Result {
    writeln!(
        out,
        "\n## Scores\n\n| component | known of | least | median | most |"
    )?;
    writeln!(out, "|---|---:|---:|---:|---:|")?;
    for component in Component::ALL {
        let mut points: Vec<u8> = scored
            .iter()
            .filter_map(|(_, score)| score.component(component))
            .collect();
        points.sort_unstable();
        let at = |index: usize| points.get(index).map_or("–".to_owned(), u8::to_string);
        let (middle, last) = (points.len() / 2, points.len().saturating_sub(1));
        writeln!(
            out,
            "| {component} | {} | {} | {} | {} |",
            points.len(),
            at(0),
            at(middle),
            at(last)
        )?;
    }
    writeln!(
        out,
        "\n| protocol | score | tier | bounds | confidence | components |"
    )?;
    writeln!(out, "|---|---:|---|---|---:|---|")?;
    let mut ordered: Vec<&(&str, Score)> = scored.iter().collect();
    ordered.sort_by(|a, b| b.1.score.cmp(&a.1.score).then(a.0.cmp(b.0)));
    for (slug, score) in ordered
        .into_iter()
        .filter(|(_, score)| score.score.is_some())
    {
        let points = Component::ALL.map(|of| score.component(of));
        let points = points.map(|of| of.map_or("–".to_owned(), |of| of.to_string()));
        writeln!(
            out,
            "| {slug} | {} | {} | {}–{} | {:.2} | {} |",
            score.score.unwrap_or_default(),
            score.tier.map_or("", Tier::as_str),
            score.bounds.low,
            score.bounds.high,
            score.data_confidence,
            points.join(" ")
        )?;
    }
    let without = scored
        .iter()
        .filter(|(_, score)| score.score.is_none())
        .count();
    writeln!(out, "\n{without} of {} have no score.", scored.len())
}

/// The protocols of a history under the slug of their facts.
fn row<'a>(rwa: &'a Rwa, slug: &str) -> Option<&'a ProtocolRow> {
    let slug = match slug {
        "ondo-yield-assets" => "ondo-usdy",
        "spiko-all-funds" => "spiko-eutbl",
        other => other,
    };
    rwa.protocols.iter().find(|row| row.slug == slug)
}

/// Scores of each day by AUM that the breaker lets through, with today's terms: those are not known as of then, so the backtest tells of
/// AUM and terms together, not of a product's whole score. And how many protocols have no known terms.
fn tracks(rwa: &Rwa) -> (Vec<Track>, usize) {
    let mut tracks: BTreeMap<String, Track> = BTreeMap::new();
    let mut without = 0;
    for ((slug, _), series) in &rwa.series {
        let row = row(rwa, slug);
        let known = row.filter(|row| {
            score(&facts(rwa, row, Some(1.0), Timestamp::MAX), Timestamp::MAX)
                .score
                .is_some()
        });
        without += usize::from(known.is_none());
        let Some(row) = known else { continue };
        let Ok(parsed) = slug.parse() else { continue };
        let track = tracks.entry(slug.clone()).or_insert(Track {
            slug: parsed,
            name: slug.clone(),
            snapshots: Vec::new(),
        });
        let mut breaker = Breaker::default();
        for reading in &series.readings {
            if matches!(breaker.observe(*reading), Step::Accepted | Step::Resumed) {
                let scored = score(
                    &facts(rwa, row, Some(reading.aum_usd), reading.at),
                    reading.at,
                );
                track.snapshots.push(Snapshot {
                    date: types::date_of(reading.at),
                    computed_at: reading.at,
                    score: scored.score,
                    aum_usd: Some(reading.aum_usd),
                    redemption_delayed: None,
                });
            }
        }
    }
    (tracks.into_values().collect(), without)
}

fn results(out: &mut String, end: Date, report: &Backtest) -> fmt::Result {
    let shown = |of: &Correlation| {
        let number = |of: Option<f64>| of.map_or("–".to_owned(), |of| format!("{of:.2}"));
        format!(
            "{} ({} to {}), n {} of {}",
            number(of.value),
            number(of.low),
            number(of.high),
            of.n,
            of.protocols
        )
    };
    writeln!(
        out,
        "\n365 days ending {end}: {} cases, {} without outcome\n",
        report.case_count, report.without_outcome_count
    )?;
    writeln!(
        out,
        "| figure | correlation with retention | the score on the same | L1 stable | ILLIQUID right |"
    )?;
    writeln!(out, "|---|---|---|---:|---:|")?;
    let rate = |of: Option<f64>| of.map_or("–".to_owned(), |of| format!("{of:.2}"));
    writeln!(
        out,
        "| score | {} | | {} | {} |",
        shown(&report.aum_retention),
        rate(report.l1_stability_rate),
        rate(report.illiquid_prediction_accuracy)
    )?;
    for baseline in &report.baselines {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            baseline.name,
            shown(&baseline.aum_retention),
            shown(&baseline.score_on_the_same),
            rate(baseline.l1_stability_rate),
            rate(baseline.illiquid_prediction_accuracy)
        )?;
    }
    writeln!(
        out,
        "\n| tier | cases | median retention | drawdowns | 95 % |"
    )?;
    writeln!(out, "|---|---:|---:|---:|---|")?;
    for tier in Tier::ALL {
        let of = report.calibration.get(tier);
        writeln!(
            out,
            "| {tier} | {} | {} | {} | {} to {} |",
            of.n,
            rate(of.median_retention),
            rate(of.drawdown_rate),
            rate(of.drawdown_rate_low),
            rate(of.drawdown_rate_high)
        )?;
    }
    Ok(())
}
