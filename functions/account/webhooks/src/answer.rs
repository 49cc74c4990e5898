use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use types::{DeliveryId, EventId, Timestamp, WebhookId};
use webhook::Secret;
use webhook_store::{Attempt, DeliveryRow, DeliveryState, DisabledBy, Trigger, WebhookRow};

/// A webhook as its account sees it.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Webhook")]
pub(crate) struct WebhookAnswer {
    /// Its id.
    id: WebhookId,
    /// Its name.
    name: String,
    /// Where requests go.
    url: String,
    /// The types of events that it is sent.
    events: Vec<String>,
    /// The names of the headers that requests have besides. Their values are not shown again.
    headers: Vec<String>,
    /// Requests a minute, at most; absent without a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_limit: Option<u32>,
    /// Whether it is sent events.
    active: bool,
    /// Why it is not: `account`, `gone` (its endpoint returned 410) or `failures` (requests have only failed for 120 hours).
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_by: Option<&'static str>,
    /// When the last request was sent.
    last_triggered_at: Option<Timestamp>,
    /// When the last request succeeded.
    last_success_at: Option<Timestamp>,
    /// Requests that have failed since the last one that succeeded.
    failure_count: u32,
    /// When the first of them was.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<Timestamp>,
    /// Until when requests are signed with the secret before as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_secret_expires_at: Option<Timestamp>,
    /// When it was registered.
    created_at: Timestamp,
    /// When it was changed.
    updated_at: Timestamp,
}

/// A webhook with its secret, which is shown this once.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "WebhookWithSecret")]
pub(crate) struct SecretAnswer {
    /// The webhook.
    webhook: WebhookAnswer,
    /// What requests are signed with: `whsec_` and Base64.
    secret: String,
    /// What to do with the secret.
    #[serde(rename = "_notice")]
    notice: &'static str,
}

/// Webhooks.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "WebhookList")]
pub(crate) struct WebhookList {
    /// The oldest first.
    pub(crate) webhooks: Vec<WebhookAnswer>,
}

/// A delivery of an event to a webhook.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Delivery")]
pub(crate) struct DeliveryAnswer {
    /// Its id, which requests have as `X-IntLiq-Delivery-Id`.
    id: DeliveryId,
    /// The event's id, which requests have as `webhook-id`.
    event_id: EventId,
    /// The event's type.
    event_type: String,
    /// How far it is.
    state: DeliveryStateAnswer,
    /// Attempts made.
    attempt_count: u32,
    /// The status of the last response.
    last_status: Option<u16>,
    /// Why the last attempt failed; null if it did not, or there is none.
    last_error: Option<String>,
    /// When the next attempt is due, of one that is pending.
    next_attempt_at: Option<Timestamp>,
    /// When the event happened.
    created_at: Timestamp,
}

/// A delivery with all there is to know of it.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "DeliveryWithAttempts")]
pub(crate) struct DeliveryDetails {
    #[serde(flatten)]
    delivery: DeliveryAnswer,
    /// The attempts, the oldest first.
    attempts: Vec<AttemptAnswer>,
    /// What is sent; null if it was delivered and is no longer kept.
    body: Value,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, JsonSchema, Serialize)]
#[schemars(rename = "DeliveryState")]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryStateAnswer {
    /// An attempt is due, now or later.
    Pending,
    /// An attempt is being made.
    Sending,
    /// The endpoint has it.
    Delivered,
    /// Every attempt has failed.
    Exhausted,
    /// It is not attempted, since the webhook is disabled or deleted.
    Canceled,
    /// It is not attempted, since the plan's deliveries of the month were used: send it again next month.
    Held,
}

/// One attempt to deliver.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "DeliveryAttempt")]
struct AttemptAnswer {
    /// Its number, from 1.
    number: u32,
    /// `schedule`, or `manual` if a caller had it sent again.
    trigger: &'static str,
    /// When it began.
    at: Timestamp,
    /// How long it took, in milliseconds.
    duration_ms: u64,
    /// The status of the response.
    status: Option<u16>,
    /// The beginning of the response's body.
    response: Option<String>,
    /// Why it failed; null if it did not.
    error: Option<String>,
}

/// A page of deliveries.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "DeliveryPage")]
pub(crate) struct DeliveryPage {
    /// Those of the newest events first. A page may have fewer than `limit` although another follows, if it is filtered.
    pub(crate) deliveries: Vec<DeliveryAnswer>,
    /// Cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_cursor: Option<DeliveryId>,
}

impl From<WebhookRow> for WebhookAnswer {
    fn from(row: WebhookRow) -> Self {
        let config = row.config;
        let disabled_by = config.disabled.map(|(by, _)| match by {
            DisabledBy::Account => "account",
            DisabledBy::Gone => "gone",
            DisabledBy::Failures => "failures",
        });
        let previous = config.secrets.iter().filter_map(|secret| secret.expires);
        let expires = previous.max();
        Self {
            id: row.webhook,
            name: config.name,
            url: config.url,
            events: config.events,
            headers: config
                .headers
                .map(|headers| headers.names)
                .unwrap_or_default(),
            rate_limit: config.rate_limit.map(NonZeroU32::get),
            active: disabled_by.is_none(),
            disabled_by,
            last_triggered_at: row.last_triggered_at,
            last_success_at: row.last_success_at,
            failure_count: row.health.map_or(0, |health| health.failures),
            failing_since: row.health.map(|health| health.failing_since),
            previous_secret_expires_at: expires
                .and_then(|second| Timestamp::from_second(second).ok()),
            created_at: row.created_at,
            updated_at: config.updated_at,
        }
    }
}

impl SecretAnswer {
    pub(crate) fn new(row: WebhookRow, secret: &Secret) -> Self {
        Self {
            webhook: row.into(),
            secret: secret.text().to_owned(),
            notice: "Store this secret securely. It cannot be retrieved again.",
        }
    }
}

impl From<&DeliveryRow> for DeliveryAnswer {
    fn from(row: &DeliveryRow) -> Self {
        let state = match row.state {
            DeliveryState::Pending => DeliveryStateAnswer::Pending,
            DeliveryState::Sending => DeliveryStateAnswer::Sending,
            DeliveryState::Delivered => DeliveryStateAnswer::Delivered,
            DeliveryState::Exhausted => DeliveryStateAnswer::Exhausted,
            DeliveryState::Canceled => DeliveryStateAnswer::Canceled,
            DeliveryState::Held => DeliveryStateAnswer::Held,
        };
        let last = row.attempts.last();
        Self {
            id: row.delivery,
            event_id: row.event,
            event_type: row.kind.clone(),
            state,
            attempt_count: row.made,
            last_status: last.and_then(|attempt| attempt.status),
            last_error: last.and_then(|attempt| attempt.error.clone()),
            next_attempt_at: (row.state == DeliveryState::Pending).then_some(row.due_at),
            created_at: row.created_at,
        }
    }
}

impl From<DeliveryRow> for DeliveryDetails {
    fn from(row: DeliveryRow) -> Self {
        Self {
            delivery: DeliveryAnswer::from(&row),
            body: serde_json::from_str(row.body.as_deref().unwrap_or_default())
                .unwrap_or(Value::Null),
            attempts: row.attempts.into_iter().map(AttemptAnswer::from).collect(),
        }
    }
}

impl From<Attempt> for AttemptAnswer {
    fn from(attempt: Attempt) -> Self {
        Self {
            number: attempt.number,
            trigger: match attempt.trigger {
                Trigger::Schedule => "schedule",
                Trigger::Manual => "manual",
            },
            at: attempt.at,
            duration_ms: attempt.duration_ms,
            status: attempt.status,
            response: attempt.response,
            error: attempt.error,
        }
    }
}
