use aws_sdk_dynamodb::types::{Delete, TransactWriteItem};
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{Item, item, number, row, text};
use store::keys::WorkspaceKey;
use store::retry::pause;
use store::table::{Table, part};
use types::{AccountId, Date, Product, ReportId, Timestamp, UtcDay, date_of, month_of};

use crate::{Event, EventPayload, Workspace};

/// How long a report and the links to it last, in seconds: 90 days.
const LIFETIME: i64 = 90 * 86_400;
/// How long the count of a month is stored, in seconds from its last report: statistics look back 365 days.
const COUNT_RETENTION: i64 = 400 * 86_400;
/// How often a report is begun again after its transaction met another one on the month's count.
const ATTEMPTS: u32 = 6;
/// The attribute with the reports of a month.
const MADE: &str = "made";
/// What the attribute with the reports of a day begins with, before its two digits.
const DAY: &str = "day_";

/// A report that an account had made of a subject: what is watched, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    /// Its id.
    pub report: ReportId,
    /// What it is of, such as a protocol's slug.
    pub subject: String,
    /// The subject's name when it was made.
    pub name: String,
    /// Whether its file is there.
    pub state: ReportState,
    /// When it was begun. It counts in the UTC month of this moment.
    pub created_at: Timestamp,
    /// From when on it is gone, in seconds since 1970. DynamoDB deletes it some time later.
    pub expires: i64,
}

/// How far a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// It is counted, and its file may be missing.
    Rendering,
    /// Its file is there.
    Ready,
}

/// What became of an attempt to begin a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is begun and counted now, or was by an earlier run of the same request: the report as stored.
    Report(ReportRow),
    /// The month has as many as it may.
    Full,
}

/// The reports of accounts, their number in each month, and the links to their files.
#[derive(Clone, Debug)]
pub struct Reports(Table);

impl ReportRow {
    /// A report that begins at `now`.
    pub fn new(report: ReportId, subject: &str, name: &str, now: Timestamp) -> Self {
        Self {
            report,
            subject: subject.to_owned(),
            name: name.to_owned(),
            state: ReportState::Rendering,
            created_at: now,
            expires: now.as_second() + LIFETIME,
        }
    }

    /// When it is gone.
    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_second(self.expires).unwrap_or(self.created_at)
    }

    /// Whether its file can be had at `now`.
    pub fn is_there(&self, now: Timestamp) -> bool {
        self.state == ReportState::Ready && now.as_second() < self.expires
    }

    fn month(&self) -> String {
        month_of(self.created_at)
    }

    /// The attribute that it counts in beside that of the month.
    fn day(&self) -> String {
        let day = date_of(self.created_at).day();
        format!("{DAY}{day:02}")
    }
}

impl Reports {
    /// The reports of this workspace.
    pub fn new(workspace: &Workspace) -> Self {
        Self(workspace.table().clone())
    }

    /// Begins a report, and counts it in its month, which has at most `limit`. One of the same id was begun by an earlier run of
    /// the same request, and is not counted again. One transaction; a read if it was begun before, or the month is full.
    pub async fn begin(
        &self,
        account: AccountId,
        new: ReportRow,
        limit: Option<u64>,
    ) -> Result<Begun, StoreError> {
        for attempt in 0..ATTEMPTS {
            let key = WorkspaceKey::Report(account, new.report);
            let creation = self.0.creation(item("report", key.into(), &new)?)?;
            let writes = vec![creation, self.count_up(account, &new, limit)?];
            match self.0.transact(writes).await {
                Ok(()) => return Ok(Begun::Report(new)),
                Err(StoreError::Conflict) => {
                    let known = self.get(account, new.report).await?;
                    return Ok(known.map_or(Begun::Full, Begun::Report));
                }
                Err(StoreError::Throttled(_)) => pause(attempt).await,
                Err(error) => return Err(error),
            }
        }
        let busy = "many reports are begun at once";
        Err(StoreError::Throttled(busy.into()))
    }

    /// Says that the file of a report is there, with the event of the product that tells it. One transaction.
    /// [`StoreError::Conflict`] if the report was given back meanwhile.
    pub async fn finish(
        &self,
        (account, product): (AccountId, Product),
        begun: &ReportRow,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let ready = self
            .0
            .change(WorkspaceKey::Report(account, begun.report))
            .condition_expression("attribute_exists(pk)")
            .update_expression("SET #state = :ready")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":ready", text("ready"));
        let payload = EventPayload::ReportReady {
            report_id: begun.report,
            slug: begun.subject.clone(),
            name: begun.name.clone(),
            expires_at: begun.expires_at(),
        };
        let event = Event::new(product, now, payload).stored(account)?;
        // Another run of the same request may have said so.
        let event = self.0.replacement(event)?;
        self.0.transact(vec![part(ready)?, event]).await
    }

    /// Removes a report that could not be made, and its count, unless it is ready or was removed before.
    pub async fn give_back(&self, account: AccountId, begun: &ReportRow) -> Result<(), StoreError> {
        let removal = Delete::builder()
            .table_name(self.0.name())
            .set_key(Some(store_key(account, begun.report)))
            .condition_expression("#state = :rendering")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":rendering", text("rendering"));
        let removal = TransactWriteItem::builder().delete(removal.build()?);
        let day = begun.day();
        let count = self
            .0
            .change(WorkspaceKey::ReportMonth(account, &begun.month()))
            .update_expression(format!("ADD {MADE} :minus, {day} :minus"))
            .expression_attribute_values(":minus", number(-1));
        match self.0.transact(vec![removal.build(), part(count)?]).await {
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A report of this account, if its file can be had.
    pub async fn find(
        &self,
        account: AccountId,
        report: ReportId,
        now: Timestamp,
    ) -> Result<Option<ReportRow>, StoreError> {
        let found = self.get(account, report).await?;
        Ok(found.filter(|row| row.is_there(now)))
    }

    /// A page of an account's reports whose files can be had, the newest first, before `before`; and where the next page begins.
    pub async fn page(
        &self,
        account: AccountId,
        before: Option<ReportId>,
        limit: usize,
        now: Timestamp,
    ) -> Result<(Vec<ReportRow>, Option<ReportId>), StoreError> {
        let before = before.map(|report| WorkspaceKey::Report(account, report).into());
        let prefix = WorkspaceKey::reports(account);
        let (items, has_more) = self.0.page_back(&prefix, before, limit).await?;
        let mut rows: Vec<ReportRow> = items
            .into_iter()
            .map(|item| row("report", item))
            .collect::<Result<_, _>>()?;
        let next = rows.last().map(|row| row.report).filter(|_| has_more);
        rows.retain(|row| row.is_there(now));
        Ok((rows, next))
    }

    /// How many reports an account had made on each day of some months, such as `202611`. One batch read.
    pub async fn made(
        &self,
        account: AccountId,
        months: &[String],
    ) -> Result<Vec<(UtcDay, u64)>, StoreError> {
        let keys = months
            .iter()
            .map(|month| WorkspaceKey::ReportMonth(account, month).into());
        let found = self.0.batch_get(&keys.collect::<Vec<_>>()).await?;
        let days = found.into_iter().flat_map(|(key, item)| {
            let month = key.sk.rsplit('#').next().unwrap_or_default().to_owned();
            item.into_iter().filter_map(move |(name, value)| {
                let date = Date::strptime("%Y%m%d", format!("{month}{}", name.strip_prefix(DAY)?));
                let made: u64 = value.as_n().ok()?.parse().ok()?;
                Some((UtcDay::from(date.ok()?), made))
            })
        });
        Ok(days.collect())
    }

    async fn get(
        &self,
        account: AccountId,
        report: ReportId,
    ) -> Result<Option<ReportRow>, StoreError> {
        let key = WorkspaceKey::Report(account, report).into();
        let found = self.0.get(key, true).await?;
        found.map(|item| row("report", item)).transpose()
    }

    fn count_up(
        &self,
        account: AccountId,
        new: &ReportRow,
        limit: Option<u64>,
    ) -> Result<TransactWriteItem, StoreError> {
        let day = new.day();
        let count = self
            .0
            .change(WorkspaceKey::ReportMonth(account, &new.month()))
            .update_expression(format!(
                "SET expires = :expires ADD {MADE} :one, {day} :one"
            ))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(
                ":expires",
                number(new.created_at.as_second() + COUNT_RETENTION),
            );
        let Some(limit) = limit else {
            return part(count);
        };
        let fits = format!("(attribute_not_exists({MADE}) AND :limit > :none) OR {MADE} < :limit");
        let count = count
            .condition_expression(fits)
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":limit", number(limit));
        part(count)
    }
}

fn store_key(account: AccountId, report: ReportId) -> Item {
    let key: store::item::PrimaryKey = WorkspaceKey::Report(account, report).into();
    key.into_item()
}
