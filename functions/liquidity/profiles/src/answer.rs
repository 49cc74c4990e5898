use liquidity::{PenaltyCaps, Weights};
use liquidity_store::ProfileRow;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use types::{ProfileId, Timestamp};

/// One profile.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "LiquidityProfileAnswer")]
pub(crate) struct ProfileAnswer {
    /// The profile.
    profile: Profile,
}

/// The account's profiles.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "LiquidityProfiles")]
pub(crate) struct ProfileList {
    /// The oldest first.
    profiles: Vec<Profile>,
}

/// Weights and penalty caps that liquidity is scored by.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "LiquidityProfile")]
pub(crate) struct Profile {
    /// Its id.
    id: ProfileId,
    /// Its name.
    name: String,
    /// How much each component counts, 0 to 1; together 1, within 0.01.
    weights: WeightsAnswer,
    /// The most points that penalties subtract, 0 to 100.
    penalty_caps: CapsAnswer,
    /// Whether it is the account's default, of which there is one at most.
    is_default: bool,
    /// When it was stored.
    created_at: Timestamp,
    /// When it was last replaced.
    updated_at: Timestamp,
}

/// The weight of each component.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "LiquidityWeights")]
#[serde(rename_all = "camelCase")]
struct WeightsAnswer {
    /// Of assets under management.
    aum: Number,
    /// Of how soon the issuer pays back.
    redemption: Number,
    /// Of what changes hands without the issuer.
    secondary_volume: Number,
    /// Of who stands behind it.
    issuer: Number,
    /// Of the law that it is under.
    jurisdiction: Number,
}

/// The most points that each penalty subtracts.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "LiquidityPenaltyCaps")]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the published API calls them so")]
struct CapsAnswer {
    /// Of all together.
    max_total_penalty: Number,
    /// Of the divergence from net asset value.
    max_nav_penalty: Number,
    /// Of linked addresses.
    max_sybil_penalty: Number,
    /// Of data that are overdue.
    max_staleness_penalty: Number,
    /// Of wash trades.
    max_wash_trade_penalty: Number,
}

/// A number from 0 to 100. A whole one has no fraction in JSON: 70, not 70.0.
#[derive(Debug, JsonSchema)]
#[schemars(inline)]
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is from 0 to 100"
        )]
        let whole = self.0 as u8;
        if self.0.fract() == 0.0 {
            serializer.serialize_u8(whole)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl From<ProfileRow> for ProfileAnswer {
    fn from(row: ProfileRow) -> Self {
        Self {
            profile: row.into(),
        }
    }
}

impl FromIterator<ProfileRow> for ProfileList {
    fn from_iter<I: IntoIterator<Item = ProfileRow>>(rows: I) -> Self {
        Self {
            profiles: rows.into_iter().map(Profile::from).collect(),
        }
    }
}

impl From<ProfileRow> for Profile {
    fn from(row: ProfileRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            weights: row.profile.weights().into(),
            penalty_caps: row.profile.penalty_caps().into(),
            is_default: row.is_default,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<&Weights> for WeightsAnswer {
    fn from(weights: &Weights) -> Self {
        Self {
            aum: Number(weights.aum),
            redemption: Number(weights.redemption),
            secondary_volume: Number(weights.secondary_volume),
            issuer: Number(weights.issuer),
            jurisdiction: Number(weights.jurisdiction),
        }
    }
}

impl From<&PenaltyCaps> for CapsAnswer {
    fn from(caps: &PenaltyCaps) -> Self {
        Self {
            max_total_penalty: Number(caps.max_total_penalty),
            max_nav_penalty: Number(caps.max_nav_penalty),
            max_sybil_penalty: Number(caps.max_sybil_penalty),
            max_staleness_penalty: Number(caps.max_staleness_penalty),
            max_wash_trade_penalty: Number(caps.max_wash_trade_penalty),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_has_no_fraction() {
        let json = |number| serde_json::to_string(&Number(number)).unwrap();
        assert_eq!([70.0, 0.0, -0.0, 100.0].map(json), ["70", "0", "0", "100"]);
        assert_eq!([0.40, 99.5, 1e-9].map(json), ["0.4", "99.5", "1e-9"]);
    }
}
