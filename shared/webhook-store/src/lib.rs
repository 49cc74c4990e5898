#![doc = include_str!("../README.md")]

mod attempt;
mod catalogue;
mod day_counts;
mod deliveries;
mod delivery;
mod event_image;
mod in_flight;
mod month;
mod rate;
mod recovery;
mod requests;
mod resend;
mod webhook_row;
mod webhooks;

pub use attempt::{Attempt, Trigger};
pub use catalogue::{EventType, event_kinds, event_types, event_types_by};
pub use day_counts::{DAYS_COUNTED, DayCount, DayCounts};
pub use deliveries::{Claim, Claimed, Deliveries, Made, Turn};
pub use delivery::{DeliveryRow, DeliveryState};
pub use event_image::{API_VERSION, EventImage, Notification};
pub use in_flight::Slot;
pub use month::{MONTH_EVENT, MonthCount, MonthLimit};
pub use rate::MAX_RATE_LIMIT;
pub use recovery::{RecoveredPage, RecoveryRow, RecoveryState};
pub use requests::{Ended, Started};
pub use resend::Resent;
pub use webhook_row::{
    DisabledBy, SEALED_FOR, SealedHeaders, SealedSecret, WebhookConfig, WebhookRow,
};
pub use webhooks::{Added, Changed, Webhooks};
