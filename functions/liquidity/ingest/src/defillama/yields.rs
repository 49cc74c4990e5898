use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::elements::{elements, field, usd};

/// The most pools that are read; DefiLlama has some 20,000.
const MAX_POOLS: usize = 50_000;
/// What may be a yield, in percent a year: as in import files.
const YIELD: std::ops::RangeInclusive<f64> = -100.0..=1_000.0;

#[derive(Deserialize)]
struct Pools<'a> {
    #[serde(borrow)]
    data: &'a RawValue,
}

#[derive(Deserialize)]
struct Pool<'a> {
    #[serde(borrow)]
    project: Option<&'a RawValue>,
    #[serde(borrow, rename = "tvlUsd")]
    tvl: Option<&'a RawValue>,
    #[serde(borrow)]
    apy: Option<&'a RawValue>,
}

/// Reads `/pools`: the yield of each project, by DefiLlama's slug, in percent a year. It is the mean of its pools' `apy`, weighted by what
/// is in them; pools without either number are left out, and so is a project without pools.
///
/// # Errors
/// If it is not an object with an array `data` in JSON.
pub(super) fn yields(json: &[u8]) -> Result<BTreeMap<String, f64>, serde_json::Error> {
    let pools: Pools<'_> = serde_json::from_slice(json)?;
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    elements(pools.data.get().as_bytes(), MAX_POOLS, |element| {
        if let Some((project, tvl, apy)) = pool(element) {
            let (weighted, total) = sums.entry(project).or_default();
            *weighted += tvl * apy;
            *total += tvl;
        }
    })?;
    let means = sums.into_iter();
    Ok(means
        .map(|(project, (sum, tvl))| (project, sum / tvl))
        .collect())
}

fn pool(element: &RawValue) -> Option<(String, f64, f64)> {
    let pool: Pool<'_> = serde_json::from_str(element.get()).ok()?;
    let apy: f64 = field(pool.apy)?;
    let tvl = usd(pool.tvl).filter(|tvl| *tvl >= 1.0)?;
    YIELD
        .contains(&apy)
        .then_some((field(pool.project)?, tvl, apy))
}
