use api::FieldError;
use imports::ImportForm;
use intent::{Kind, Signal, Strength};
use schemars::JsonSchema;
use serde::Deserialize;
use types::{Domain, Timestamp, is_one_line, parse_time_or_day, whole_second};
use url::Url;

/// An unvalidated signal, from JSON or from a row of a file.
#[derive(Clone, Debug, Default, JsonSchema, Deserialize)]
#[schemars(rename = "SignalForm", extend("required" = ["domain", "kind", "observed_at", "source", "external_id"]))]
#[serde(deny_unknown_fields)]
pub struct SignalForm {
    /// The company's domain.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) domain: String,
    /// What it is about.
    #[serde(default)]
    #[schemars(with = "Kind")]
    pub(crate) kind: String,
    /// How much it says, 0.001 to 1; 0.5 if it is left out.
    #[schemars(with = "Option<Strength>")]
    pub(crate) strength: Option<Given>,
    /// When it was observed (RFC 3339), or the day; not in the future.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) observed_at: String,
    /// Who observed it, such as `greenhouse`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 64))]
    pub(crate) source: String,
    /// Your id for it: the same source and id is the same signal, which is updated.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub(crate) external_id: String,
    /// What was seen.
    #[schemars(length(max = 500))]
    pub(crate) evidence: Option<String>,
    /// Where it can be read in full, http or https.
    #[schemars(length(max = 2_048))]
    pub(crate) url: Option<String>,
}

/// A number in JSON, or the text of a CSV field.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "expected a number from 0.001 to 1")]
pub(crate) enum Given {
    Number(f64),
    Text(String),
}

impl ImportForm for SignalForm {
    const REQUIRED: &'static [&'static str] =
        &["domain", "kind", "observed_at", "source", "external_id"];
    const OPTIONAL: &'static [&'static str] = &["strength", "evidence", "url"];

    fn of_row(field: impl Fn(&str) -> Option<String>) -> Self {
        let required = |name| field(name).unwrap_or_default();
        Self {
            domain: required("domain"),
            kind: required("kind"),
            strength: field("strength").map(Given::Text),
            observed_at: required("observed_at"),
            source: required("source"),
            external_id: required("external_id"),
            evidence: field("evidence"),
            url: field("url"),
        }
    }
}

/// The strength of a signal without one.
const DEFAULT_STRENGTH: f64 = 0.5;
const MAX_SOURCE: usize = 64;
const MAX_EXTERNAL_ID: usize = 200;
const MAX_EVIDENCE: usize = 500;
const MAX_URL: usize = 2_048;
/// Tolerated clock skew of senders, including their time zone.
const MAX_SKEW_SECONDS: i64 = 86_400;

impl SignalForm {
    /// The company and its signal, or every invalid field.
    pub(crate) fn parse(self, now: Timestamp) -> Result<(Domain, Signal), Vec<FieldError>> {
        let mut errors = Vec::new();
        let domain = collect_error(&mut errors, self.domain());
        let kind = collect_error(&mut errors, self.kind());
        let strength = collect_error(&mut errors, self.strength());
        let observed_at = collect_error(&mut errors, observed(&self.observed_at, now));
        let source = collect_error(
            &mut errors,
            text("source", &self.source, MAX_SOURCE, "greenhouse"),
        );
        let external_id = collect_error(
            &mut errors,
            text(
                "external_id",
                &self.external_id,
                MAX_EXTERNAL_ID,
                "job-4711",
            ),
        );
        let evidence = collect_error(
            &mut errors,
            evidence(self.evidence.as_deref().unwrap_or_default()),
        );
        let url = collect_error(&mut errors, link(self.url.as_deref().unwrap_or_default()));
        match (
            domain,
            kind,
            strength,
            observed_at,
            source,
            external_id,
            evidence,
            url,
        ) {
            (
                Some(domain),
                Some(kind),
                Some(strength),
                Some(observed_at),
                Some(source),
                Some(external_id),
                Some(evidence),
                Some(url),
            ) => Ok((
                domain,
                Signal {
                    kind,
                    strength,
                    observed_at,
                    source,
                    external_id,
                    evidence,
                    url,
                },
            )),
            _ => Err(errors),
        }
    }

    fn domain(&self) -> Result<Domain, FieldError> {
        Domain::parse(&self.domain)
            .map_err(|error| FieldError::new("domain", error.reason(), error.to_string()))
    }

    fn kind(&self) -> Result<Kind, FieldError> {
        self.kind
            .trim()
            .parse()
            .map_err(|error: intent::IntentError| {
                FieldError::new("kind", error.reason(), error.to_string())
            })
    }

    fn strength(&self) -> Result<Strength, FieldError> {
        let given = match &self.strength {
            None => DEFAULT_STRENGTH,
            Some(Given::Number(number)) => *number,
            Some(Given::Text(text)) => text.trim().parse().map_err(|_| {
                FieldError::new(
                    "strength",
                    "strength_invalid",
                    format!(
                        "strength is a number from 0.001 to 1, not {:?}",
                        api::cut(text)
                    ),
                )
            })?,
        };
        Strength::new(given)
            .map_err(|error| FieldError::new("strength", error.reason(), error.to_string()))
    }
}

fn collect_error<T>(errors: &mut Vec<FieldError>, value: Result<T, FieldError>) -> Option<T> {
    value.map_err(|error| errors.push(error)).ok()
}

fn text(field: &'static str, given: &str, max: usize, example: &str) -> Result<String, FieldError> {
    let given = given.trim();
    if given.is_empty() {
        return Err(FieldError::new(
            field,
            "field_missing",
            format!("{field} is required, for example {example}"),
        ));
    }
    if given.chars().count() > max || !is_one_line(given) {
        let message = format!("{field} must have at most {max} characters, on one line");
        return Err(FieldError::new(field, "text_invalid", message));
    }
    Ok(given.to_owned())
}

fn evidence(given: &str) -> Result<String, FieldError> {
    let folded = given.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() > MAX_EVIDENCE || !is_one_line(&folded) {
        let message = format!(
            "evidence must have at most {MAX_EVIDENCE} characters, without control characters; send only the relevant sentence"
        );
        return Err(FieldError::new("evidence", "text_invalid", message));
    }
    Ok(folded)
}

fn link(given: &str) -> Result<Option<String>, FieldError> {
    let given = given.trim();
    if given.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(given)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url
        .filter(|url| url.as_str().len() <= MAX_URL)
        .ok_or_else(|| {
            let message = format!("url is an http or https URL of at most {MAX_URL} characters");
            FieldError::new("url", "url_invalid", message)
        })?;
    Ok(Some(url.into()))
}

fn observed(given: &str, now: Timestamp) -> Result<Timestamp, FieldError> {
    let given = given.trim();
    let Some(at) = parse_time_or_day(given) else {
        let message =
            "observed_at is a timestamp such as 2026-05-23T09:30:00Z or a day such as 2026-05-23";
        return Err(FieldError::new("observed_at", "time_invalid", message));
    };
    if at.as_second() > now.as_second() + MAX_SKEW_SECONDS {
        let message =
            "observed_at is more than a day in the future; send the time of the observation";
        return Err(FieldError::new("observed_at", "time_in_future", message));
    }
    if at.as_second() < 0 {
        let message = "observed_at is before 1970; send the time of the observation";
        return Err(FieldError::new("observed_at", "time_invalid", message));
    }
    Ok(whole_second(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn form() -> SignalForm {
        SignalForm {
            domain: "https://www.Stripe.com/jobs".to_owned(),
            kind: "hiring".to_owned(),
            strength: None,
            observed_at: "2026-11-20".to_owned(),
            source: "greenhouse".to_owned(),
            external_id: "4711".to_owned(),
            evidence: Some(" Head of\n Sales ".to_owned()),
            url: Some("https://stripe.com/jobs/4711".to_owned()),
        }
    }

    #[test]
    fn a_valid_form() {
        let (domain, signal) = form().parse(now()).unwrap();
        assert_eq!(domain.as_str(), "stripe.com");
        assert_eq!(signal.evidence, "Head of Sales");
        assert_eq!(signal.observed_at.to_string(), "2026-11-20T00:00:00Z");
        assert_eq!(signal.strength.get().to_bits(), DEFAULT_STRENGTH.to_bits());
    }

    #[test]
    fn names_every_field_that_is_invalid() {
        let errors = SignalForm {
            strength: Some(Given::Number(2.0)),
            url: Some("ftp://x".to_owned()),
            ..SignalForm::default()
        }
        .parse(now())
        .unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| &*error.field).collect();
        assert_eq!(
            fields,
            [
                "domain",
                "kind",
                "strength",
                "observed_at",
                "source",
                "external_id",
                "url"
            ]
        );
    }

    #[test]
    fn the_future_begins_tomorrow() {
        let at = |text: &str| {
            SignalForm {
                observed_at: text.to_owned(),
                ..form()
            }
            .parse(now())
            .is_ok()
        };
        assert!(at("2026-11-23T11:59:59Z"));
        assert!(!at("2026-11-23T12:00:01Z"));
        assert!(!at("yesterday"));
        assert!(!at("1969-12-31"));
    }

    proptest! {
        #[test]
        fn any_text_parses_or_is_refused(a in "\\PC{0,30}", b in "[0-9T:Z+-]{0,25}", strength: f64) {
            let form = SignalForm {
                domain: a.clone(), kind: a.clone(), strength: Some(Given::Number(strength)), observed_at: b,
                source: a.clone(), external_id: a.clone(), evidence: Some(a.clone()), url: Some(a),
            };
            let _ = form.parse(now());
        }
    }
}
