#![doc = include_str!("../README.md")]

mod chain;
mod clock;
mod credits;
mod day;
mod domain;
mod entropy;
mod feature;
#[cfg(test)]
mod fuzz;
mod id;
mod points;
mod product;
mod schema;
mod scope;
mod slug;
mod text;

pub use chain::Chain;
pub use clock::{
    Clock, Deadline, date_of, day_of, hour_of, midnight, minute_of, month_of, next_day, next_month,
    parse_day, parse_time, parse_time_or_day, whole_second,
};
pub use credits::Credits;
pub use day::{NoDay, UtcDay, base36};
pub use domain::{Domain, DomainError, is_mark, is_own_name};
pub use entropy::random_bytes;
pub use feature::Feature;
pub use id::{
    Account, AccountId, Audit, AuditId, Client, ClientId, Delivery, DeliveryId, Event, EventId,
    Grant, GrantId, Id, IdError, IdKind, Job, JobId, Key, KeyId, Profile, ProfileId, Report,
    ReportId, Request, RequestId, Watch, WatchId, Webhook, WebhookId, unique,
};
/// An instant in UTC, written as RFC 3339. All times in Assay are of this type.
pub use jiff::Timestamp;
/// A date of the calendar, for days, weeks and months.
pub use jiff::civil::Date;
pub use points::{Points, largest_remainder};
pub use product::{Product, UnknownProduct};
pub use scope::Scope;
pub use slug::{ProtocolSlug, SlugError};
pub use text::is_one_line;
