use intent::{Kind, Signal, Strength};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use types::{Domain, Timestamp, whole_second};
use url::Url;

/// A signal as it is sent: in JSON, or in a line of a file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a signal is a JSON object")]
pub(crate) struct SignalForm {
    #[serde(default)]
    pub(crate) domain: String,
    #[serde(default)]
    pub(crate) kind: String,
    pub(crate) strength: Option<Given>,
    #[serde(default)]
    pub(crate) observed_at: String,
    #[serde(default)]
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) external_id: String,
    pub(crate) evidence: Option<String>,
    pub(crate) url: Option<String>,
}

/// A number as JSON has it, or as a file's text.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "strength is a number from 0.001 to 1")]
pub(crate) enum Given {
    Number(f64),
    Text(String),
}

/// A field that is not in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FieldError {
    pub(crate) field: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) message: String,
}

/// The strength of a signal that gives none.
const USUAL_STRENGTH: f64 = 0.5;
const MOST_SOURCE: usize = 64;
const MOST_ID: usize = 200;
const MOST_EVIDENCE: usize = 500;
const MOST_URL: usize = 2_048;
/// A sender's clock may be ahead, or in another time zone.
const AHEAD_SECONDS: i64 = 86_400;

impl SignalForm {
    /// The company and its signal, or everything that is wrong with the form.
    pub(crate) fn parse(self, now: Timestamp) -> Result<(Domain, Signal), Vec<FieldError>> {
        let mut errors = Vec::new();
        let domain = keep(&mut errors, self.domain());
        let kind = keep(&mut errors, self.kind());
        let strength = keep(&mut errors, self.strength());
        let observed_at = keep(&mut errors, observed(&self.observed_at, now));
        let source = keep(
            &mut errors,
            text("source", &self.source, MOST_SOURCE, "greenhouse"),
        );
        let external_id = keep(
            &mut errors,
            text("external_id", &self.external_id, MOST_ID, "job-4711"),
        );
        let evidence = keep(
            &mut errors,
            evidence(self.evidence.as_deref().unwrap_or_default()),
        );
        let url = keep(&mut errors, link(self.url.as_deref().unwrap_or_default()));
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
            .map_err(|error| wrong("domain", error.reason(), error.to_string()))
    }

    fn kind(&self) -> Result<Kind, FieldError> {
        self.kind
            .trim()
            .parse()
            .map_err(|error: intent::IntentError| wrong("kind", error.reason(), error.to_string()))
    }

    fn strength(&self) -> Result<Strength, FieldError> {
        let given = match &self.strength {
            None => USUAL_STRENGTH,
            Some(Given::Number(number)) => *number,
            Some(Given::Text(text)) => text.trim().parse().map_err(|_| {
                wrong(
                    "strength",
                    "strength_invalid",
                    format!(
                        "strength is a number from 0.001 to 1, not {:?}",
                        api::cut(text)
                    ),
                )
            })?,
        };
        Strength::new(given).map_err(|error| wrong("strength", error.reason(), error.to_string()))
    }
}

fn wrong(field: &'static str, reason: &'static str, message: String) -> FieldError {
    FieldError {
        field,
        reason,
        message,
    }
}

fn keep<T>(errors: &mut Vec<FieldError>, value: Result<T, FieldError>) -> Option<T> {
    value.map_err(|error| errors.push(error)).ok()
}

fn text(
    field: &'static str,
    given: &str,
    most: usize,
    example: &str,
) -> Result<String, FieldError> {
    let given = given.trim();
    if given.is_empty() {
        return Err(wrong(
            field,
            "field_missing",
            format!("{field} is required, for example {example}"),
        ));
    }
    if given.chars().count() > most || given.chars().any(char::is_control) {
        let message =
            format!("{field} takes up to {most} characters, none of them control characters");
        return Err(wrong(field, "text_invalid", message));
    }
    Ok(given.to_owned())
}

fn evidence(given: &str) -> Result<String, FieldError> {
    let folded = given.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() > MOST_EVIDENCE {
        let message = format!(
            "evidence takes up to {MOST_EVIDENCE} characters; give the sentence that matters"
        );
        return Err(wrong("evidence", "text_invalid", message));
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
        .filter(|url| url.as_str().len() <= MOST_URL)
        .ok_or_else(|| {
            let message = format!("url is an http or https address of up to {MOST_URL} characters");
            wrong("url", "url_invalid", message)
        })?;
    Ok(Some(url.into()))
}

fn observed(given: &str, now: Timestamp) -> Result<Timestamp, FieldError> {
    let given = given.trim();
    let day = || given.parse::<Date>().ok().filter(|_| given.len() == 10);
    let at = given.parse::<Timestamp>().ok().or_else(|| {
        day()?
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|day| day.timestamp())
    });
    let Some(at) = at else {
        let message =
            "observed_at is a time such as 2026-05-23T09:30:00Z or a day such as 2026-05-23";
        return Err(wrong("observed_at", "time_invalid", message.to_owned()));
    };
    if at.as_second() > now.as_second() + AHEAD_SECONDS {
        let message = "observed_at is more than a day in the future; give when it was observed";
        return Err(wrong("observed_at", "time_in_future", message.to_owned()));
    }
    if at.as_second() < 0 {
        let message = "observed_at is before 1970; give when it was observed";
        return Err(wrong("observed_at", "time_invalid", message.to_owned()));
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
    fn a_form_in_order() {
        let (domain, signal) = form().parse(now()).unwrap();
        assert_eq!(domain.as_str(), "stripe.com");
        assert_eq!(signal.evidence, "Head of Sales");
        assert_eq!(signal.observed_at.to_string(), "2026-11-20T00:00:00Z");
        assert_eq!(signal.strength.get().to_bits(), USUAL_STRENGTH.to_bits());
    }

    #[test]
    fn names_every_field_that_is_wrong() {
        let errors = SignalForm {
            strength: Some(Given::Number(2.0)),
            url: Some("ftp://x".to_owned()),
            ..SignalForm::default()
        }
        .parse(now())
        .unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field).collect();
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
