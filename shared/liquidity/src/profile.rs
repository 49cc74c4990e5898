use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Component, PerComponent, ProfileError};

/// The weights of the components, 0 to 1; together 1 within [`ScoringProfile::SUM_TOLERANCE`].
pub type Weights = PerComponent<f64>;

/// The most points that penalties may subtract, each 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PenaltyCaps {
    /// Of all together.
    pub max_total_penalty: f64,
    /// Of the divergence from net asset value.
    pub max_nav_penalty: f64,
    /// Of linked addresses.
    pub max_sybil_penalty: f64,
    /// Of data that are overdue.
    pub max_staleness_penalty: f64,
    /// Of wash trades.
    pub max_wash_trade_penalty: f64,
}

impl Default for PenaltyCaps {
    /// The caps of the standard methodology.
    fn default() -> Self {
        Self {
            max_total_penalty: 70.0,
            max_nav_penalty: 30.0,
            max_sybil_penalty: 60.0,
            max_staleness_penalty: 50.0,
            max_wash_trade_penalty: 40.0,
        }
    }
}

/// A profile as a customer writes it, not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProfileDraft {
    /// The weights; each is required.
    #[serde(default)]
    pub weights: PerComponent<Option<f64>>,
    /// The caps that differ from those of the standard methodology.
    #[serde(default, rename = "penaltyCaps", alias = "penalty_caps")]
    pub penalty_caps: CapsDraft,
}

/// Caps as a customer writes them. What is absent is as in the standard methodology.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CapsDraft {
    /// Of all together.
    pub max_total_penalty: Option<f64>,
    /// Of the divergence from net asset value.
    pub max_nav_penalty: Option<f64>,
    /// Of linked addresses.
    pub max_sybil_penalty: Option<f64>,
    /// Of data that are overdue.
    pub max_staleness_penalty: Option<f64>,
    /// Of wash trades.
    pub max_wash_trade_penalty: Option<f64>,
}

/// Weights and caps that are valid. In JSON `weights` and `penalty_caps`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ProfileDraft")]
pub struct ScoringProfile {
    weights: Weights,
    penalty_caps: PenaltyCaps,
}

impl ScoringProfile {
    /// How far the sum of the weights may be from 1.
    pub const SUM_TOLERANCE: f64 = 0.01;

    /// The weights and caps of the standard methodology.
    pub fn standard() -> Self {
        Self {
            weights: Weights {
                aum: 0.25,
                redemption: 0.20,
                secondary_volume: 0.13,
                issuer: 0.32,
                jurisdiction: 0.10,
            },
            penalty_caps: PenaltyCaps::default(),
        }
    }

    /// The profile of a draft, or all that is wrong with it, in the order of its fields.
    pub fn new(draft: &ProfileDraft) -> Result<Self, Vec<ProfileError>> {
        let mut errors = Vec::new();
        let weights = PerComponent::new(|component| {
            weight(component, *draft.weights.get(component), &mut errors)
        });
        // A sum of what is not valid would say nothing.
        if errors.is_empty() {
            let sum: f64 = Component::ALL.iter().map(|of| weights.get(*of)).sum();
            // 0.4 + 0.61 is a little more than 1.01 in floating point.
            if (sum - 1.0).abs() > Self::SUM_TOLERANCE + 1e-9 {
                errors.push(ProfileError::Sum { given: sum });
            }
        }
        let (given, standard) = (&draft.penalty_caps, PenaltyCaps::default());
        let mut cap = |field, given: Option<f64>, standard| match given {
            Some(given) if !(0.0..=100.0).contains(&given) => {
                errors.push(ProfileError::CapOutOfRange { field, given });
                standard
            }
            given => given.unwrap_or(standard),
        };
        let penalty_caps = PenaltyCaps {
            max_total_penalty: cap(
                "maxTotalPenalty",
                given.max_total_penalty,
                standard.max_total_penalty,
            ),
            max_nav_penalty: cap(
                "maxNavPenalty",
                given.max_nav_penalty,
                standard.max_nav_penalty,
            ),
            max_sybil_penalty: cap(
                "maxSybilPenalty",
                given.max_sybil_penalty,
                standard.max_sybil_penalty,
            ),
            max_staleness_penalty: cap(
                "maxStalenessPenalty",
                given.max_staleness_penalty,
                standard.max_staleness_penalty,
            ),
            max_wash_trade_penalty: cap(
                "maxWashTradePenalty",
                given.max_wash_trade_penalty,
                standard.max_wash_trade_penalty,
            ),
        };
        if errors.is_empty() {
            Ok(Self {
                weights,
                penalty_caps,
            })
        } else {
            Err(errors)
        }
    }

    /// The weights as the customer gave them.
    pub const fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The caps.
    pub const fn penalty_caps(&self) -> &PenaltyCaps {
        &self.penalty_caps
    }

    /// The weights divided by their sum, so that they add up to 1.
    pub(crate) fn normalised(&self) -> Weights {
        let sum: f64 = Component::ALL.iter().map(|of| self.weights.get(*of)).sum();
        PerComponent::new(|of| self.weights.get(of) / sum)
    }
}

fn weight(component: Component, given: Option<f64>, errors: &mut Vec<ProfileError>) -> f64 {
    match given {
        None => errors.push(ProfileError::WeightMissing { component }),
        Some(given) if !(0.0..=1.0).contains(&given) => {
            errors.push(ProfileError::WeightOutOfRange { component, given });
        }
        Some(given) => return given,
    }
    0.0
}

impl TryFrom<ProfileDraft> for ScoringProfile {
    type Error = ProfileErrors;

    fn try_from(draft: ProfileDraft) -> Result<Self, ProfileErrors> {
        Self::new(&draft).map_err(ProfileErrors)
    }
}

/// All that is wrong with a profile.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct ProfileErrors(pub Vec<ProfileError>);

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// The errors of a draft in JSON, or the profile.
    #[track_caller]
    fn check(draft: &str, expect: &Expect) {
        let draft: ProfileDraft = serde_json::from_str(draft).unwrap();
        let found = match ScoringProfile::new(&draft) {
            Ok(profile) => serde_json::to_string(&profile).unwrap(),
            Err(errors) => errors
                .iter()
                .map(|error| format!("{} {}: {error}", error.field(), error.reason()))
                .collect::<Vec<_>>()
                .join("\n"),
        };
        expect.assert_eq(&found);
    }

    #[test]
    fn the_printed_profile_has_the_printed_caps() {
        check(
            r#"{"weights": {"aum": 0.40, "redemption": 0.25, "secondaryVolume": 0.10, "issuer": 0.15, "jurisdiction": 0.10}}"#,
            &expect![[
                r#"{"weights":{"aum":0.4,"redemption":0.25,"secondaryVolume":0.1,"issuer":0.15,"jurisdiction":0.1},"penalty_caps":{"maxTotalPenalty":70.0,"maxNavPenalty":30.0,"maxSybilPenalty":60.0,"maxStalenessPenalty":50.0,"maxWashTradePenalty":40.0}}"#
            ]],
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check(
            r#"{"weights": {"aum": -0.1, "redemption": 1.5, "issuer": 0.15, "jurisdiction": 0.10},
                "penaltyCaps": {"maxTotalPenalty": 101, "maxNavPenalty": -1, "maxSybilPenalty": 0}}"#,
            &expect![[r#"
                weights.aum weight_out_of_range: the weight of aum is -0.1; give a number from 0 to 1
                weights.redemption weight_out_of_range: the weight of redemption is 1.5; give a number from 0 to 1
                weights.secondaryVolume weight_missing: the weight of secondary_volume is missing; give a number from 0 to 1
                penaltyCaps.maxTotalPenalty cap_out_of_range: maxTotalPenalty is 101; give points from 0 to 100
                penaltyCaps.maxNavPenalty cap_out_of_range: maxNavPenalty is -1; give points from 0 to 100"#]],
        );
        check(
            r#"{"weights": {"aum": 0.5, "redemption": 0.25, "secondaryVolume": 0.10, "issuer": 0.15, "jurisdiction": 0.10},
                "penaltyCaps": {"maxStalenessPenalty": 1e9}}"#,
            &expect![[r#"
                weights weights_sum: the weights add up to 1.100; they must add up to 1.0, within 0.01
                penaltyCaps.maxStalenessPenalty cap_out_of_range: maxStalenessPenalty is 1000000000; give points from 0 to 100"#]],
        );
        check(
            "{}",
            &expect![[r#"
            weights.aum weight_missing: the weight of aum is missing; give a number from 0 to 1
            weights.redemption weight_missing: the weight of redemption is missing; give a number from 0 to 1
            weights.secondaryVolume weight_missing: the weight of secondary_volume is missing; give a number from 0 to 1
            weights.issuer weight_missing: the weight of issuer is missing; give a number from 0 to 1
            weights.jurisdiction weight_missing: the weight of jurisdiction is missing; give a number from 0 to 1"#]],
        );
    }

    #[test]
    fn the_sum_may_be_a_hundredth_off() {
        let of = |aum: f64| {
            let weights =
                PerComponent::new(|of| Some(if of == Component::Aum { aum } else { 0.15 }));
            ScoringProfile::new(&ProfileDraft {
                weights,
                ..ProfileDraft::default()
            })
            .is_ok()
        };
        assert_eq!([0.39, 0.41, 0.4].map(of), [true; 3]);
        assert_eq!([0.389, 0.411, f64::NAN, f64::INFINITY].map(of), [false; 4]);
    }

    #[test]
    fn a_profile_that_is_not_valid_is_not_read() {
        let standard = serde_json::to_string(&ScoringProfile::standard()).unwrap();
        let read: ScoringProfile = serde_json::from_str(&standard).unwrap();
        assert_eq!(read, ScoringProfile::standard());
        let other = standard.replace("0.25", "0.5");
        assert!(serde_json::from_str::<ScoringProfile>(&other).is_err());
    }
}
