//! The data of the study of liquidity: protocols, their AUM by day, what is known of them on chain.

pub mod breaker;
pub mod scores;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use liquidity::{Cadence, Reading};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// All that is read.
#[derive(Debug)]
pub struct Rwa {
    /// By slug and source: what one source says of one protocol.
    pub series: BTreeMap<(String, String), Series>,
    /// In the order of the file.
    pub protocols: Vec<ProtocolRow>,
    /// By slug.
    pub on_chain: BTreeMap<String, Vec<OnChainRow>>,
}

/// AUM by day, by one source.
#[derive(Debug)]
pub struct Series {
    /// How often the source has a day.
    pub cadence: Cadence,
    /// Oldest first.
    pub readings: Vec<Reading>,
}

#[derive(Debug, Deserialize)]
struct HistoryRow {
    date: Date,
    slug: String,
    source: String,
    granularity: String,
    aum_usd: Option<f64>,
}

/// What is known of a protocol.
#[derive(Debug, Deserialize)]
pub struct ProtocolRow {
    /// Its slug.
    pub slug: String,
    /// Where it is domiciled.
    pub jurisdiction: Option<String>,
    /// US dollars.
    pub aum_usd: Option<f64>,
    /// How often it is redeemed.
    pub redemption_frequency: Option<String>,
    /// US dollars a month.
    pub monthly_transfer_volume_usd: Option<f64>,
    /// Addresses a month.
    pub monthly_active_addresses: Option<f64>,
}

/// A month of a protocol on Ethereum.
#[derive(Debug, Deserialize)]
pub struct OnChainRow {
    slug: String,
    /// Such as `2026-04`.
    pub month: String,
    /// Volume without minting and burning over supply, a month.
    pub turnover_residual: Option<f64>,
    /// Addresses.
    pub active_addresses: Option<f64>,
    /// 0 to 10,000.
    pub holder_hhi_10000: Option<f64>,
}

impl Rwa {
    /// Reads `rwa_history.csv`, `rwa_protocols.csv` and `rwa_onchain_monthly.csv` of a folder.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut series = BTreeMap::new();
        for row in rows::<HistoryRow>(&folder.join("rwa_history.csv"))? {
            let cadence = match &*row.granularity {
                "daily" => Cadence::Daily,
                "sampled-days" => Cadence::Monthly,
                _ => Cadence::Weekly,
            };
            let key = (row.slug, row.source);
            let all = series.entry(key).or_insert(Series {
                cadence,
                readings: Vec::new(),
            });
            all.readings.extend(row.aum_usd.map(|aum_usd| Reading {
                at: types::midnight(row.date),
                aum_usd,
            }));
        }
        for all in series.values_mut() {
            all.readings.sort_by_key(|reading| reading.at);
        }
        let mut on_chain: BTreeMap<String, Vec<OnChainRow>> = BTreeMap::new();
        for row in rows::<OnChainRow>(&folder.join("rwa_onchain_monthly.csv"))? {
            on_chain.entry(row.slug.clone()).or_default().push(row);
        }
        let protocols = rows(&folder.join("rwa_protocols.csv"))?;
        Ok(Self {
            series,
            protocols,
            on_chain,
        })
    }
}

fn rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let name = || path.display().to_string();
    let mut file = csv::Reader::from_path(path).with_context(name)?;
    file.deserialize()
        .collect::<Result<_, _>>()
        .with_context(name)
}
