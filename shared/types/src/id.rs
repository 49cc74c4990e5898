use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ulid::Ulid;

use crate::random_bytes;

/// What an id identifies. The prefix prevents an id of one kind from being accepted as one of another.
pub trait IdKind {
    /// The lower-case text before the underscore.
    const PREFIX: &'static str;
}

/// A prefixed ULID, such as `job_01k9…`: ids of one kind sort by creation time, so they double as cursors.
pub struct Id<K>(Ulid, PhantomData<fn() -> K>);

/// Text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an id like {prefix}_01k9xw3tkbc2v6m8p4h0r5zqde")]
pub struct IdError {
    prefix: &'static str,
}

impl<K: IdKind> Id<K> {
    /// A new id, created at `now`.
    pub fn new(now: Timestamp) -> Self {
        Self::from_parts(now, u128::from_be_bytes(random_bytes()))
    }

    /// The id with this time and randomness: the same parts give the same id.
    pub fn from_parts(at: Timestamp, random: u128) -> Self {
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        Self(Ulid::from_parts(millis, random), PhantomData)
    }

    /// The id of another kind that has the same time and randomness.
    pub fn of_kind<J: IdKind>(self) -> Id<J> {
        Id(self.0, PhantomData)
    }

    /// The part after the prefix: 26 lower-case characters that sort by time.
    pub fn suffix(&self) -> String {
        self.0.to_string().to_ascii_lowercase()
    }

    /// The id with this part after the prefix.
    pub fn from_suffix(suffix: &str) -> Result<Self, IdError> {
        let error = IdError { prefix: K::PREFIX };
        let ulid = Ulid::from_string(suffix).map_err(|_| error.clone())?;
        let id = Self(ulid, PhantomData);
        // One id has one spelling, so that it can be a key.
        if id.suffix() == suffix {
            Ok(id)
        } else {
            Err(error)
        }
    }

    /// The last six characters, 30 random bits: enough to distinguish the items of one account where space is scarce.
    pub fn tag(&self) -> String {
        self.suffix().split_off(20)
    }
}

/// A unique name, created at `now`: 26 lower-case characters that sort by time.
pub fn unique(now: Timestamp) -> String {
    Id::<Request>::new(now).suffix()
}

impl<K: IdKind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.suffix())
    }
}

impl<K: IdKind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K: IdKind> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let suffix = text
            .strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'));
        Self::from_suffix(suffix.ok_or(IdError { prefix: K::PREFIX })?)
    }
}

impl<K: IdKind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: IdKind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Id<K> {}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> Eq for Id<K> {}

impl<K> Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

/// A customer.
pub enum Account {}
/// An API key.
pub enum Key {}
/// A grant of credits.
pub enum Grant {}
/// A bulk job.
pub enum Job {}
/// An entry of the audit log.
pub enum Audit {}
/// A scoring profile.
pub enum Profile {}
/// An entry of a watchlist.
pub enum Watch {}
/// A client of a portal.
pub enum Client {}
/// A report.
pub enum Report {}
/// A webhook: an endpoint of an account's that is sent events.
pub enum Webhook {}
/// An event that webhooks are sent.
pub enum Event {}
/// The delivery of an event to a webhook.
pub enum Delivery {}
/// One HTTP request.
pub enum Request {}

impl IdKind for Account {
    const PREFIX: &'static str = "acct";
}
impl IdKind for Key {
    const PREFIX: &'static str = "key";
}
impl IdKind for Grant {
    const PREFIX: &'static str = "grant";
}
impl IdKind for Job {
    const PREFIX: &'static str = "job";
}
impl IdKind for Audit {
    const PREFIX: &'static str = "audit";
}
impl IdKind for Profile {
    const PREFIX: &'static str = "profile";
}
impl IdKind for Watch {
    const PREFIX: &'static str = "watch";
}
impl IdKind for Client {
    const PREFIX: &'static str = "client";
}
impl IdKind for Report {
    const PREFIX: &'static str = "report";
}
impl IdKind for Webhook {
    const PREFIX: &'static str = "webhook";
}
impl IdKind for Event {
    const PREFIX: &'static str = "event";
}
impl IdKind for Delivery {
    const PREFIX: &'static str = "delivery";
}
impl IdKind for Request {
    const PREFIX: &'static str = "req";
}

/// The id of a customer.
pub type AccountId = Id<Account>;
/// The id of an API key (not its secret).
pub type KeyId = Id<Key>;
/// The id of a grant of credits.
pub type GrantId = Id<Grant>;
/// The id of a bulk job.
pub type JobId = Id<Job>;
/// The id of an entry of the audit log.
pub type AuditId = Id<Audit>;
/// The id of a scoring profile.
pub type ProfileId = Id<Profile>;
/// The id of an entry of a watchlist.
pub type WatchId = Id<Watch>;
/// The id of a client of a portal.
pub type ClientId = Id<Client>;
/// The id of a report.
pub type ReportId = Id<Report>;
/// The id of a webhook.
pub type WebhookId = Id<Webhook>;
/// The id of an event that webhooks are sent.
pub type EventId = Id<Event>;
/// The id of the delivery of an event to a webhook.
pub type DeliveryId = Id<Delivery>;
/// The id of one HTTP request, in logs and in `X-Request-Id`.
pub type RequestId = Id<Request>;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn another_kind_is_refused() {
        let job = JobId::new(Timestamp::UNIX_EPOCH).to_string();
        assert!(job.parse::<KeyId>().is_err());
        assert!(job.to_uppercase().parse::<JobId>().is_err());
    }

    proptest! {
        #[test]
        fn text_round_trips_and_sorts_by_time(a in 0i64..4_000_000_000, later in 1i64..1000, random: u128) {
            let first = JobId::from_parts(Timestamp::from_second(a).unwrap(), random);
            let second = JobId::from_parts(Timestamp::from_second(a + later).unwrap(), !random);
            prop_assert_eq!(first.to_string().parse::<JobId>().unwrap(), first);
            prop_assert!(first.to_string() < second.to_string());
        }

        #[test]
        fn any_text_parses_or_is_refused(text in ".{0,40}") {
            if let Ok(id) = text.parse::<JobId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
