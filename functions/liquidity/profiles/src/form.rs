use api::{ApiError, FieldError};
use liquidity::{CapsDraft, PerComponent, ProfileDraft, ProfileError, ScoringProfile};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Characters of a name.
const MAX_NAME: usize = 100;
/// Numbers are kept to nine decimals: JSON of so few digits is read as it was written, whereas more may come out of the table
/// a little off (`serde_json`, without `float_roundtrip`).
const PER_ONE: f64 = 1e9;

/// The body of a request to create or replace a profile.
#[derive(Debug, JsonSchema, Deserialize)]
#[schemars(rename = "LiquidityProfileForm", extend("required" = ["name", "weights"]))]
#[serde(
    deny_unknown_fields,
    rename_all = "camelCase",
    expecting = "a profile is a JSON object"
)]
pub(crate) struct ProfileForm {
    /// Unique in the account, whatever the case; on one line.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    name: String,
    /// How much each component counts; together 1, within 0.01.
    #[serde(default)]
    #[schemars(with = "WeightsForm")]
    weights: WeightsForm,
    /// The most points that penalties subtract. Those that are left out are as in the standard methodology.
    penalty_caps: Option<CapsForm>,
}

/// The weight of each component.
#[derive(Debug, Default, JsonSchema, Deserialize)]
#[schemars(
    rename = "LiquidityWeightsForm",
    extend("required" = ["aum", "redemption", "secondaryVolume", "issuer", "jurisdiction"])
)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct WeightsForm {
    /// Of assets under management.
    #[schemars(with = "f64", range(min = 0, max = 1))]
    aum: Option<Value>,
    /// Of how soon the issuer pays back.
    #[schemars(with = "f64", range(min = 0, max = 1))]
    redemption: Option<Value>,
    /// Of what changes hands without the issuer.
    #[schemars(with = "f64", range(min = 0, max = 1))]
    secondary_volume: Option<Value>,
    /// Of who stands behind it.
    #[schemars(with = "f64", range(min = 0, max = 1))]
    issuer: Option<Value>,
    /// Of the law that it is under.
    #[schemars(with = "f64", range(min = 0, max = 1))]
    jurisdiction: Option<Value>,
}

/// The most points that each penalty subtracts, where it is not as in the standard methodology.
#[derive(Debug, Default, JsonSchema, Deserialize)]
#[schemars(rename = "LiquidityPenaltyCapsForm")]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the published API calls them so")]
struct CapsForm {
    /// Of all together; 70 if it is left out.
    #[schemars(with = "Option<f64>", range(min = 0, max = 100))]
    max_total_penalty: Option<Value>,
    /// Of the divergence from net asset value; 30 if it is left out.
    #[schemars(with = "Option<f64>", range(min = 0, max = 100))]
    max_nav_penalty: Option<Value>,
    /// Of linked addresses; 60 if it is left out.
    #[schemars(with = "Option<f64>", range(min = 0, max = 100))]
    max_sybil_penalty: Option<Value>,
    /// Of data that are overdue; 50 if it is left out.
    #[schemars(with = "Option<f64>", range(min = 0, max = 100))]
    max_staleness_penalty: Option<Value>,
    /// Of wash trades; 40 if it is left out.
    #[schemars(with = "Option<f64>", range(min = 0, max = 100))]
    max_wash_trade_penalty: Option<Value>,
}

/// A valid form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct NewProfile {
    pub(crate) name: String,
    pub(crate) profile: ScoringProfile,
}

impl ProfileForm {
    /// Name and profile.
    pub(crate) fn parse(self) -> Result<NewProfile, ApiError> {
        self.parsed().map_err(|errors| ApiError::fields(&errors))
    }

    /// Name and profile, or every invalid field in the order of the form.
    fn parsed(self) -> Result<NewProfile, Vec<FieldError>> {
        let caps = self.penalty_caps.unwrap_or_default();
        let draft = ProfileDraft {
            weights: self.weights.draft(),
            penalty_caps: caps.draft(),
        };
        let name = api::one_line("name", &self.name, MAX_NAME, "Conservative Treasury");
        match (name, ScoringProfile::new(&draft)) {
            (Ok(name), Ok(profile)) => Ok(NewProfile { name, profile }),
            (name, profile) => {
                let name = name.err();
                let name =
                    name.map(|error| FieldError::new("name", "text_invalid", error.message()));
                let numbers = profile.err().unwrap_or_default();
                let numbers = numbers.iter().map(of_number);
                Err(name.into_iter().chain(numbers).collect())
            }
        }
    }
}

impl WeightsForm {
    fn draft(&self) -> PerComponent<Option<f64>> {
        PerComponent {
            aum: number(self.aum.as_ref()),
            redemption: number(self.redemption.as_ref()),
            secondary_volume: number(self.secondary_volume.as_ref()),
            issuer: number(self.issuer.as_ref()),
            jurisdiction: number(self.jurisdiction.as_ref()),
        }
    }
}

impl CapsForm {
    fn draft(&self) -> CapsDraft {
        CapsDraft {
            max_total_penalty: number(self.max_total_penalty.as_ref()),
            max_nav_penalty: number(self.max_nav_penalty.as_ref()),
            max_sybil_penalty: number(self.max_sybil_penalty.as_ref()),
            max_staleness_penalty: number(self.max_staleness_penalty.as_ref()),
            max_wash_trade_penalty: number(self.max_wash_trade_penalty.as_ref()),
        }
    }
}

/// What is not a number is NaN, which JSON has no word for, so that it is told in its place.
fn number(given: Option<&Value>) -> Option<f64> {
    let number = given?.as_f64().unwrap_or(f64::NAN);
    let units = (number * PER_ONE).round();
    // What is out of range is told as it was given.
    Some(if units.abs() <= 100.0 * PER_ONE {
        units / PER_ONE
    } else {
        number
    })
}

/// The error of a number, with the rule that it breaks and an example of what would be valid.
fn of_number(error: &ProfileError) -> FieldError {
    let (given, rule, example) = match error {
        ProfileError::WeightMissing { .. } => (None, "", "0.25"),
        ProfileError::WeightOutOfRange { given, .. } => {
            (Some(*given), "give a number from 0 to 1", "0.25")
        }
        ProfileError::Sum { .. } => (None, "", "0.40, 0.25, 0.10, 0.15 and 0.10"),
        ProfileError::CapOutOfRange { given, .. } => {
            (Some(*given), "give points from 0 to 100", "30")
        }
    };
    let field = error.field();
    let (reason, told) = if given.is_some_and(f64::is_nan) {
        ("number_invalid", format!("{field} is not a number; {rule}"))
    } else {
        (error.reason(), error.to_string())
    };
    FieldError::new(field, reason, format!("{told}, such as {example}"))
}

#[cfg(test)]
mod tests;
