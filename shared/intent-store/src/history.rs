use intent::{Band, Confidence, Score};
use serde::{Deserialize, Serialize};
use store::item::{PrimaryKey, number, row, text};
use store::keys::IntelKey;
use store::{Owner, StoreError};
use types::{Date, Domain, Timestamp, date_of, day_of};

use crate::{HISTORY_DAYS, Intel};

/// What a company's score was on one UTC day: the last that was computed and kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScorePoint {
    /// The moment of the score.
    pub scored_at: Timestamp,
    /// Points, 0 to 100.
    pub score: u8,
    /// What the score meant.
    pub band: Band,
    /// How much it rested on.
    pub confidence: Confidence,
    /// The formula and table that it was made by.
    pub model_version: String,
}

#[derive(Deserialize)]
struct PointRow {
    #[serde(flatten)]
    point: ScorePoint,
    expires: i64,
}

impl ScorePoint {
    /// The point of a score.
    pub fn of(score: &Score) -> Self {
        Self {
            scored_at: score.scored_at,
            score: score.score,
            band: score.band,
            confidence: score.confidence,
            model_version: score.model_version.clone(),
        }
    }

    /// The UTC date it is for.
    pub fn date(&self) -> Date {
        date_of(self.scored_at)
    }
}

impl Intel {
    /// Remembers a score as that of its day, unless a later one of the day is remembered.
    pub async fn remember_score(
        &self,
        domain: &Domain,
        owner: Owner,
        point: &ScorePoint,
    ) -> Result<(), StoreError> {
        let at = point.scored_at;
        let written = self
            .0
            .update(IntelKey::Point(domain, owner, &day_of(at)))
            .condition_expression("attribute_not_exists(pk) OR scored_at <= :at")
            .update_expression(
                "SET scored_at = :at, score = :score, band = :band, confidence = :confidence, \
                 model_version = :model, expires = :expires",
            )
            .expression_attribute_values(":at", text(at.to_string()))
            .expression_attribute_values(":score", number(point.score))
            .expression_attribute_values(":band", text(point.band.as_str()))
            .expression_attribute_values(":confidence", text(point.confidence.as_str()))
            .expression_attribute_values(":model", text(&point.model_version))
            .expression_attribute_values(":expires", number(at.as_second() + HISTORY_DAYS * 86_400))
            .send()
            .await;
        match written.map_err(StoreError::from) {
            Ok(_) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The points of a company from a date to another, both included, the oldest first.
    pub async fn score_points(
        &self,
        domain: &Domain,
        owner: Owner,
        (first, last): (Date, Date),
        now: Timestamp,
    ) -> Result<Vec<ScorePoint>, StoreError> {
        let key = |date: Date| {
            let day = date.strftime("%Y%m%d").to_string();
            PrimaryKey::from(IntelKey::Point(domain, owner, &day)).sk
        };
        let partition = IntelKey::partition(domain, owner);
        let items = self.0.between(&partition, &key(first), &key(last)).await?;
        let rows: Result<Vec<PointRow>, StoreError> = items
            .into_iter()
            .map(|item| row("point of a score", item))
            .collect();
        let rows = rows?.into_iter();
        let kept = rows.filter(|row| row.expires > now.as_second());
        Ok(kept.map(|row| row.point).collect())
    }
}
