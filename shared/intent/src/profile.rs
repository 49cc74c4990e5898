use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::model::{KindModel, MODEL, Model};
use crate::{Kind, ProfileError};

/// A scoring profile: the weights and half-lives that differ from the model's table. A kind that it does not name has the
/// table's numbers; signals of a kind of weight 0 are left out of the score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Table", into = "Table")]
pub struct Profile(Table);

/// A profile's numbers, not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Table {
    #[serde(default)]
    weights: BTreeMap<Kind, f64>,
    #[serde(default)]
    half_lives: BTreeMap<Kind, f64>,
}

impl Profile {
    /// The weights that a kind may have, on the scale of the model's table.
    pub const WEIGHTS: RangeInclusive<f64> = 0.0..=100.0;
    /// The half-lives that a kind may have, in days.
    pub const HALF_LIVES: RangeInclusive<f64> = 1.0..=730.0;

    /// A profile of these weights and half-lives in days. The error names the first of them that is not valid.
    pub fn new(
        weights: BTreeMap<Kind, f64>,
        half_lives: BTreeMap<Kind, f64>,
    ) -> Result<Self, ProfileError> {
        if weights.is_empty() && half_lives.is_empty() {
            return Err(ProfileError::Empty);
        }
        let outside = |named: &BTreeMap<Kind, f64>, range: RangeInclusive<f64>| {
            let mut named = named.iter();
            let found = named.find(|(_, value)| !range.contains(*value))?;
            Some((*found.0, *found.1))
        };
        if let Some((kind, given)) = outside(&weights, Self::WEIGHTS) {
            return Err(ProfileError::WeightOutOfRange { kind, given });
        }
        if let Some((kind, given)) = outside(&half_lives, Self::HALF_LIVES) {
            return Err(ProfileError::HalfLifeOutOfRange { kind, given });
        }
        let profile = Self(Table {
            weights,
            half_lives,
        });
        if profile.model().kinds().iter().all(|row| row.weight <= 0.0) {
            return Err(ProfileError::NothingWeighs);
        }
        Ok(profile)
    }

    /// The weights it names.
    pub const fn weights(&self) -> &BTreeMap<Kind, f64> {
        &self.0.weights
    }

    /// The half-lives it names, in days.
    pub const fn half_lives(&self) -> &BTreeMap<Kind, f64> {
        &self.0.half_lives
    }

    /// The model with the profile's numbers.
    pub(crate) fn model(&self) -> Model {
        let Table {
            weights,
            half_lives,
        } = &self.0;
        MODEL.with_rows(|row| KindModel {
            weight: weights.get(&row.kind).copied().unwrap_or(row.weight),
            half_life_days: half_lives
                .get(&row.kind)
                .copied()
                .unwrap_or(row.half_life_days),
            ..row
        })
    }
}

impl TryFrom<Table> for Profile {
    type Error = ProfileError;

    fn try_from(table: Table) -> Result<Self, ProfileError> {
        Self::new(table.weights, table.half_lives)
    }
}

impl From<Profile> for Table {
    fn from(profile: Profile) -> Self {
        profile.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind::{Funding, Hiring, News};
    use crate::fixtures::{domain, now, signal};
    use crate::{Confidence, score, score_with};

    fn profile(weights: &[(Kind, f64)], half_lives: &[(Kind, f64)]) -> Profile {
        let map = |named: &[(Kind, f64)]| named.iter().copied().collect();
        Profile::new(map(weights), map(half_lives)).unwrap()
    }

    #[track_caller]
    fn refused(weights: &[(Kind, f64)], half_lives: &[(Kind, f64)], field: &str, reason: &str) {
        let map = |named: &[(Kind, f64)]| named.iter().copied().collect();
        let error = Profile::new(map(weights), map(half_lives)).unwrap_err();
        assert_eq!((error.field().as_str(), error.reason()), (field, reason));
        assert!(error.to_string().contains("such as"), "{error}");
    }

    #[test]
    fn the_table_itself_gives_the_same_score() {
        let signals = [signal(Hiring, 0.8, 120), signal(Funding, 0.9, 40)];
        let same = profile(&[(Hiring, 30.0)], &[(Funding, 120.0)]);
        let mut scored = score_with(&same, &domain(), &signals, now());
        assert_eq!(scored.model_version, "intent-2+profile");
        scored.model_version = crate::MODEL_VERSION.to_owned();
        assert_eq!(scored, score(&domain(), &signals, now()));
    }

    #[test]
    fn scores_are_those_worked_by_hand() {
        // x = 0.8 / 2, raw = 60 · 0.4 = 24, 100 · (1 − e^(−24/45)) = 41.3
        let signals = [signal(Hiring, 0.8, 120)];
        let of = |profile| score_with(&profile, &domain(), &signals, now()).score;
        assert_eq!(of(profile(&[(Hiring, 60.0)], &[])), 41);
        // x = 0.8 / 4, raw = 30 · 0.2 = 6, 100 · (1 − e^(−6/45)) = 12.5
        assert_eq!(of(profile(&[], &[(Hiring, 60.0)])), 12);
    }

    #[test]
    fn a_kind_without_weight_is_left_out() {
        let signals = [signal(Hiring, 0.8, 1), signal(News, 0.8, 1)];
        let without = profile(&[(News, 0.0)], &[]);
        let scored = score_with(&without, &domain(), &signals, now());
        let alone = score(&domain(), &signals[..1], now());
        assert_eq!((scored.score, scored.signals), (alone.score, alone.signals));
        assert_eq!(scored.reasoning, alone.reasoning);
        let nothing = score_with(&without, &domain(), &signals[1..], now());
        assert_eq!(nothing.confidence, Confidence::None);
    }

    #[test]
    fn profiles_that_are_not_valid() {
        refused(&[], &[], "weights", "profile_empty");
        let all = Kind::ALL.map(|kind| (kind, 0.0));
        refused(&all, &[], "weights", "weights_all_zero");
        for bad in [-0.1, 100.1, f64::NAN, f64::INFINITY] {
            refused(
                &[(Hiring, bad)],
                &[],
                "weights.hiring",
                "weight_out_of_range",
            );
        }
        for bad in [0.0, -1.0, 0.9, 731.0, f64::NAN] {
            refused(
                &[],
                &[(News, bad)],
                "half_lives.news",
                "half_life_out_of_range",
            );
        }
    }

    #[test]
    fn a_stored_profile_is_checked_again() {
        let stored = profile(&[(Hiring, 60.0)], &[(News, 7.5)]);
        let json = serde_json::to_string(&stored).unwrap();
        assert_eq!(
            json,
            r#"{"weights":{"hiring":60.0},"half_lives":{"news":7.5}}"#
        );
        assert_eq!(serde_json::from_str::<Profile>(&json).unwrap(), stored);
        assert!(serde_json::from_str::<Profile>(r#"{"weights":{"hiring":-1}}"#).is_err());
    }
}
