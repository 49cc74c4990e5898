//! Pages: items that hold the briefs of an owner's signals of a company, each under its own name.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use futures::future::try_join_all;
use store::item::{Item, PrimaryKey};
use store::keys::{BRIEFS, IntelKey, PAST_BRIEFS};
use store::table::part;
use store::{Owner, StoreError};
use types::{Domain, Timestamp};

use crate::brief::{Brief, Id};
use crate::{Intel, ScoreRow};

/// Pages of an owner and company, and of the past: one for each three hex digits. With [`MAX_SIGNALS`](crate::MAX_SIGNALS) a page has some 24
/// briefs, which are less than a kilobyte: one write unit.
const PAGES: u64 = 4_096;
/// Briefs that one query is to read: with their pages' keys less than the megabyte that a query returns at once.
const BRIEFS_A_QUERY: u64 = 20_000;
/// The most queries for the briefs of an owner.
const MAX_QUERIES: u64 = 5;
/// Briefs that one update writes. Its expression has at most 4 KB.
pub(crate) const BRIEFS_AN_UPDATE: usize = 100;

/// The values that an update gives to expressions: names and values of attributes by their placeholders.
pub(crate) type Assigned = (String, HashMap<String, String>, Item);

/// Briefs to be written, by page.
#[derive(Debug, Default)]
pub(crate) struct PageWrites(BTreeMap<(bool, String), BTreeMap<String, AttributeValue>>);

impl PageWrites {
    pub(crate) fn present(&mut self, brief: &Brief) {
        self.add((false, brief.page()), brief.name(), brief);
    }

    pub(crate) fn past(&mut self, brief: &Brief) {
        self.add((true, brief.past_page()), brief.past_name(), brief);
    }

    fn add(&mut self, page: (bool, String), name: String, brief: &Brief) {
        let page = self.0.entry(page).or_default();
        page.insert(name, AttributeValue::B(brief.pack()));
    }

    /// How many pages they are in.
    pub(crate) fn pages(&self) -> usize {
        self.0.len()
    }

    /// As parts of a transaction, which replace what is under their names. There are less than [`BRIEFS_AN_UPDATE`].
    pub(crate) fn replacing(
        self,
        intel: &Intel,
        domain: &Domain,
        owner: Owner,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let changes = self.0.into_iter().map(|((is_past, page), briefs)| {
            let (assigned, names, values) =
                assigned(briefs, |name, value| format!("{name} = {value}"));
            let update = intel.0.change(key(domain, owner, is_past, &page));
            part(
                update
                    .update_expression(assigned)
                    .set_expression_attribute_names(Some(names))
                    .set_expression_attribute_values(Some(values)),
            )
        });
        changes.collect()
    }

    /// As updates that write what is not there, each with its key.
    pub(crate) fn completing(self, domain: &Domain, owner: Owner) -> Vec<(PrimaryKey, Assigned)> {
        let mut updates = Vec::new();
        for ((is_past, page), briefs) in self.0 {
            let mut briefs = briefs.into_iter().peekable();
            while briefs.peek().is_some() {
                let some = briefs.by_ref().take(BRIEFS_AN_UPDATE);
                let assigned = assigned(some, |name, value| {
                    format!("{name} = if_not_exists({name}, {value})")
                });
                updates.push((key(domain, owner, is_past, &page), assigned));
            }
        }
        updates
    }
}

fn key(domain: &Domain, owner: Owner, is_past: bool, page: &str) -> PrimaryKey {
    if is_past {
        IntelKey::PastBriefs(domain, owner, page).into()
    } else {
        IntelKey::Briefs(domain, owner, page).into()
    }
}

fn assigned(
    briefs: impl IntoIterator<Item = (String, AttributeValue)>,
    assign: impl Fn(&str, &str) -> String,
) -> Assigned {
    let (mut assignments, mut names, mut values) = (Vec::new(), HashMap::new(), Item::new());
    for (number, (attribute, brief)) in briefs.into_iter().enumerate() {
        let (name, value) = (format!("#{number}"), format!(":{number}"));
        assignments.push(assign(&name, &value));
        names.insert(name, attribute);
        values.insert(value, brief);
    }
    (format!("SET {}", assignments.join(", ")), names, values)
}

impl Intel {
    /// The briefs of everything that `owner` knows of a packed company and that counts at `now`, in the order of their ids.
    /// Strongly consistent. At most five queries in parallel, a megabyte each.
    pub(crate) async fn briefs(
        &self,
        domain: &Domain,
        owner: Owner,
        row: &ScoreRow,
        now: Timestamp,
    ) -> Result<Vec<Brief>, StoreError> {
        let mut briefs = self.page_briefs(domain, owner, BRIEFS, row.signals).await?;
        briefs.retain(|brief| brief.counts_at(now));
        Ok(briefs)
    }

    /// The briefs of what `owner` knew of a packed company at `at`, as it was then, in the order of their ids. Twice as many
    /// queries.
    pub(crate) async fn briefs_at(
        &self,
        domain: &Domain,
        owner: Owner,
        row: &ScoreRow,
        at: Timestamp,
    ) -> Result<Vec<Brief>, StoreError> {
        // In this order: one that is replaced between the two reads is seen twice, and not missed.
        let present = self.page_briefs(domain, owner, BRIEFS, row.signals).await?;
        let past = self
            .page_briefs(domain, owner, PAST_BRIEFS, row.versions)
            .await?;
        let mut known: HashMap<Id, Brief> = HashMap::with_capacity(present.len());
        for brief in present.into_iter().chain(past) {
            let is_last = known
                .get(&brief.id)
                .is_none_or(|other| other.recorded_at < brief.recorded_at);
            if brief.recorded_at <= at.as_second() && is_last {
                known.insert(brief.id, brief);
            }
        }
        let mut briefs: Vec<Brief> = known.into_values().collect();
        briefs.retain(|brief| brief.counts_at(at));
        briefs.sort_unstable_by_key(|brief| brief.id);
        Ok(briefs)
    }

    /// The briefs of all pages of one prefix, in the order of their ids. `count` is about how many there are.
    async fn page_briefs(
        &self,
        domain: &Domain,
        owner: Owner,
        prefix: &str,
        count: u64,
    ) -> Result<Vec<Brief>, StoreError> {
        let partition = IntelKey::partition(domain, owner);
        let queries = count.div_ceil(BRIEFS_A_QUERY).clamp(1, MAX_QUERIES);
        let reads = (0..queries).map(|query| {
            let first = format!("{prefix}{:03x}", query * PAGES / queries);
            let last = format!("{prefix}{:03x}", (query + 1) * PAGES / queries - 1);
            let partition = &partition;
            async move {
                let mut briefs = Vec::new();
                let take = |item| unpack(prefix, &item, &mut briefs);
                self.0
                    .each_between(partition, (&first, &last), take)
                    .await?;
                Ok::<_, StoreError>(briefs)
            }
        });
        let mut briefs = try_join_all(reads).await?.concat();
        briefs.sort_unstable_by_key(|brief| (brief.id, brief.recorded_at));
        Ok(briefs)
    }
}

/// Adds the briefs of a page.
fn unpack(prefix: &str, page: &Item, briefs: &mut Vec<Brief>) -> Result<(), StoreError> {
    let malformed = || StoreError::malformed("page of briefs", "it has something else in it");
    let key = PrimaryKey::of(page).ok_or_else(malformed)?;
    let name = key.sk.strip_prefix(prefix).ok_or_else(malformed)?;
    for (attribute, value) in page {
        if let AttributeValue::B(packed) = value {
            let brief = if prefix == PAST_BRIEFS {
                Brief::unpack_past(attribute, packed.as_ref())
            } else {
                Brief::unpack(name, attribute, packed.as_ref())
            };
            briefs.push(brief.ok_or_else(malformed)?);
        }
    }
    Ok(())
}
