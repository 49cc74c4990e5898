use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use sha2::{Digest, Sha256};
use store::StoreError;
use types::{AccountId, Domain, Timestamp};
use workspace::Event;

use crate::{IntentWorkspace, WatchEntry};
use store::keys::{Line, WATCHERS, WorkspaceKey, behind, behind_all, due, rank};
use store::table::{Item, PrimaryKey, number, part, row, text};

/// Lines that watched companies wait in. One partition of an index takes 1,000 writes a second, and two are needed to move
/// an item; eight lines are enough to move 4,000 companies a second.
const LINES: u8 = 8;

/// A company whose score was due when it was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueCompany {
    /// The company.
    pub domain: Domain,
    /// Since when.
    pub since: Timestamp,
    place: String,
}

impl IntentWorkspace {
    /// The numbers of the lines that watched companies wait in.
    pub fn due_lines() -> impl Iterator<Item = u8> {
        0..LINES
    }

    /// At most `limit` companies of a line that are due at `now`, the longest waiting first, from behind one on.
    /// A moment late, as an index is: one that was just refreshed may still be among them.
    pub async fn due_companies(
        &self,
        line: u8,
        after: Option<&DueCompany>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueCompany>, StoreError> {
        let from = after.map_or_else(|| " ".to_owned(), |after| behind(&after.place));
        let until = behind_all(&due(now, ""));
        let (standings, _) = self.0.line(Line::Due(line), from, until, limit).await?;
        let companies = standings.into_iter().filter_map(|standing| {
            let (since, _) = standing.place.split_once('#')?;
            Some(DueCompany {
                domain: standing.key.watched_company()?,
                since: since.parse().ok()?,
                place: standing.place,
            })
        });
        Ok(companies.collect())
    }

    /// Who watches a company that was found due; none if it is no longer, because somebody else has refreshed it.
    /// Strongly consistent.
    pub async fn watchers(&self, due: &DueCompany) -> Result<Option<Vec<AccountId>>, StoreError> {
        let items = self
            .table()
            .query(&WorkspaceKey::watched(&due.domain), WATCHERS)
            .await?;
        let place = items.iter().find_map(|item| item.get("place")?.as_s().ok());
        if place != Some(&due.place) {
            return Ok(None);
        }
        let keys = items.iter().filter_map(PrimaryKey::of);
        Ok(Some(keys.filter_map(|key| key.watcher()).collect()))
    }

    /// The entries that these accounts have of a company, in no order. One that was just deleted is not among them.
    pub async fn watch_entries(
        &self,
        domain: &Domain,
        accounts: &[AccountId],
    ) -> Result<Vec<WatchEntry>, StoreError> {
        let keys = accounts
            .iter()
            .map(|account| WorkspaceKey::Watch(*account, domain).into());
        let keys: Vec<PrimaryKey> = keys.collect();
        let found = self.table().batch_get(&keys).await?;
        let items = found.into_values();
        items.map(|item| row("watch entry", item)).collect()
    }

    /// Gives an entry the score in `after` and stores the events that it triggers, all or nothing.
    /// [`StoreError::Conflict`] if the entry no longer has the score in `seen`, or is gone.
    pub async fn refresh_watch(
        &self,
        seen: &WatchEntry,
        after: &WatchEntry,
        events: &[Event],
    ) -> Result<(), StoreError> {
        let key = WorkspaceKey::Watch(seen.account, &seen.domain);
        let values = refreshed(seen, after)?;
        if events.is_empty() {
            let update = self
                .table()
                .update(key)
                .update_expression(REFRESH)
                .condition_expression(UNCHANGED)
                .set_expression_attribute_values(Some(values));
            update.send().await?;
            return Ok(());
        }
        let update = self
            .table()
            .change(key)
            .update_expression(REFRESH)
            .condition_expression(UNCHANGED)
            .set_expression_attribute_values(Some(values));
        let mut writes = vec![part(update)?];
        for event in events {
            // Whoever stored it before stored the same.
            let put = Put::builder()
                .table_name(self.table().name())
                .set_item(Some(event.stored(seen.account)?));
            writes.push(TransactWriteItem::builder().put(put.build()?).build());
        }
        self.table().transact(writes).await
    }

    /// Gives a company that was found due another time. [`StoreError::Conflict`] if somebody else has, or nobody watches it.
    pub async fn set_due(&self, company: &DueCompany, at: Timestamp) -> Result<(), StoreError> {
        let domain = &company.domain;
        self.table()
            .update(WorkspaceKey::Watchers(domain))
            .update_expression("SET line = :line, place = :place")
            .condition_expression("place = :seen")
            .expression_attribute_values(":line", text(line_of(domain).to_string()))
            .expression_attribute_values(":place", text(due(at, domain.as_str())))
            .expression_attribute_values(":seen", text(&company.place))
            .send()
            .await?;
        Ok(())
    }

    /// Forgets a company that nobody watches. [`StoreError::Conflict`] if somebody does by now.
    pub async fn forget_unwatched(&self, domain: &Domain) -> Result<(), StoreError> {
        let key = PrimaryKey::from(WorkspaceKey::Watchers(domain));
        self.table()
            .client()
            .delete_item()
            .table_name(self.table().name())
            .set_key(Some(key.into_item()))
            .condition_expression("watchers <= :none")
            .expression_attribute_values(":none", number(0))
            .send()
            .await?;
        Ok(())
    }

    /// One watcher more, which makes the company due at `at` if it waits in no line.
    pub(crate) fn joining(&self, domain: &Domain, at: Timestamp) -> UpdateBuilder {
        self.table()
            .change(WorkspaceKey::Watchers(domain))
            .update_expression(
                "SET line = if_not_exists(line, :line), place = if_not_exists(place, :place) ADD watchers :one",
            )
            .expression_attribute_values(":line", text(line_of(domain).to_string()))
            .expression_attribute_values(":place", text(due(at, domain.as_str())))
            .expression_attribute_values(":one", number(1))
    }

    /// One watcher less. After the last, the next refresh finds nobody, and forgets the company.
    pub(crate) fn leaving(&self, domain: &Domain) -> UpdateBuilder {
        self.table()
            .change(WorkspaceKey::Watchers(domain))
            .update_expression("ADD watchers :minus")
            .expression_attribute_values(":minus", number(-1))
    }
}

const REFRESH: &str = "SET score = :score, confidence = :confidence, scored_at = :at, previous = :previous, \
                       told_score = :told, place = :place";
const UNCHANGED: &str = "scored_at = :seen";

/// The values of [`REFRESH`] and [`UNCHANGED`].
fn refreshed(seen: &WatchEntry, after: &WatchEntry) -> Result<Item, StoreError> {
    let previous = serde_dynamo::to_attribute_value(after.previous)
        .map_err(|error| StoreError::malformed("watch entry", error))?;
    let place = rank(after.score, after.domain.as_str());
    let values = [
        (":seen", text(seen.scored_at.to_string())),
        (":score", number(after.score)),
        (":confidence", text(after.confidence.as_str())),
        (":at", text(after.scored_at.to_string())),
        (":previous", previous),
        (":told", number(after.told_score)),
        (":place", text(place)),
    ];
    let values = values.into_iter();
    Ok(values
        .map(|(name, value)| (name.to_owned(), value))
        .collect())
}

/// The line that a company waits in, always the same.
fn line_of(domain: &Domain) -> Line {
    let hash = Sha256::digest(domain.as_str());
    Line::Due(hash.first().copied().unwrap_or(0) % LINES)
}
