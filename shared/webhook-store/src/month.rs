use aws_sdk_dynamodb::types::TransactWriteItem;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{number, row};
use store::keys::WorkspaceKey;
use store::table::{Table, part};
use types::{AccountId, Product, Timestamp, month_of, next_month};
use workspace::{Event, EventPayload};

/// The event that tells of the month itself, which is not counted in it.
pub const MONTH_EVENT: &str = "quota.webhooks";
/// How long the count of a month is kept after the month has ended, in seconds: 90 days.
const KEPT: i64 = 90 * 86_400;

/// The deliveries of an account in a product that its plan allows in a UTC month.
#[derive(Clone, Debug)]
pub struct MonthLimit {
    /// The account.
    pub account: AccountId,
    /// The product.
    pub product: Product,
    /// How many there may be.
    pub limit: u64,
    /// A moment of the month.
    pub now: Timestamp,
}

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthCount {
    /// Those that are not held.
    #[serde(default)]
    pub deliveries: u64,
}

impl MonthLimit {
    /// The month of `now`, if it has a limit.
    pub fn new(
        (account, product): (AccountId, Product),
        limit: Option<u64>,
        now: Timestamp,
    ) -> Option<Self> {
        limit.map(|limit| Self {
            account,
            product,
            limit,
            now,
        })
    }

    /// When the next month begins.
    pub fn resets_at(&self) -> Timestamp {
        next_month(self.now)
    }

    /// One delivery more, as a part of a transaction, which fails if the month is full.
    pub(crate) fn count_up(&self, table: &Table) -> Result<TransactWriteItem, StoreError> {
        let month = month_of(self.now);
        let count = table
            .change(WorkspaceKey::WebhookMonth(
                self.account,
                self.product,
                &month,
            ))
            .update_expression("ADD deliveries :one SET expires = :expires")
            .condition_expression(
                "(attribute_not_exists(deliveries) AND :limit > :none) OR deliveries < :limit",
            )
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":limit", number(self.limit))
            .expression_attribute_values(":expires", number(self.resets_at().as_second() + KEPT));
        part(count)
    }

    /// How many deliveries the month has. One read.
    pub(crate) async fn read(&self, table: &Table) -> Result<MonthCount, StoreError> {
        let month = month_of(self.now);
        let key = WorkspaceKey::WebhookMonth(self.account, self.product, &month);
        let found = table.get(key.into(), true).await?;
        let count = found.map(|item| row("deliveries of a month", item));
        Ok(count.transpose()?.unwrap_or_default())
    }

    /// What the account is told of the month: that four fifths of it are used, or all; none if less are.
    pub fn warning(&self, count: MonthCount) -> Option<Event> {
        let used = count.deliveries;
        let percent = if used >= self.limit {
            100
        } else if used.saturating_mul(5) >= self.limit.saturating_mul(4) {
            80
        } else {
            return None;
        };
        let payload = EventPayload::QuotaWebhooks {
            percent,
            limit_deliveries: self.limit,
            used_deliveries: used,
            resets_at: self.resets_at(),
        };
        Some(Event::new(self.product, self.now, payload))
    }
}
