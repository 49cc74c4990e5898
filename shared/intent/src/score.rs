use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{Domain, Timestamp};

use crate::{Confidence, Coverage, Kind, Points, Strength};

/// A company's score at one moment. The fields are in the order of the API's response.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Score {
    /// The company.
    pub domain: Domain,
    /// Points, 0 to 100.
    #[schemars(range(max = 100))]
    pub score: u8,
    /// What the score means for a salesperson.
    pub band: Band,
    /// How well the score is supported by signals.
    pub confidence: Confidence,
    /// Which public sources it is based on; none where no source is queried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// The signals behind the score, largest contribution first, at most 50. The contributions, with that of
    /// `more_signals`, add up to `score` exactly.
    pub signals: Vec<Contribution>,
    /// The signals that are not listed, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_signals: Option<MoreSignals>,
    /// One to three sentences on what was observed, and when.
    pub reasoning: String,
    /// Who wrote the texts.
    pub reasoning_source: TextSource,
    /// How to open a call, if a model wrote it; otherwise use [`talk_track`](crate::talk_track()).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk_track: Option<String>,
    /// A subject for an e-mail, if a model wrote it; otherwise use [`email_subject`](crate::email_subject).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_subject: Option<String>,
    /// The score compared with the company's own past.
    pub momentum: Momentum,
    /// The time the score is for, to the second.
    pub scored_at: Timestamp,
    /// The formula and table used: [`MODEL_VERSION`](crate::MODEL_VERSION) at the time.
    pub model_version: String,
}

impl Score {
    /// Whether anything is known of the company.
    pub fn has_signals(&self) -> bool {
        !self.signals.is_empty() || self.more_signals.is_some()
    }
}

/// A signal and its part in the score.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Contribution {
    /// What the signal is about.
    pub kind: Kind,
    /// Its strength when it was observed.
    pub strength: Strength,
    /// Its part of the score.
    pub contribution: Points,
    /// When it was observed, to the second.
    pub observed_at: Timestamp,
    /// Days from then to the time of the score, rounded to tenths.
    pub age_days: f64,
    /// Who observed it.
    pub source: String,
    /// What was seen, as the source gave it.
    pub evidence: String,
    /// Where it can be read in full.
    pub url: Option<String>,
}

/// The signals that a score does not list: beyond the 50 largest, or below 0.1 points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct MoreSignals {
    /// How many.
    pub count: usize,
    /// Their part of the score, together.
    pub contribution: Points,
}

/// What a score means for a salesperson. In JSON in upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Band {
    /// From 75 points.
    Hot,
    /// From 40 points.
    Warm,
    /// Below 40 points.
    Cold,
}

impl Band {
    /// Every band, the highest first.
    pub const ALL: [Self; 3] = [Self::Hot, Self::Warm, Self::Cold];
    /// The lowest score that is HOT.
    pub const HOT_FROM: u8 = 75;
    /// The lowest score that is WARM.
    pub const WARM_FROM: u8 = 40;

    /// The band of a score.
    pub const fn of(score: u8) -> Self {
        match score {
            Self::HOT_FROM.. => Self::Hot,
            Self::WARM_FROM.. => Self::Warm,
            _ => Self::Cold,
        }
    }

    /// The word for the band in JSON and CSV.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hot => "HOT",
            Self::Warm => "WARM",
            Self::Cold => "COLD",
        }
    }
}

/// Who wrote the texts of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSource {
    /// A template filled with facts of the signals.
    Template,
    /// A language model, from the same facts, and checked against them.
    Model,
}

/// A score compared with the company's own past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Momentum {
    /// Which way the score moves.
    pub direction: Direction,
    /// Points by which the score is above the baseline, negative if below. None without a baseline.
    #[schemars(range(min = -100, max = 100))]
    pub change: Option<i16>,
    /// The mean of the company's scores 10, 20, … 90 days before, in points, rounded: of those days that come after its
    /// first signal. None where they are fewer than three.
    #[schemars(range(max = 100))]
    pub baseline: Option<u8>,
}

impl Momentum {
    /// The smallest change, in points either way, that is not steady.
    pub const NOTABLE_CHANGE: i16 = 5;

    /// The momentum of a score against a baseline, both in points.
    pub fn new(score: u8, baseline: Option<u8>) -> Self {
        let change = baseline.map(|baseline| i16::from(score) - i16::from(baseline));
        let direction = match change {
            None => Direction::Unknown,
            Some(Self::NOTABLE_CHANGE..) => Direction::Rising,
            Some(change) if change <= -Self::NOTABLE_CHANGE => Direction::Falling,
            Some(_) => Direction::Steady,
        };
        Self {
            direction,
            change,
            baseline,
        }
    }
}

/// Which way a score moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// At least 5 points above the baseline.
    Rising,
    /// Within 5 points of the baseline.
    Steady,
    /// At least 5 points below the baseline.
    Falling,
    /// The company's first signal is less than 30 days old, or there is none: it has no past to compare with.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::Direction::{Falling, Rising, Steady, Unknown};
    use super::*;

    #[test]
    fn bands_begin_where_they_say() {
        let bands = [0, 39, 40, 74, 75, 100].map(|score| Band::of(score).as_str());
        assert_eq!(bands, ["COLD", "COLD", "WARM", "WARM", "HOT", "HOT"]);
        assert_eq!(serde_json::to_string(&Band::Hot).unwrap(), "\"HOT\"");
    }

    #[test]
    fn five_points_are_notable() {
        let directions = [55, 54, 46, 45].map(|score| Momentum::new(score, Some(50)).direction);
        assert_eq!(directions, [Rising, Steady, Steady, Falling]);
        assert_eq!(Momentum::new(3, Some(50)).change, Some(-47));
        let new = Momentum::new(80, None);
        assert_eq!((new.direction, new.change), (Unknown, None));
    }
}
