use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::StoreError;
use store::item::PrimaryKey;
use types::{AccountId, DeliveryId, EventId, Product, Timestamp, WebhookId};

use crate::event_image::first_128;
use crate::{Attempt, Trigger};

/// How long a delivery is kept, in seconds: 30 days.
const KEPT: i64 = 30 * 86_400;

/// The delivery of an event to a webhook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryRow {
    /// Its id.
    pub delivery: DeliveryId,
    /// The account whose webhook it is.
    pub account: AccountId,
    /// The product of the webhook.
    pub product: Product,
    /// The webhook.
    pub webhook: WebhookId,
    /// The event.
    pub event: EventId,
    /// The event's type.
    pub kind: String,
    /// When the event happened.
    pub created_at: Timestamp,
    /// How far it is.
    pub state: DeliveryState,
    /// Attempts made.
    pub made: u32,
    /// Attempts made when the present schedule began, which begins anew when a caller has it sent again.
    #[serde(default)]
    pub made_before: u32,
    /// How often the next attempt was put off, because as many requests as may be were in flight.
    #[serde(default)]
    pub put_off: u32,
    /// Whether the next attempt has the turn that it needs where requests a minute are limited.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_turn: bool,
    /// When the next attempt is due, of one that is pending.
    pub due_at: Timestamp,
    /// Who the next attempt is made by.
    pub trigger: Trigger,
    /// The attempts, the oldest first.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// The call of `resend` that made it due last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resent_by: Option<String>,
    /// What is sent: bytes that do not change. None if it is no longer kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// From when on it is gone, in seconds since 1970. DynamoDB deletes it some time later.
    pub expires: i64,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// An attempt is due, now or later.
    Pending,
    /// An attempt is being made.
    Sending,
    /// The endpoint has it.
    Delivered,
    /// Every attempt has failed.
    Exhausted,
    /// It is not attempted, since its webhook is disabled or deleted.
    Canceled,
    /// It is not attempted before it is sent again, since the plan's deliveries of the month were used.
    Held,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Pending,
        Self::Sending,
        Self::Delivered,
        Self::Exhausted,
        Self::Canceled,
        Self::Held,
    ];

    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Exhausted => "exhausted",
            Self::Canceled => "canceled",
            Self::Held => "held",
        }
    }
}

impl DeliveryRow {
    /// A delivery that is due now: its id is made of event and webhook.
    pub fn new(
        (account, product, webhook): (AccountId, Product, WebhookId),
        (event, kind, created_at): (EventId, &str, Timestamp),
        body: String,
    ) -> Self {
        let digest = Sha256::digest(format!("{event}#{webhook}"));
        Self {
            delivery: DeliveryId::from_parts(created_at, first_128(&digest)),
            account,
            product,
            webhook,
            event,
            kind: kind.to_owned(),
            created_at,
            state: DeliveryState::Pending,
            made: 0,
            made_before: 0,
            put_off: 0,
            has_turn: false,
            due_at: created_at,
            trigger: Trigger::Schedule,
            attempts: Vec::new(),
            resent_by: None,
            body: Some(body),
            expires: created_at.as_second() + KEPT,
        }
    }

    /// The delivery of an item of the stream.
    pub fn of(image: serde_dynamo::Item) -> Result<Self, StoreError> {
        serde_dynamo::from_item(image).map_err(|error| StoreError::malformed("delivery", error))
    }

    pub(crate) fn key(&self) -> PrimaryKey {
        let Self {
            account,
            webhook,
            delivery,
            ..
        } = *self;
        store::keys::WorkspaceKey::Delivery(account, webhook, delivery).into()
    }
}
