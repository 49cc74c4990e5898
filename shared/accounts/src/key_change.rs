use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use store::item::number;
use types::{Timestamp, hour_of};

use crate::Meter;
use crate::counter::Counter;

/// Counters of past hours that one new key removes; more there are only if clocks went wrong.
const MAX_HOURS: usize = 10;

/// How many keys there may be.
#[derive(Clone, Copy, Debug)]
pub struct KeyLimits {
    /// Active keys of a product.
    pub active: usize,
    /// Keys of a product that are made in a UTC hour, rotations included; none is no limit, and the key is not counted.
    pub made_in_hour: Option<u64>,
}

/// The update of a meter that makes a key, in its clauses.
pub(crate) struct KeyChange {
    change: UpdateBuilder,
    condition: String,
    sets: &'static str,
    adds: Vec<&'static str>,
    removes: Vec<String>,
}

impl KeyChange {
    /// A change that sets and adds this, under `condition`, and that the account is not suspended.
    pub(crate) fn new(
        change: UpdateBuilder,
        (sets, adds): (&'static str, Option<&'static str>),
        condition: &str,
    ) -> Self {
        Self {
            change,
            condition: format!("{condition} AND attribute_not_exists(suspended)"),
            sets,
            adds: adds.into_iter().collect(),
            removes: Vec::new(),
        }
    }

    /// The same which also removes an attribute, or a part of one, that the expressions know as `path`.
    pub(crate) fn removing(mut self, path: String, (alias, name): (String, String)) -> Self {
        self.change = self.change.expression_attribute_names(alias, name);
        self.removes.push(path);
        self
    }

    /// The same which also counts the key in its hour, of at most as many as `limits` has, and removes the counters of past
    /// hours in `seen`.
    pub(crate) fn counting(mut self, limits: KeyLimits, seen: &Meter, now: Timestamp) -> Self {
        let Some(limit) = limits.made_in_hour else {
            return self;
        };
        let made = Counter::KeysMade(hour_of(now)).to_string();
        self.change = self
            .change
            .expression_attribute_names("#made", made)
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":hourly", number(limit));
        self.adds.push("#made :one");
        self.condition
            .push_str(" AND (attribute_not_exists(#made) OR #made < :hourly)");
        for (index, hour) in seen.past_hours(now).take(MAX_HOURS).enumerate() {
            let alias = format!("#h{index}");
            self = self.removing(alias.clone(), (alias, hour));
        }
        self
    }

    /// The whole update.
    pub(crate) fn update(self) -> UpdateBuilder {
        let (adds, removes) = (self.adds.join(", "), self.removes.join(", "));
        let clauses = [("SET", self.sets), ("ADD", &adds), ("REMOVE", &removes)];
        let clauses = clauses.into_iter().filter(|(_, parts)| !parts.is_empty());
        let clauses: Vec<String> = clauses
            .map(|(word, parts)| format!("{word} {parts}"))
            .collect();
        self.change
            .update_expression(clauses.join(" "))
            .condition_expression(self.condition)
    }
}
