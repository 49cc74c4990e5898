//! What is stored, in a form in which two runs of the same can be compared.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use tests::{Item, Stored, TestApp};

use super::counted::{Counted, is_count, is_counter, unbalanced};
use super::normal;

/// What an app has stored at one moment.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) contents: Contents,
    pub(super) counted: Counted,
    /// What is wrong with it by itself.
    pub(super) problems: Vec<String>,
}

/// Items, objects and messages without what is random or counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    /// How often there is an item.
    items: BTreeMap<String, i64>,
    /// Objects. One that nothing refers to is like one that something does, but for the ids in its key.
    objects: BTreeSet<String>,
    /// Messages sent so far. Each may be delivered twice, so how often one is sent is no difference.
    messages: BTreeSet<String>,
}

impl State {
    /// The state of an app now. `sent` are the messages that were taken before, and gets those that are taken now.
    pub(super) async fn of(app: &TestApp, sent: &mut BTreeSet<String>) -> Self {
        let stored = app.everything().await;
        sent.extend(stored.messages.iter().map(|message| normal::text(message)));
        let counted = Counted::of(&stored);
        let problems = unbalanced(&stored).into_iter().chain(counted.problem());
        Self {
            problems: problems.collect(),
            contents: Contents::of(&stored, sent.clone()),
            counted,
        }
    }
}

impl Contents {
    fn of(stored: &Stored, messages: BTreeSet<String>) -> Self {
        let mut items = BTreeMap::new();
        for (role, item) in &stored.items {
            if let Some(line) = line(role, item) {
                *items.entry(line).or_default() += 1;
            }
        }
        let object = |(key, content): &(String, Vec<u8>)| {
            let content = String::from_utf8(content.clone());
            let content = content.map_or_else(|_| "[bytes]".to_owned(), |text| normal::text(&text));
            format!("object {}: {content}", normal::text(key))
        };
        Self {
            items,
            objects: stored.objects.iter().map(object).collect(),
            messages,
        }
    }

    /// What is here and not there, and the other way round.
    pub(super) fn difference(&self, other: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        let names: BTreeSet<&String> = self.items.keys().chain(other.items.keys()).collect();
        for name in names {
            let count = |items: &BTreeMap<String, i64>| items.get(name).copied().unwrap_or(0);
            let difference = count(&self.items) - count(&other.items);
            if difference != 0 {
                lines.push(format!("{difference:+} {name}"));
            }
        }
        for (here, there) in [
            (&self.objects, &other.objects),
            (&self.messages, &other.messages),
        ] {
            lines.extend(here.difference(there).map(|line| format!("+ {line}")));
            lines.extend(there.difference(here).map(|line| format!("- {line}")));
        }
        lines
    }
}

/// Attributes that are random: the last digits of a key, the holder of a lease, and the mark of a removal.
const RANDOM: [&str; 3] = ["last4", "lease", "last_removal"];

/// An item as a line; none if it only counts, or promises nothing.
fn line(role: &str, item: &Item) -> Option<String> {
    let [partition, sort] = ["pk", "sk"].map(|name| item[name].as_s().unwrap());
    // An operation without a response promises nothing.
    let is_unanswered = sort == "IDEM" && !item.contains_key("answer");
    if role == "accounts" && (is_count(sort) || is_unanswered) {
        return None;
    }
    let is_meter = role == "accounts"
        && ["METER#", "SHARD#"]
            .iter()
            .any(|kind| sort.starts_with(kind));
    // How often a webhook was written, in which half minute requests were in flight, how many were made, and turns that were taken are no contents.
    let is_webhook = role == "workspace" && sort.starts_with("WEBHOOK#");
    let is_of_run = |name: &str| {
        is_webhook
            && (matches!(name, "version" | "days" | "next_turn") || name.starts_with("in_flight_"))
    };
    let mut item = item.clone();
    if let Some(AttributeValue::M(health)) = item.get_mut("health").filter(|_| is_webhook) {
        health.remove("failures");
    }
    let is_compared =
        |name: &str| !(RANDOM.contains(&name) || is_meter && is_counter(name) || is_of_run(name));
    let attributes = normal::attributes(&item, is_compared);
    let key = normal::text(&format!("{partition} {sort}"));
    Some(format!("{role} {key} {attributes}"))
}
