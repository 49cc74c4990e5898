use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::value::RawValue;
use types::{Date, Timestamp, date_of};

use super::elements::{elements, field, usd};

/// How much of the past is recorded: what a backtest reads.
const DAYS: i64 = 365;
/// The most points that are read.
const MAX_POINTS: usize = 20_000;

#[derive(Deserialize)]
struct Details<'a> {
    #[serde(borrow)]
    tvl: &'a RawValue,
}

#[derive(Deserialize)]
struct Point<'a> {
    #[serde(borrow)]
    date: Option<&'a RawValue>,
    #[serde(borrow, rename = "totalLiquidityUSD")]
    usd: Option<&'a RawValue>,
}

/// Reads `/protocol/{slug}`: TVL in US dollars, the first of each UTC day in the year before the day of `now`, oldest first. What comes
/// before its first TVL above 0 is left out.
///
/// # Errors
/// If it is not an object with an array `tvl` in JSON.
pub(super) fn history(
    json: &[u8],
    now: Timestamp,
) -> Result<Vec<(Timestamp, f64)>, serde_json::Error> {
    let details: Details<'_> = serde_json::from_slice(json)?;
    let (first, today) = (now - SignedDuration::from_hours(24 * DAYS), date_of(now));
    let mut days: BTreeMap<Date, (Timestamp, f64)> = BTreeMap::new();
    elements(details.tvl.get().as_bytes(), MAX_POINTS, |element| {
        if let Some((at, usd)) = point(element)
            && at >= first
            && date_of(at) < today
        {
            let known = days.entry(date_of(at)).or_insert((at, usd));
            if at < known.0 {
                *known = (at, usd);
            }
        }
    })?;
    Ok(days
        .into_values()
        .skip_while(|(_, usd)| *usd <= 0.0)
        .collect())
}

fn point(element: &RawValue) -> Option<(Timestamp, f64)> {
    let point: Point<'_> = serde_json::from_str(element.get()).ok()?;
    let at = Timestamp::from_second(field(point.date)?).ok()?;
    Some((at, usd(point.usd)?))
}
