use intent::{Band, Confidence, Score};
use serde::{Deserialize, Serialize};
use store::keys::score_position;
use types::{AccountId, Domain, Product, Timestamp, WatchId};
use workspace::Watched;

/// A company on an account's watchlist, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchEntry {
    /// Its owner.
    pub account: AccountId,
    /// Its id, which distinguishes it from an earlier entry of the same company.
    pub watch: WatchId,
    /// The company.
    pub domain: Domain,
    /// What its owner calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// Its score when it was last refreshed, in points.
    pub score: u8,
    /// How much that score rests on.
    pub confidence: Confidence,
    /// The moment that score is for.
    pub scored_at: Timestamp,
    /// The score before, with its moment; none before the first refresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousScore>,
    /// The score last reported to its owner: by the response that added it, or by an event.
    pub reported_score: u8,
    /// The changes that are reported to its owner.
    pub alerts: Alerts,
    /// When it was added.
    pub created_at: Timestamp,
}

/// What a score was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousScore {
    /// Its points.
    pub score: u8,
    /// The moment it is for.
    pub scored_at: Timestamp,
}

/// The changes that are reported to the owner of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    /// That the company changed its band.
    pub band_changes: bool,
    /// A change of the score by this many points from the one last reported, 1 to 100; none is never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_score_change: Option<u8>,
}

impl WatchEntry {
    /// The band of its score.
    pub const fn band(&self) -> Band {
        Band::of(self.score)
    }

    /// The same entry with a newer score; none if it has this one, or a later one.
    pub fn rescored(&self, score: &Score) -> Option<Self> {
        (score.scored_at > self.scored_at).then(|| Self {
            score: score.score,
            confidence: score.confidence,
            scored_at: score.scored_at,
            previous: Some(PreviousScore {
                score: self.score,
                scored_at: self.scored_at,
            }),
            ..self.clone()
        })
    }
}

impl Watched for WatchEntry {
    const PRODUCT: Product = Product::Intent;

    fn account(&self) -> AccountId {
        self.account
    }

    fn subject(&self) -> &str {
        self.domain.as_str()
    }

    fn sort_position(&self) -> String {
        score_position(self.score, self.domain.as_str())
    }
}
