use std::collections::BTreeMap;
use std::num::NonZeroU32;

use api::{ApiError, cut, one_line};
use outbound::{Ports, Url};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::Product;
use webhook_store::{MAX_RATE_LIMIT, event_kinds};
use workspace::Change;

use crate::headers::headers;

/// Characters of a name and of a URL.
const NAME: usize = 100;
const URL: usize = 2_000;
/// Types of events that are read: more than there are.
const MOST_EVENTS: usize = 100;

/// A webhook to register.
#[derive(Debug, JsonSchema, Deserialize)]
#[schemars(rename = "WebhookForm", extend("required" = ["name", "url", "events"]))]
#[serde(deny_unknown_fields, expecting = "a webhook is a JSON object")]
pub(crate) struct WebhookForm {
    /// Its name.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100), extend("example" = "Score Monitor"))]
    name: String,
    /// Where requests go: https, on port 443 or another that the operator allows, at a public address.
    #[serde(default)]
    #[schemars(length(max = 2000), extend("example" = "https://example.com/hooks/assay"))]
    url: String,
    /// The types of events to send, at least one: see `GET …/event-types`.
    #[serde(default)]
    #[schemars(length(min = 1))]
    events: Vec<String>,
    /// Headers that requests have besides, at most 10.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Requests a minute, at most; without a limit if it is left out.
    #[schemars(range(min = 1, max = 6000), extend("example" = 60))]
    rate_limit: Option<i64>,
}

/// What to change of a webhook. What is left out stays as it is.
#[derive(Debug, JsonSchema, Deserialize)]
#[schemars(rename = "ChangeWebhookForm")]
#[serde(deny_unknown_fields, expecting = "a change is a JSON object")]
pub(crate) struct ChangeForm {
    /// Its name.
    #[schemars(length(min = 1, max = 100))]
    name: Option<String>,
    /// Where requests go.
    #[schemars(length(max = 2000))]
    url: Option<String>,
    /// The types of events to send, all of them.
    #[schemars(length(min = 1))]
    events: Option<Vec<String>>,
    /// Headers that requests have besides, all of them; null for none.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    headers: Change<BTreeMap<String, String>>,
    /// Requests a minute, at most; null for no limit.
    #[serde(default)]
    #[schemars(with = "Option<i64>", range(min = 1, max = 6000))]
    rate_limit: Change<i64>,
}

/// A webhook to register, checked but for its events and the addresses of its host.
#[derive(Debug, Serialize)]
pub(crate) struct NewWebhook {
    pub(crate) name: String,
    #[serde(serialize_with = "as_text")]
    pub(crate) url: Url,
    pub(crate) events: Vec<String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) rate_limit: Option<NonZeroU32>,
}

/// A change, checked in the same way.
#[derive(Debug)]
pub(crate) struct WebhookChange {
    pub(crate) name: Option<String>,
    pub(crate) url: Option<Url>,
    pub(crate) events: Option<Vec<String>>,
    pub(crate) headers: Change<BTreeMap<String, String>>,
    pub(crate) rate_limit: Change<NonZeroU32>,
}

impl WebhookForm {
    pub(crate) fn parse(self, ports: &Ports) -> Result<NewWebhook, ApiError> {
        Ok(NewWebhook {
            name: name(&self.name)?,
            url: url(&self.url, ports)?,
            events: events(self.events)?,
            headers: headers(self.headers)?,
            rate_limit: self.rate_limit.map(rate_limit).transpose()?,
        })
    }
}

impl ChangeForm {
    pub(crate) fn parse(self, ports: &Ports) -> Result<WebhookChange, ApiError> {
        let url = self.url.as_deref().map(|text| url(text, ports));
        Ok(WebhookChange {
            name: self.name.as_deref().map(name).transpose()?,
            url: url.transpose()?,
            events: self.events.map(events).transpose()?,
            headers: self.headers.try_map(headers)?,
            rate_limit: self.rate_limit.try_map(rate_limit)?,
        })
    }
}

fn as_text<S: serde::Serializer>(url: &Url, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(url.as_str())
}

fn name(text: &str) -> Result<String, ApiError> {
    one_line("name", text, NAME, "Score Monitor")
}

fn url(text: &str, ports: &Ports) -> Result<Url, ApiError> {
    let short = Some(text).filter(|text| text.chars().count() <= URL);
    let url = short.and_then(|text| Url::parse(text.trim()).ok());
    url.ok_or_else(|| {
        let why = format!("it is no URL of at most {URL} characters");
        invalid_url(&why, ports)
    })
}

fn rate_limit(given: i64) -> Result<NonZeroU32, ApiError> {
    let limit = u32::try_from(given).ok().and_then(NonZeroU32::new);
    let limit = limit.filter(|limit| limit.get() <= MAX_RATE_LIMIT);
    limit.ok_or_else(|| {
        let message = format!(
            "rate_limit is a whole number of requests a minute from 1 to {MAX_RATE_LIMIT}, for example 60, not {given}"
        );
        ApiError::invalid("rate_limit", message).reason("number_out_of_range")
    })
}

/// Each type once, in the order given.
fn events(given: Vec<String>) -> Result<Vec<String>, ApiError> {
    if given.is_empty() || given.len() > MOST_EVENTS {
        let message = format!(
            "events has 1 to {MOST_EVENTS} types of events, for example [\"score_change\"], not {}",
            given.len()
        );
        return Err(ApiError::invalid("events", message).reason("events_count"));
    }
    let mut once: Vec<String> = Vec::new();
    for event in given {
        if !once.contains(&event) {
            once.push(event);
        }
    }
    Ok(once)
}

/// Refuses types of events that a product does not have.
pub(crate) fn known_events(product: Product, events: &[String]) -> Result<(), ApiError> {
    let known = event_kinds(product);
    let unknown = events.iter().find(|event| !known.contains(&event.as_str()));
    unknown.map_or(Ok(()), |event| {
        let message = format!(
            "events has {:?}, which is no type of events; use {}",
            cut(event),
            known.join(", ")
        );
        Err(ApiError::invalid("events", message).reason("event_unknown"))
    })
}

pub(crate) fn invalid_url(why: &str, ports: &Ports) -> ApiError {
    let message = format!(
        "url: {why}; use an https URL on port {ports} at a public address, for example https://example.com/hooks/assay"
    );
    ApiError::invalid("url", message).reason("url_invalid")
}
