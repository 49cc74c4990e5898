use aws_sdk_dynamodb::types::AttributeValue;
use store::item::{Item, number, text};
use types::{KeyId, Timestamp, hour_of};

use crate::Meter;
use crate::counter::Counter;

impl Meter {
    /// Whether calls with `key` are accepted at `now`: it is active, or is that of the account's sessions, or was rotated
    /// and is still in its grace period.
    pub fn accepts(&self, key: KeyId, now: Timestamp) -> bool {
        let id = key.suffix();
        self.active.contains(&id)
            || self.session.as_ref() == Some(&id)
            || self.grace.get(&id).is_some_and(|until| *until > now)
    }

    /// Whether the account is suspended: no call is admitted, whatever its key.
    pub const fn is_suspended(&self) -> bool {
        self.suspended
    }

    /// The keys that are active, or in their grace period, and that of the account's sessions.
    pub fn keys(&self) -> impl Iterator<Item = KeyId> {
        let ids = self.active.iter().chain(self.grace.keys());
        let ids = ids.chain(&self.session);
        ids.filter_map(|id| KeyId::from_suffix(id).ok())
    }

    /// How many keys are active; those in grace are not.
    pub fn active_keys(&self) -> usize {
        self.active.len()
    }

    /// When the grace periods end that are not over at `now`, the first first.
    pub fn grace_ends(&self, now: Timestamp) -> Vec<Timestamp> {
        let open = self.grace.values().filter(|until| **until > now);
        let mut ends: Vec<Timestamp> = open.copied().collect();
        ends.sort_unstable();
        ends
    }

    /// Keys that the account's user has made in the UTC hour that `at` falls into.
    pub fn keys_made_in_hour(&self, at: Timestamp) -> u64 {
        let made = self.keys_made.get(&hour_of(at));
        made.copied().unwrap_or(0)
    }

    /// The counters of hours that no new key is counted in. The hour before is kept: another clock may still be in it.
    pub(crate) fn past_hours(&self, now: Timestamp) -> impl Iterator<Item = String> {
        let past = self.keys_made.range(..hour_of(now) - 1);
        past.map(|(hour, _)| Counter::KeysMade(*hour).to_string())
    }

    /// The suffixes of the ids of keys whose grace period is over.
    pub(crate) fn ended_grace(&self, now: Timestamp) -> impl Iterator<Item = &String> {
        let ended = move |(_, until): &(&String, &Timestamp)| **until <= now;
        self.grace.iter().filter(ended).map(|(key, _)| key)
    }

    /// The attributes that say which keys are taken. The shards of a meter have the same.
    pub(crate) fn key_attributes(&self) -> Item {
        let until = |(key, until): (&String, &Timestamp)| (key.clone(), number(until.as_second()));
        let grace = self.grace.iter().map(until).collect();
        let mut item = Item::from([("grace".to_owned(), AttributeValue::M(grace))]);
        if !self.active.is_empty() {
            let active = AttributeValue::Ss(self.active.clone());
            item.insert("active".to_owned(), active);
        }
        if let Some(session) = &self.session {
            item.insert("session".to_owned(), text(session));
        }
        if self.suspended {
            item.insert("suspended".to_owned(), AttributeValue::Bool(true));
        }
        item
    }
}
