use liquidity::{Anomaly, Compliance, Reading, Tier};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{
    DeliveryId, EventId, JobId, KeyId, ProtocolSlug, ReportId, Timestamp, WatchId, WebhookId,
    month_of,
};

use crate::JobState;

/// How long an event is kept that may happen any number of times, in seconds: 90 days.
const KEPT: i64 = 90 * 86_400;

/// What happened, by kind.
///
/// A further kind is a variant here, its name in [`kind`](Self::kind), its trigger, how long it is kept, a row of the
/// snapshot test, and an example in the catalogue of `webhook-store`, from which the API's description has it. The comments on the
/// variant and its fields are text of the reference.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload")]
pub enum EventPayload {
    /// Four fifths of the month's calls are used, or all of them. Once a month each.
    #[serde(rename = "quota.warning")]
    QuotaWarning {
        /// The percentage that was reached: 80 or 100.
        percent: u8,
        /// The calls that the plan has in a month.
        limit_calls: u64,
        /// Those used when it was seen.
        used_calls: u64,
    },
    /// Four fifths of the month's deliveries to webhooks are used, or all of them: further ones are held. Once a month each.
    #[serde(rename = "quota.webhooks")]
    QuotaWebhooks {
        /// The percentage that was reached: 80 or 100.
        percent: u8,
        /// The deliveries that the plan has in a month.
        limit_deliveries: u64,
        /// Those used when it was seen.
        used_deliveries: u64,
        /// When the next month begins.
        resets_at: Timestamp,
    },
    /// A tenth or less is left of the balance that there was after the last grant. Once a grant.
    #[serde(rename = "credits.low")]
    CreditsLow {
        /// The tag of that grant's id.
        grant_tag: String,
        /// The balance from which down it counts as low, in tenths of a credit.
        threshold_tenths: i64,
        /// The balance when it was seen, in tenths of a credit.
        balance_tenths: i64,
    },
    /// A key that is in use expires within 14 days. Once a key.
    #[serde(rename = "key.rotation_due")]
    KeyRotationDue {
        /// The key.
        key_id: KeyId,
        /// When it expires.
        expires_at: Timestamp,
    },
    /// A key was found in public. It was revoked with this event, if it was still active. Once a key.
    #[serde(rename = "key.leaked")]
    KeyLeaked {
        /// The key.
        key_id: KeyId,
        /// Where it was found, as the first report has it: a kind of source and an address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found_in: Option<String>,
    },
    /// An endpoint's requests have only failed for a day, and again after four. Once each in a series of failures.
    #[serde(rename = "webhook.failing")]
    WebhookFailing {
        /// The webhook.
        webhook_id: WebhookId,
        /// Where its requests go.
        url: String,
        /// When the first of the failures was.
        failing_since: Timestamp,
        /// Which warning it is: 1, or 2, which is the last before the webhook is disabled.
        warning: u8,
    },
    /// A webhook was disabled: its endpoint returned 410, or its requests have only failed for five days. Once a time.
    #[serde(rename = "webhook.disabled")]
    WebhookDisabled {
        /// The webhook.
        webhook_id: WebhookId,
        /// Where its requests went.
        url: String,
        /// `gone` or `failures`.
        reason: String,
        /// When the first of the failures was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failing_since: Option<Timestamp>,
    },
    /// Every attempt of a delivery has failed. Once a schedule of it.
    #[serde(rename = "delivery.exhausted")]
    DeliveryExhausted {
        /// The delivery.
        delivery_id: DeliveryId,
        /// The webhook.
        webhook_id: WebhookId,
        /// The event that was not delivered.
        event_id: EventId,
        /// Its type.
        event_type: String,
        /// Attempts made.
        attempts: u32,
        /// Why the last failed.
        last_error: String,
    },
    /// A bulk job has ended. Once a job.
    #[serde(rename = "bulk.completed")]
    BulkCompleted {
        /// The job.
        job_id: JobId,
        /// `done`, `failed` or `cancelled`.
        status: JobState,
        /// Units that have a result.
        done: u64,
        /// Units that could not be processed.
        failed: u64,
        /// What the job cost, in tenths of a credit.
        charged_tenths: i64,
    },
    /// The file of a report can be had. Once a report.
    #[serde(rename = "report.ready")]
    ReportReady {
        /// The report.
        report_id: ReportId,
        /// What it is of: a protocol's slug.
        slug: String,
        /// The protocol's name when it was made.
        name: String,
        /// Until when it can be had.
        expires_at: Timestamp,
    },
    /// A watched subject's score is in another band than the score before. Once an entry and score.
    #[serde(rename = "intent.band_change")]
    IntentBandChange(ScoreChange),
    /// A watched subject's score is as many points from the one last reported as the entry's alerts ask for. Once an entry and score.
    #[serde(rename = "intent.score_change")]
    IntentScoreChange(ScoreChange),
    /// The score of a watched protocol is as many points from the one last reported as the entry's alerts ask for.
    #[serde(rename = "score_change")]
    ScoreChange {
        /// The protocol's slug.
        slug: ProtocolSlug,
        /// Its name.
        name: String,
        /// The score last reported, in points.
        from: u8,
        /// The score now.
        to: u8,
        /// Points of change.
        change: i16,
    },
    /// A watched protocol is in another liquidity tier.
    #[serde(rename = "tier_change")]
    TierChange {
        /// The protocol's slug.
        slug: ProtocolSlug,
        /// Its name.
        name: String,
        /// The tier before.
        from: Tier,
        /// The tier now.
        to: Tier,
    },
    /// The AUM of a watched protocol has changed by more than 10 % within 24 hours.
    #[serde(rename = "aum_change")]
    AumChange {
        /// The protocol's slug.
        slug: ProtocolSlug,
        /// Its name.
        name: String,
        /// US dollars then.
        from: f64,
        /// When that was.
        since: Timestamp,
        /// US dollars now.
        to: f64,
        /// The change as a share of `from`.
        change: f64,
    },
    /// The jurisdiction or the status of a watched protocol has changed.
    #[serde(rename = "compliance_alert")]
    ComplianceAlert {
        /// The protocol's slug.
        slug: ProtocolSlug,
        /// Its name.
        name: String,
        /// What has changed.
        alert: Compliance,
    },
    /// The data of a watched protocol are older than the SLA of their source.
    #[serde(rename = "data_stale")]
    DataStale {
        /// The protocol's slug.
        slug: ProtocolSlug,
        /// Its name.
        name: String,
        /// The last good reading, if there is one.
        last_good: Option<Reading>,
    },
    /// The scoring of a watched protocol was paused, as its data are anomalous, or goes on.
    #[serde(rename = "circuit_breaker")]
    CircuitBreaker {
        /// The protocol's slug.
        slug: ProtocolSlug,
        /// Its name.
        name: String,
        /// Why it was paused; null if it goes on.
        reason: Option<Anomaly>,
        /// Whether it is paused.
        paused: bool,
    },
}

/// A watch entry's new score, and the one that it is compared with. Bands are the product's words.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "WatchedScoreChange")]
pub struct ScoreChange {
    /// The entry.
    pub watch_id: WatchId,
    /// What is watched: a company's domain, or a protocol's slug.
    pub subject: String,
    /// What the entry's owner calls the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// The new score, in points.
    pub score: u8,
    /// Its band.
    pub band: String,
    /// In a change of band the score before; in a change of points the one last reported.
    pub previous_score: u8,
    /// Its band.
    pub previous_band: String,
}

impl EventPayload {
    /// The kind, as in the attribute `kind` and in the id.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::QuotaWarning { .. } => "quota.warning",
            Self::QuotaWebhooks { .. } => "quota.webhooks",
            Self::CreditsLow { .. } => "credits.low",
            Self::KeyRotationDue { .. } => "key.rotation_due",
            Self::KeyLeaked { .. } => "key.leaked",
            Self::WebhookFailing { .. } => "webhook.failing",
            Self::WebhookDisabled { .. } => "webhook.disabled",
            Self::DeliveryExhausted { .. } => "delivery.exhausted",
            Self::BulkCompleted { .. } => "bulk.completed",
            Self::ReportReady { .. } => "report.ready",
            Self::IntentBandChange(_) => "intent.band_change",
            Self::IntentScoreChange(_) => "intent.score_change",
            Self::ScoreChange { .. } => "score_change",
            Self::TierChange { .. } => "tier_change",
            Self::AumChange { .. } => "aum_change",
            Self::ComplianceAlert { .. } => "compliance_alert",
            Self::DataStale { .. } => "data_stale",
            Self::CircuitBreaker { .. } => "circuit_breaker",
        }
    }

    /// What the event is stored once for, beside its kind and product. The last part of its id.
    pub(crate) fn trigger(&self, at: Timestamp) -> String {
        match self {
            Self::QuotaWarning { percent, .. } | Self::QuotaWebhooks { percent, .. } => {
                format!("{percent}-{}", month_of(at))
            }
            Self::CreditsLow { grant_tag, .. } => grant_tag.clone(),
            Self::KeyRotationDue { key_id, .. } | Self::KeyLeaked { key_id, .. } => {
                key_id.to_string()
            }
            Self::WebhookFailing {
                webhook_id,
                failing_since,
                warning,
                ..
            } => format!("{webhook_id}-{}-{warning}", failing_since.as_second()),
            Self::WebhookDisabled { webhook_id, .. } => format!("{webhook_id}-{}", at.as_second()),
            Self::DeliveryExhausted {
                delivery_id,
                attempts,
                ..
            } => format!("{delivery_id}-{attempts}"),
            Self::BulkCompleted { job_id, .. } => job_id.suffix(),
            Self::ReportReady { report_id, .. } => report_id.suffix(),
            Self::IntentBandChange(change) | Self::IntentScoreChange(change) => {
                format!("{}-{}", change.watch_id.suffix(), at.as_second())
            }
            Self::ComplianceAlert { slug, alert, .. } => {
                let what = match alert {
                    Compliance::Jurisdiction { .. } => "jurisdiction",
                    Compliance::Status { .. } => "status",
                };
                format!("{slug}-{}-{what}", at.as_second())
            }
            Self::ScoreChange { slug, .. }
            | Self::TierChange { slug, .. }
            | Self::AumChange { slug, .. }
            | Self::DataStale { slug, .. }
            | Self::CircuitBreaker { slug, .. } => format!("{slug}-{}", at.as_second()),
        }
    }

    /// How long after it happened the event is kept; for good if none.
    pub(crate) const fn kept_seconds(&self) -> Option<i64> {
        match self {
            Self::QuotaWarning { .. }
            | Self::QuotaWebhooks { .. }
            | Self::CreditsLow { .. }
            | Self::KeyRotationDue { .. }
            | Self::KeyLeaked { .. } => None,
            Self::WebhookFailing { .. }
            | Self::WebhookDisabled { .. }
            | Self::DeliveryExhausted { .. }
            | Self::BulkCompleted { .. }
            | Self::ReportReady { .. }
            | Self::IntentBandChange(_)
            | Self::IntentScoreChange(_)
            | Self::ScoreChange { .. }
            | Self::TierChange { .. }
            | Self::AumChange { .. }
            | Self::ComplianceAlert { .. }
            | Self::DataStale { .. }
            | Self::CircuitBreaker { .. } => Some(KEPT),
        }
    }
}

impl EventPayload {
    /// What has happened to a protocol, for an account that watches it.
    pub fn of_protocol(slug: ProtocolSlug, name: String, event: &liquidity::Event) -> Self {
        use liquidity::Event;
        match *event {
            Event::ScoreChange { from, to, change } => Self::ScoreChange {
                slug,
                name,
                from,
                to,
                change,
            },
            Event::TierChange { from, to } => Self::TierChange {
                slug,
                name,
                from,
                to,
            },
            Event::AumChange {
                from,
                since,
                to,
                change,
            } => Self::AumChange {
                slug,
                name,
                from,
                since,
                to,
                change,
            },
            Event::ComplianceAlert { alert } => Self::ComplianceAlert { slug, name, alert },
            Event::DataStale { last_good } => Self::DataStale {
                slug,
                name,
                last_good,
            },
            Event::CircuitBreaker { reason, paused } => Self::CircuitBreaker {
                slug,
                name,
                reason,
                paused,
            },
        }
    }
}
