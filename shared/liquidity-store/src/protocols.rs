use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use futures::{StreamExt, TryStreamExt, stream};
use liquidity::{Advance, Event, Monitor};
use serde::{Deserialize, Serialize};
use store::item::{Item, PrimaryKey, item, number, row, text};
use store::keys::IntelKey;
use store::retry::pause;
use store::table::{Table, part};
use store::{Dynamo, StoreError};
use types::{Date, ProtocolSlug, Timestamp, whole_second};

use crate::month::{Month, StoredPoint, points};
use crate::{Protocol, Stated};

/// The most protocols of a deployment: all are in one answer, one export, one backtest.
pub const MAX_PROTOCOLS: u64 = 1_000;
/// How often a change starts over when somebody else changed the same protocol meanwhile, or creates one: their transactions meet in
/// the count.
const ATTEMPTS: u32 = 6;
/// Writes of one transaction, of which DynamoDB takes a hundred.
const WRITES: usize = 90;
/// Months that are read at once.
const MONTHS_AT_ONCE: usize = 8;

/// The protocols of the `intel` table.
#[derive(Clone, Debug)]
pub struct Protocols(pub(crate) Table);

/// What became of what sources say of a protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It was not there before.
    Created,
    /// Something is as it was not before.
    Updated,
    /// All of it was known, or is older than what is known.
    Unchanged,
    /// It is not there, and its name or its category is not said.
    Unknown,
    /// It is not there, and there are [`MAX_PROTOCOLS`].
    Full,
}

/// What has happened to a protocol, as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProtocolEvent {
    /// When it was.
    pub at: Timestamp,
    /// When it was stored. Long after it if it was stated late.
    pub recorded_at: Timestamp,
    /// What has happened.
    pub event: Event,
}

/// The history of every protocol.
pub type Histories = BTreeMap<ProtocolSlug, Vec<StoredPoint>>;

impl Protocols {
    /// A handle on the table of this name.
    pub fn new(dynamo: &Dynamo, table: String) -> Self {
        Self(Table::new(dynamo, table))
    }

    /// The protocol of this slug. Perhaps a second behind what was stored last.
    pub async fn find(&self, slug: &ProtocolSlug) -> Result<Option<Protocol>, StoreError> {
        self.get(slug, false).await
    }

    /// The protocols of these slugs, by slug; one that is not known is left out. One batch read for each hundred.
    pub async fn find_all<'a>(
        &self,
        slugs: impl Iterator<Item = &'a ProtocolSlug>,
    ) -> Result<BTreeMap<ProtocolSlug, Protocol>, StoreError> {
        let keys: Vec<PrimaryKey> = slugs.map(|slug| IntelKey::Protocol(slug).into()).collect();
        let found = self.0.batch_get(&keys).await?;
        let protocols = found.into_values().map(|item| row("protocol", item));
        protocols
            .map(|protocol: Result<Protocol, _>| protocol.map(|found| (found.slug.clone(), found)))
            .collect()
    }

    /// Every protocol, by slug. Perhaps a second behind what was stored last.
    pub async fn all(&self) -> Result<Vec<Protocol>, StoreError> {
        let items = self.partition(IntelKey::PROTOCOLS.to_owned()).await?;
        items
            .into_iter()
            .map(|item| row("protocol", item))
            .collect()
    }

    /// Stores what sources say of a protocol, with the scores and events that follow, up to `now`. The same again changes nothing.
    pub async fn record(
        &self,
        slug: &ProtocolSlug,
        stated: &[Stated],
        now: Timestamp,
    ) -> Result<Recorded, StoreError> {
        for attempt in 0..ATTEMPTS {
            let known = self.get(slug, true).await?;
            let is_known = known.is_some();
            let Some(mut protocol) = known.or_else(|| Protocol::new(slug, stated)) else {
                return Ok(Recorded::Unknown);
            };
            let version = protocol.version;
            let (advances, is_new) = protocol.take(stated.to_vec(), now);
            if !is_new && is_known {
                return Ok(Recorded::Unchanged);
            }
            match self.commit(version, protocol, &advances, now).await {
                Ok(()) if is_known => return Ok(Recorded::Updated),
                Ok(()) => return Ok(Recorded::Created),
                Err(StoreError::Conflict) if !is_known && self.is_full().await? => {
                    // Unless it is there after all.
                    if self.get(slug, true).await?.is_none() {
                        return Ok(Recorded::Full);
                    }
                }
                Err(StoreError::Conflict | StoreError::Throttled(_)) => {}
                Err(error) => return Err(error),
            }
            pause(attempt).await;
        }
        Err(changed_by_many())
    }

    /// Ends the pause of a protocol by the operator's word. Whether it was paused; none if there is no such protocol.
    pub async fn resume(
        &self,
        slug: &ProtocolSlug,
        now: Timestamp,
    ) -> Result<Option<bool>, StoreError> {
        for attempt in 0..ATTEMPTS {
            let Some(mut protocol) = self.get(slug, true).await? else {
                return Ok(None);
            };
            if protocol.monitor.pause().is_none() {
                return Ok(Some(false));
            }
            let version = protocol.version;
            let advances = protocol.monitor.resume(now);
            match self.commit(version, protocol, &advances, now).await {
                Ok(()) => return Ok(Some(true)),
                Err(StoreError::Conflict | StoreError::Throttled(_)) => {}
                Err(error) => return Err(error),
            }
            pause(attempt).await;
        }
        Err(changed_by_many())
    }

    /// The points of a protocol from one day to another, the oldest first. One batch read for each hundred months.
    pub async fn history(
        &self,
        slug: &ProtocolSlug,
        (first, last): (Date, Date),
    ) -> Result<Vec<StoredPoint>, StoreError> {
        let months: Vec<String> = Month::back(first, last)
            .map(|month| month.to_string())
            .collect();
        let keys = months
            .iter()
            .map(|month| IntelKey::ProtocolMonth(slug, month).into());
        let found = self.0.batch_get(&keys.collect::<Vec<_>>()).await?;
        let months: BTreeMap<PrimaryKey, Item> = found.into_iter().collect();
        let mut history = Vec::new();
        for month in months.values() {
            history.extend(within(points(month)?.1, first, last));
        }
        Ok(history)
    }

    /// The points of every protocol from one day to another, the oldest first. A query for each month.
    pub async fn histories(&self, (first, last): (Date, Date)) -> Result<Histories, StoreError> {
        let months: Vec<Month> = Month::back(first, last).collect();
        // The oldest month first, so that each history is in order.
        let queries = months.into_iter().rev().map(async |month| {
            let items = self.partition(IntelKey::protocol_month(&month.to_string()));
            let points: Result<Vec<_>, _> = items.await?.iter().map(points).collect();
            points
        });
        let months: Vec<Vec<_>> = stream::iter(queries)
            .buffered(MONTHS_AT_ONCE)
            .try_collect()
            .await?;
        let mut histories = Histories::new();
        for (slug, points) in months.into_iter().flatten() {
            let known = histories.entry(slug).or_default();
            known.extend(within(points, first, last));
        }
        Ok(histories)
    }

    /// What was known of a protocol at a time, and its score then. None of a time before anything was.
    pub async fn at(
        &self,
        slug: &ProtocolSlug,
        at: Timestamp,
    ) -> Result<Option<Monitor>, StoreError> {
        let kept = self
            .0
            .client()
            .query()
            .table_name(self.0.name())
            .limit(1)
            .scan_index_forward(false)
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", text(IntelKey::protocol_partition(slug)))
            .expression_attribute_values(":first", text(store::keys::PAST))
            .expression_attribute_values(
                ":last",
                text(PrimaryKey::from(IntelKey::ProtocolPast(slug, at.as_second())).sk),
            )
            .send()
            .await?;
        let kept = kept.items.unwrap_or_default().into_iter().next();
        let kept: Option<Past<Monitor>> = kept.map(|item| row("protocol", item)).transpose()?;
        Ok(kept.map(|Past { mut monitor }| {
            monitor.run(Vec::new(), at);
            monitor
        }))
    }

    /// A page of what has happened to a protocol, the newest first, before `before`; and where the next page begins.
    pub async fn events(
        &self,
        slug: &ProtocolSlug,
        before: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<ProtocolEvent>, Option<String>), StoreError> {
        let pk = IntelKey::protocol_partition(slug);
        let key = |sk: String| PrimaryKey { pk: pk.clone(), sk };
        let prefix = key(store::keys::PROTOCOL_EVENTS.to_owned());
        let start = before.map(|place| key(format!("{}{place}", store::keys::PROTOCOL_EVENTS)));
        let (items, has_more) = self.0.page_back(&prefix, start, limit).await?;
        let last = items.last().and_then(PrimaryKey::of);
        let next = last.filter(|_| has_more).and_then(|key| {
            let place = key.sk.strip_prefix(store::keys::PROTOCOL_EVENTS)?;
            Some(place.to_owned())
        });
        let events = items.into_iter().map(|item| row("event", item));
        Ok((events.collect::<Result<_, _>>()?, next))
    }

    async fn get(
        &self,
        slug: &ProtocolSlug,
        consistent: bool,
    ) -> Result<Option<Protocol>, StoreError> {
        let found = self
            .0
            .get(IntelKey::Protocol(slug).into(), consistent)
            .await?;
        found.map(|item| row("protocol", item)).transpose()
    }

    async fn is_full(&self) -> Result<bool, StoreError> {
        let count = self.0.get(IntelKey::ProtocolCount.into(), true).await?;
        let count = count.and_then(|item| item.get(COUNT)?.as_n().ok()?.parse().ok());
        Ok(count.unwrap_or(0_u64) >= MAX_PROTOCOLS)
    }

    /// All items of a partition, which may be a second behind.
    async fn partition(&self, pk: String) -> Result<Vec<Item>, StoreError> {
        let pages = self
            .0
            .client()
            .query()
            .table_name(self.0.name())
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(pk))
            .into_paginator()
            .items()
            .send();
        Ok(pages.try_collect().await?)
    }

    /// Writes a protocol, which was of `version`, and the steps that led to it, in transactions that each leave it as it was at one step.
    async fn commit(
        &self,
        mut version: u64,
        after: Protocol,
        advances: &[Advance],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let now = whole_second(now);
        let mut begun = Part::default();
        for advance in advances {
            let is_full = begun.writes() + Part::MOST_OF_A_STEP > WRITES;
            begun.add(advance, now);
            if let (true, Some(monitor)) = (is_full, &advance.monitor) {
                version += 1;
                let reached = Protocol {
                    monitor: Monitor::clone(monitor),
                    version,
                    ..after.clone()
                };
                self.write(std::mem::take(&mut begun), &reached).await?;
            }
        }
        let reached = Protocol {
            version: version + 1,
            ..after
        };
        self.write(begun, &reached).await
    }

    /// Writes one part, on the condition that the protocol is of the version before.
    async fn write(&self, part_of: Part<'_>, reached: &Protocol) -> Result<(), StoreError> {
        let slug = &reached.slug;
        let key = IntelKey::Protocol(slug).into();
        let put = Put::builder()
            .table_name(self.0.name())
            .set_item(Some(item("protocol", key, reached)?));
        let is_new = reached.version == 1;
        let put = if is_new {
            put.condition_expression("attribute_not_exists(pk)")
        } else {
            put.condition_expression("version = :before")
                .expression_attribute_values(":before", number(reached.version - 1))
        };
        let mut writes = vec![TransactWriteItem::builder().put(put.build()?).build()];
        if is_new {
            let count = self
                .0
                .count_up(IntelKey::ProtocolCount, COUNT, Some(MAX_PROTOCOLS));
            writes.push(count?);
        }
        for (second, monitor) in part_of.kept {
            let key = IntelKey::ProtocolPast(slug, second).into();
            writes.push(
                self.0
                    .replacement(item("protocol", key, &Past { monitor })?)?,
            );
        }
        for (month, days) in part_of.months {
            let mut sets = Vec::new();
            let mut update = self
                .0
                .change(IntelKey::ProtocolMonth(slug, &month.to_string()));
            for (index, (attribute, point)) in days.iter().enumerate() {
                sets.push(format!("{attribute} = :v{index}"));
                update = update.expression_attribute_values(format!(":v{index}"), point.value()?);
            }
            let set = format!("SET {}", sets.join(", "));
            writes.push(part(update.update_expression(set))?);
        }
        for ((second, place), event) in part_of.events {
            let key = IntelKey::ProtocolEvent(slug, second, reached.version, place).into();
            writes.push(self.0.replacement(item("event", key, &event)?)?);
        }
        self.0.transact(writes).await
    }
}

fn changed_by_many() -> StoreError {
    StoreError::Throttled("the same protocol is being changed by many".into())
}

/// The attribute of [`IntelKey::ProtocolCount`].
const COUNT: &str = "protocols";

/// What a protocol was, as kept.
#[derive(Deserialize, Serialize)]
struct Past<M> {
    monitor: M,
}

/// What one transaction writes beside the protocol.
#[derive(Default)]
struct Part<'a> {
    kept: BTreeMap<i64, &'a Monitor>,
    months: BTreeMap<Month, BTreeMap<String, StoredPoint>>,
    events: BTreeMap<(i64, usize), ProtocolEvent>,
}

impl<'a> Part<'a> {
    /// The most writes that the steps up to the next one with a monitor add: a month of daily ones, each with an event or two.
    const MOST_OF_A_STEP: usize = 45;

    fn writes(&self) -> usize {
        self.kept.len() + self.months.len() + self.events.len()
    }

    fn add(&mut self, advance: &'a Advance, now: Timestamp) {
        let second = advance.at.as_second();
        if let Some(monitor) = &advance.monitor {
            self.kept.insert(second, monitor);
        }
        if let Some(point) = &advance.point {
            let stored = StoredPoint {
                point: point.clone(),
                recorded_at: now,
            };
            let month = self.months.entry(Month::of(point.date())).or_default();
            month.insert(stored.attribute(), stored);
        }
        for event in &advance.events {
            let place = self
                .events
                .range((second, 0)..=(second, usize::MAX))
                .count();
            let stored = ProtocolEvent {
                at: advance.at,
                recorded_at: now,
                event: *event,
            };
            self.events.insert((second, place), stored);
        }
    }
}

fn within(points: Vec<StoredPoint>, first: Date, last: Date) -> impl Iterator<Item = StoredPoint> {
    let days = first..=last;
    points
        .into_iter()
        .filter(move |stored| days.contains(&stored.point.date()))
}
