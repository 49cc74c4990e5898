use api::ApiError;
use intent::Score;
use intent_store::{Alerts, WatchChange, WatchEntry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{AccountId, Domain, Timestamp, WatchId, whole_second};
use workspace::Change;

/// Characters of a name.
const MAX_NAME: usize = 200;
/// Points that a score has to change by to raise an alert.
const DEFAULT_MIN_SCORE_CHANGE: u8 = 10;

/// The body of a request to watch a company.
#[derive(Debug, JsonSchema, Deserialize)]
#[schemars(rename = "WatchCompanyForm", extend("required" = ["domain"]))]
#[serde(deny_unknown_fields)]
pub(crate) struct WatchForm {
    /// The company's domain.
    #[serde(default)]
    #[schemars(length(min = 1))]
    domain: String,
    /// Your name for it, on one line.
    #[schemars(with = "Option<String>", length(min = 1, max = 200))]
    company_name: Option<String>,
    /// What is reported of it.
    #[serde(default)]
    alerts: AlertsForm,
}

/// The body of a request to change an entry. An absent field stays as it is; null clears it.
#[derive(Debug, JsonSchema, Deserialize)]
#[schemars(rename = "ChangeCompanyForm")]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeForm {
    /// Your name for it, on one line; null takes it away.
    #[serde(default)]
    #[schemars(with = "Option<String>", length(min = 1, max = 200))]
    company_name: Change<String>,
    /// What is reported of it.
    #[serde(default)]
    alerts: AlertsForm,
}

#[derive(Debug, Default, JsonSchema, Deserialize)]
#[schemars(rename = "CompanyAlertsForm")]
#[serde(deny_unknown_fields)]
struct AlertsForm {
    /// Whether a change of the band is reported; `true` on a new entry.
    band_changes: Option<bool>,
    /// Points by which the score has to change to be reported, 10 on a new entry; null is never.
    #[serde(default)]
    #[schemars(with = "Option<i64>", range(min = 1, max = 100))]
    min_score_change: Change<i64>,
}

/// A validated request to watch a company.
#[derive(Debug, Serialize)]
pub(crate) struct Wanted {
    pub(crate) domain: Domain,
    company_name: Option<String>,
    alerts: Alerts,
}

impl WatchForm {
    pub(crate) fn parse(self) -> Result<Wanted, ApiError> {
        let AlertsForm {
            band_changes,
            min_score_change,
        } = self.alerts;
        Ok(Wanted {
            domain: Domain::parse(&self.domain)?,
            company_name: self.company_name.as_deref().map(name).transpose()?,
            alerts: Alerts {
                band_changes: band_changes.unwrap_or(true),
                min_score_change: match min_score_change.try_map(points)? {
                    Change::Keep => Some(DEFAULT_MIN_SCORE_CHANGE),
                    Change::Clear => None,
                    Change::Set(points) => Some(points),
                },
            },
        })
    }
}

impl ChangeForm {
    pub(crate) fn parse(self) -> Result<WatchChange, ApiError> {
        Ok(WatchChange {
            company_name: self.company_name.try_map(|text| name(&text))?,
            band_changes: self.alerts.band_changes,
            min_score_change: self.alerts.min_score_change.try_map(points)?,
        })
    }
}

impl Wanted {
    /// The new entry, with the company's current score.
    pub(crate) fn entry(
        &self,
        account: AccountId,
        watch: WatchId,
        score: &Score,
        now: Timestamp,
    ) -> WatchEntry {
        WatchEntry {
            account,
            watch,
            domain: self.domain.clone(),
            company_name: self.company_name.clone(),
            score: score.score,
            confidence: score.confidence,
            scored_at: score.scored_at,
            previous: None,
            reported_score: score.score,
            alerts: self.alerts,
            created_at: whole_second(now),
        }
    }
}

fn name(text: &str) -> Result<String, ApiError> {
    api::one_line("company_name", text, MAX_NAME, "Stripe, Inc.")
}

fn points(given: i64) -> Result<u8, ApiError> {
    let points = u8::try_from(given).ok();
    let in_range = points.filter(|points| (1..=100).contains(points));
    in_range.ok_or_else(|| {
        let message =
            "min_score_change is a whole number of points from 1 to 100, or null for never";
        ApiError::invalid("alerts.min_score_change", message).reason("number_out_of_range")
    })
}
