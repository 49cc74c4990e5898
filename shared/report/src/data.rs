use liquidity::{Category, Pause, Score};
use serde::{Deserialize, Serialize};
use types::{Date, ProtocolSlug, Timestamp};

/// What a report shows of one protocol. What is not known is absent, and the report says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportData {
    /// The moment of the report: its date, the end of its charts, and what ages are counted to.
    pub generated_at: Timestamp,
    /// What is known of the protocol.
    pub protocol: Protocol,
    /// Its score; while it is paused, the last good one.
    pub score: Score,
    /// When that score was computed.
    pub scored_at: Timestamp,
    /// Why scoring is paused, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
    /// Past scores and AUM, in any order; of several points of a day the last counts. The 90 days up to the report are drawn,
    /// others are not looked at.
    #[serde(default)]
    pub history: Vec<HistoryPoint>,
    /// Protocols of the category that have a score, in any order, with or without the protocol itself. All are ranked, and ten
    /// shown.
    #[serde(default)]
    pub peers: Vec<Peer>,
    /// Where the data are from; the first [`ReportData::SOURCES`] are shown.
    #[serde(default)]
    pub sources: Vec<SourceNote>,
}

impl ReportData {
    /// The most sources that a report lists.
    pub const SOURCES: usize = 12;
    /// The most rows of the table of peers.
    pub const PEERS: usize = 10;
    /// The days that the charts show, the day of the report included.
    pub const DAYS: u8 = 90;
}

/// What is known of a protocol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Protocol {
    /// What it is called in paths.
    pub slug: ProtocolSlug,
    /// Its full name.
    pub name: String,
    /// What it makes tradable.
    pub category: Category,
    /// Who issues it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The chains that its tokens are on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blockchains: Vec<String>,
    /// Where its issuer is domiciled, as an ISO 3166 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// Assets under management, US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aum_usd: Option<f64>,
    /// Percent a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yield_pct: Option<f64>,
    /// How often tokens can be redeemed, such as `daily` or a text of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redemption_frequency: Option<String>,
    /// Addresses that hold its tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_count: Option<u64>,
}

/// Score and AUM of one day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryPoint {
    /// The day.
    pub day: Date,
    /// Points, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
    /// US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aum_usd: Option<f64>,
}

/// A protocol that this one is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// What it is called in paths.
    pub slug: ProtocolSlug,
    /// Its full name.
    pub name: String,
    /// Points, 0 to 100.
    pub score: u8,
}

/// Where data are from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceNote {
    /// What was taken from it, such as `AUM`.
    pub what: String,
    /// The source.
    pub source: String,
    /// The day that the data describe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
}
