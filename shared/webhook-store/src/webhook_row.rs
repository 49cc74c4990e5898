use std::num::NonZeroU32;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use types::{Timestamp, WebhookId};
use webhook::Health;

use crate::DayCounts;

/// A webhook: an endpoint of an account's that is sent the events of a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebhookRow {
    /// Its id.
    pub webhook: WebhookId,
    /// What its account has set.
    pub config: WebhookConfig,
    /// Raised with every change of `config`.
    pub version: u64,
    /// When it was registered.
    pub created_at: Timestamp,
    /// The series of failures that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<Health>,
    /// The last warning about this series: 1 or 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned: Option<u8>,
    /// When the last request was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_triggered_at: Option<Timestamp>,
    /// When the last request succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_success_at: Option<Timestamp>,
    /// Until when the one request that finds out whether the endpoint works again has the only turn, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe_until: Option<i64>,
    /// The claim whose request was counted as in flight last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    /// The claim whose result was counted last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<String>,
    /// When the next turn is that nobody has taken, of a webhook with a limit of requests a minute, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_turn: Option<i64>,
    /// Its requests of the last days.
    #[serde(default)]
    pub days: DayCounts,
}

impl WebhookRow {
    /// A webhook that was sent nothing yet.
    pub const fn new(webhook: WebhookId, config: WebhookConfig, now: Timestamp) -> Self {
        Self {
            webhook,
            config,
            version: 1,
            created_at: now,
            health: None,
            warned: None,
            last_triggered_at: None,
            last_success_at: None,
            probe_until: None,
            started_by: None,
            ended_by: None,
            next_turn: None,
            days: DayCounts::none(),
        }
    }
}

/// What an account sets of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookConfig {
    /// What its account calls it.
    pub name: String,
    /// Where requests go.
    pub url: String,
    /// The types of events that it is sent, each once.
    pub events: Vec<String>,
    /// Headers that requests have besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<SealedHeaders>,
    /// Requests a minute, at most; none is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<NonZeroU32>,
    /// Why and since when it is sent nothing; none if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<(DisabledBy, Timestamp)>,
    /// What its requests are signed with, the newest first.
    pub secrets: Vec<SealedSecret>,
    /// When the account or a rule last changed it.
    pub updated_at: Timestamp,
}

/// Who disabled a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisabledBy {
    /// Its account.
    Account,
    /// Its endpoint, with status 410.
    Gone,
    /// The rule about endpoints that only fail.
    Failures,
}

/// Headers of an account's own, sealed, since their values may be credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedHeaders {
    /// Their names, in lower case, sorted.
    pub names: Vec<String>,
    /// What opens to a JSON object of their values by name.
    pub sealed: Bytes,
}

/// A secret, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedSecret {
    /// The request that made it: a later run of the same request replaces what nobody was shown.
    pub made_by: String,
    /// What opens to its text.
    pub sealed: Bytes,
    /// From when on it is no longer valid, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<i64>,
}

impl WebhookConfig {
    /// Whether it is sent events of this type.
    pub fn is_sent(&self, kind: &str) -> bool {
        self.disabled.is_none() && self.events.iter().any(|event| event == kind)
    }

    /// A digest of URL and events, in any order, of which an account has no two in a product.
    pub(crate) fn target(&self) -> String {
        let mut events: Vec<&str> = self.events.iter().map(String::as_str).collect();
        events.sort_unstable();
        let digest = Sha256::new()
            .chain_update(&self.url)
            .chain_update("\n")
            .chain_update(events.join("\n"))
            .finalize();
        hex::encode(digest.first_chunk::<16>().copied().unwrap_or_default())
    }
}

/// The name in the encryption context of what is sealed for a webhook, whose value is the webhook's id.
pub const SEALED_FOR: &str = "webhook";

impl SealedSecret {
    /// Whether requests are signed with it at `now`.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| now.as_second() < expires)
    }
}
