#![doc = include_str!("../README.md")]

mod attempt;
mod catalogue;
mod deliveries;
mod delivery;
mod event_image;
mod in_flight;
mod webhook_row;
mod webhooks;

pub use attempt::{Attempt, Trigger};
pub use catalogue::{EventType, event_kinds, event_types, event_types_by};
pub use deliveries::{Claim, Claimed, Deliveries, Turn};
pub use delivery::{DeliveryRow, DeliveryState};
pub use event_image::{API_VERSION, EventImage, Notification};
pub use in_flight::Slot;
pub use webhook_row::{
    DisabledBy, SEALED_FOR, SealedHeaders, SealedSecret, WebhookConfig, WebhookRow,
};
pub use webhooks::{Added, Changed, Started, Webhooks};
