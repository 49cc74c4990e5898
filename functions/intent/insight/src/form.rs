use std::collections::BTreeMap;

use api::{ApiError, cut};
use intent::{Kind, Profile, ProfileError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::{Domain, ProfileId};

/// Characters of a name.
const MAX_NAME: usize = 100;

/// The body of a request to create or replace a profile.
#[derive(Debug, JsonSchema, Deserialize, Serialize)]
#[schemars(rename = "ScoringProfileForm", extend("required" = ["name"]))]
#[serde(deny_unknown_fields, expecting = "a profile is a JSON object")]
pub(crate) struct ProfileForm {
    /// Unique in the account, whatever the case; on one line.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    name: String,
    /// How much each kind of signal counts, 0 to 100; a kind with 0 is left out.
    #[serde(default)]
    #[schemars(with = "NumbersByKind")]
    weights: Numbers,
    /// Days after which a signal counts half, 1 to 730.
    #[serde(default)]
    #[schemars(with = "NumbersByKind")]
    half_lives: Numbers,
}

/// The body of a preview request: a stored profile, or weights and half-lives.
#[derive(Debug, JsonSchema, Deserialize, Serialize)]
#[schemars(rename = "ScorePreviewForm", extend("required" = ["domain"]))]
#[serde(deny_unknown_fields, expecting = "a preview is a JSON object")]
pub(crate) struct PreviewForm {
    /// The company's domain.
    #[serde(default)]
    #[schemars(length(min = 1))]
    domain: String,
    /// Id of a stored profile, instead of weights and half-lives.
    profile: Option<String>,
    /// How much each kind of signal counts, 0 to 100; a kind with 0 is left out.
    #[schemars(with = "Option<NumbersByKind>")]
    weights: Option<Numbers>,
    /// Days after which a signal counts half, 1 to 730.
    #[schemars(with = "Option<NumbersByKind>")]
    half_lives: Option<Numbers>,
}

/// The profile to score by.
#[derive(Debug)]
pub(crate) enum By {
    Stored(ProfileId),
    Given(Profile),
}

/// Unvalidated numbers by kind of signal.
type Numbers = BTreeMap<String, Value>;
/// The same for the API's description.
type NumbersByKind = BTreeMap<Kind, f64>;

impl ProfileForm {
    /// Name and profile.
    pub(crate) fn parse(&self) -> Result<(String, Profile), ApiError> {
        Ok((name(&self.name)?, profile(&self.weights, &self.half_lives)?))
    }
}

impl PreviewForm {
    pub(crate) fn parse(&self) -> Result<(Domain, By), ApiError> {
        let domain = Domain::parse(&self.domain)?;
        let none = Numbers::new();
        let (weights, half_lives) = (&self.weights, &self.half_lives);
        let by = match &self.profile {
            Some(_) if weights.is_some() || half_lives.is_some() => {
                let message = "give either profile, such as \"profile_01k9xw3tkbc2v6m8p4h0r5zqde\", or weights and half_lives";
                return Err(ApiError::invalid("profile", message).reason("profile_ambiguous"));
            }
            Some(id) => By::Stored(profile_id(id)?),
            None => By::Given(profile(
                weights.as_ref().unwrap_or(&none),
                half_lives.as_ref().unwrap_or(&none),
            )?),
        };
        Ok((domain, by))
    }
}

/// Parses a profile id. Malformed ids are not found.
pub(crate) fn profile_id(text: &str) -> Result<ProfileId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found("profile"))
}

fn name(text: &str) -> Result<String, ApiError> {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    api::one_line("name", &folded, MAX_NAME, "Growing teams")
}

fn profile(weights: &Numbers, half_lives: &Numbers) -> Result<Profile, ApiError> {
    let weights = numbers("weights", "\"hiring\": 60", weights)?;
    let half_lives = numbers("half_lives", "\"hiring\": 45", half_lives)?;
    Profile::new(weights, half_lives).map_err(|error: ProfileError| {
        ApiError::invalid(error.field(), error.to_string()).reason(error.reason())
    })
}

fn numbers(field: &str, example: &str, given: &Numbers) -> Result<BTreeMap<Kind, f64>, ApiError> {
    let mut numbers = BTreeMap::new();
    for (word, value) in given {
        let field = format!("{field}.{}", cut(word));
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == word);
        let Some(kind) = kind else {
            let known = Kind::ALL.map(Kind::as_str).join(", ");
            let message = format!(
                "{:?} is not a kind of signal; use one of {known}, such as {example}",
                cut(word)
            );
            return Err(ApiError::invalid(field, message).reason("kind_unknown"));
        };
        let Some(number) = value.as_f64() else {
            let message = format!(
                "{field} is a number, such as {example}, not {}",
                cut(&value.to_string())
            );
            return Err(ApiError::invalid(field, message).reason("number_invalid"));
        };
        numbers.insert(kind, number);
    }
    Ok(numbers)
}
