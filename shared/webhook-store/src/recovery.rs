use aws_sdk_dynamodb::types::ReturnValue;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{item, number, row, text};
use store::keys::WorkspaceKey;
use types::{AccountId, DeliveryId, Product, Timestamp, WebhookId};

use crate::{Deliveries, DeliveryRow};

/// How long a recovery is kept, in seconds: as long as the deliveries, 30 days.
const KEPT: i64 = 30 * 86_400;

/// A recovery: a webhook's deliveries of a span of time that were not delivered are sent again. A webhook has one at a time.
///
/// It is made page by page, the oldest delivery first. Each page ends with a write to this row, which the stream brings back for the
/// next one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecoveryRow {
    /// The account whose webhook it is.
    pub account: AccountId,
    /// The product of the webhook.
    pub product: Product,
    /// The webhook.
    pub webhook: WebhookId,
    /// What distinguishes it from the recoveries before, and marks what it has sent again.
    pub run: String,
    /// Deliveries of events from this moment on.
    pub since: Timestamp,
    /// Deliveries of events before this moment.
    pub until: Timestamp,
    /// How far it is.
    pub state: RecoveryState,
    /// The last delivery that it has seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<DeliveryId>,
    /// Pages that it has seen.
    pub pages: u32,
    /// Deliveries that it has sent again.
    pub resent: u64,
    /// Deliveries that stay held, since the month has no room for them.
    pub held: u64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// From when on it is gone, in seconds since 1970.
    pub expires: i64,
}

/// How far a recovery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryState {
    /// There are deliveries that it has not seen.
    Running,
    /// It has seen all.
    Done,
}

/// What a page of a recovery has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecoveredPage {
    /// The last delivery of the page; none if it is empty.
    pub last: Option<DeliveryId>,
    /// Whether another page may follow.
    pub has_more: bool,
    /// Deliveries that were sent again.
    pub resent: u64,
    /// Deliveries that stay held.
    pub held: u64,
}

impl RecoveryRow {
    /// A recovery that begins at `now`.
    pub fn new(
        (account, product, webhook): (AccountId, Product, WebhookId),
        run: String,
        (since, until): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Self {
        Self {
            account,
            product,
            webhook,
            run,
            since,
            until,
            state: RecoveryState::Running,
            after: None,
            pages: 0,
            resent: 0,
            held: 0,
            started_at: now,
            ended_at: None,
            expires: now.as_second() + KEPT,
        }
    }

    /// The recovery of an item of the stream.
    pub fn of(image: serde_dynamo::Item) -> Result<Self, StoreError> {
        serde_dynamo::from_item(image).map_err(|error| StoreError::malformed("recovery", error))
    }
}

impl Deliveries {
    /// Stores a recovery, unless the webhook has one that is running: that one, then. One of the same run was stored by an earlier run of
    /// the same request. One write; a read if there is one.
    pub async fn begin_recovery(
        &self,
        new: &RecoveryRow,
    ) -> Result<Result<(), RecoveryRow>, StoreError> {
        let key = WorkspaceKey::Recovery(new.account, new.webhook);
        let put = self
            .0
            .client()
            .put_item()
            .table_name(self.0.name())
            .set_item(Some(item("recovery", key.into(), new)?))
            .condition_expression("attribute_not_exists(pk) OR #state <> :running")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":running", text("running"))
            .send()
            .await;
        match put.map_err(StoreError::from) {
            Ok(_) => Ok(Ok(())),
            Err(StoreError::Conflict) => {
                let found = self.recovery(new.account, new.webhook).await?;
                Ok(found.map_or(Ok(()), Err))
            }
            Err(error) => Err(error),
        }
    }

    /// The last recovery of a webhook.
    pub async fn recovery(
        &self,
        account: AccountId,
        webhook: WebhookId,
    ) -> Result<Option<RecoveryRow>, StoreError> {
        let key = WorkspaceKey::Recovery(account, webhook);
        let found = self.0.get(key.into(), true).await?;
        found.map(|item| row("recovery", item)).transpose()
    }

    /// A page of at most `limit` deliveries of a recovery, the oldest first; and whether there may be more.
    pub async fn page_of_recovery(
        &self,
        of: &RecoveryRow,
        limit: usize,
    ) -> Result<(Vec<DeliveryRow>, bool), StoreError> {
        let first = of
            .after
            .unwrap_or_else(|| DeliveryId::from_parts(of.since, 0));
        let prefix = WorkspaceKey::deliveries(of.account, of.webhook);
        let after = WorkspaceKey::Delivery(of.account, of.webhook, first);
        let (items, has_more) = self
            .0
            .page_forward(&prefix, Some(after.into()), limit)
            .await?;
        let found = items.len();
        let rows = items.into_iter().map(|item| row("delivery", item));
        let rows: Vec<DeliveryRow> = rows.collect::<Result<_, _>>()?;
        let rows: Vec<DeliveryRow> = rows
            .into_iter()
            .take_while(|row| row.created_at < of.until)
            .collect();
        let has_more = has_more && rows.len() == found;
        Ok((rows, has_more))
    }

    /// Stores how far a recovery came with a page, unless that is stored. One write.
    pub async fn advance_recovery(
        &self,
        before: &RecoveryRow,
        page: RecoveredPage,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let state = if page.has_more { "running" } else { "done" };
        let mut update = self
            .0
            .update(WorkspaceKey::Recovery(before.account, before.webhook))
            .condition_expression("run = :run AND pages = :pages")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":run", text(&before.run))
            .expression_attribute_values(":pages", number(before.pages))
            .expression_attribute_values(":state", text(state))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":resent", number(page.resent))
            .expression_attribute_values(":held", number(page.held))
            .return_values(ReturnValue::None);
        let mut set = "SET #state = :state".to_owned();
        if let Some(last) = page.last {
            // `after` is a reserved word of expressions.
            set.push_str(", #after = :last");
            update = update
                .expression_attribute_names("#after", "after")
                .expression_attribute_values(":last", text(last.to_string()));
        }
        if !page.has_more {
            set.push_str(", ended_at = :now");
            update = update.expression_attribute_values(":now", text(now.to_string()));
        }
        let written = update
            .update_expression(format!("{set} ADD pages :one, resent :resent, held :held"))
            .send()
            .await;
        match written.map_err(StoreError::from) {
            Ok(_) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
