use aws_sdk_dynamodb::types::{Delete, TransactWriteItem};
use store::StoreError;
use store::item::{Item, PrimaryKey, item, number, row, text};
use store::keys::WorkspaceKey;
use store::table::{Table, part};
use types::{AccountId, Product, Timestamp, WebhookId};
use webhook::Verdict;
use workspace::{Event, Workspace};

use crate::{DisabledBy, WebhookConfig, WebhookRow};

/// How often a deletion is tried again after meeting a change.
const ATTEMPTS: usize = 5;
/// The attribute with the number of webhooks.
const COUNT: &str = "webhooks";

/// The webhooks of accounts.
#[derive(Clone, Debug)]
pub struct Webhooks(pub(crate) Table);

/// What became of an addition.
#[derive(Clone, Debug, PartialEq)]
pub enum Added {
    /// The webhook is stored.
    Yes,
    /// It was stored by an earlier run of the same request.
    Exists(Box<WebhookRow>),
    /// Another webhook has the same URL and events.
    Duplicate,
    /// The account has as many as it may have.
    Full,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// The webhook as it is now.
    Yes(Box<WebhookRow>),
    /// It was changed or deleted meanwhile.
    Stale,
    /// Another webhook has the same URL and events.
    Duplicate,
}

impl Webhooks {
    /// The webhooks of this workspace.
    pub fn new(workspace: &Workspace) -> Self {
        Self(workspace.table().clone())
    }

    /// Adds a webhook, if no other has its URL and events and the account has less than `limit` in the product. One transaction.
    pub async fn add(
        &self,
        (account, product): (AccountId, Product),
        new: &WebhookRow,
        limit: u64,
    ) -> Result<Added, StoreError> {
        let key = WorkspaceKey::Webhook(account, product, new.webhook);
        let creation = self.0.creation(item("webhook", key.into(), new)?)?;
        let target = target_attribute(&new.config);
        let count = self
            .0
            .change(WorkspaceKey::WebhookTargets(account, product))
            .update_expression(format!("SET {target} = :id ADD {COUNT} :one"))
            .condition_expression(format!(
                "attribute_not_exists({target}) AND (attribute_not_exists({COUNT}) OR {COUNT} < :limit)"
            ))
            .expression_attribute_values(":id", text(new.webhook.to_string()))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":limit", number(limit));
        match self.0.transact(vec![creation, part(count)?]).await {
            Ok(()) => return Ok(Added::Yes),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
        if let Some(known) = self.find(account, product, new.webhook).await? {
            return Ok(Added::Exists(Box::new(known)));
        }
        let taken = self.targets(account, product).await?.contains_key(&target);
        Ok(if taken { Added::Duplicate } else { Added::Full })
    }

    /// A webhook.
    pub async fn find(
        &self,
        account: AccountId,
        product: Product,
        webhook: WebhookId,
    ) -> Result<Option<WebhookRow>, StoreError> {
        let key = WorkspaceKey::Webhook(account, product, webhook);
        let found = self.0.get(key.into(), true).await?;
        found.map(|item| row("webhook", item)).transpose()
    }

    /// The webhooks of an account in a product, the oldest first.
    pub async fn all(
        &self,
        account: AccountId,
        product: Product,
    ) -> Result<Vec<WebhookRow>, StoreError> {
        let PrimaryKey { pk, sk } = WorkspaceKey::webhooks(account, product);
        let found = self.0.query(&pk, &sk).await?.into_iter();
        found.map(|item| row("webhook", item)).collect()
    }

    /// Replaces what the account has set of a webhook, on the version that `before` is. One write; a transaction if URL or events
    /// change.
    pub async fn change(
        &self,
        (account, product): (AccountId, Product),
        before: WebhookRow,
        config: WebhookConfig,
    ) -> Result<Changed, StoreError> {
        let after = WebhookRow {
            version: before.version + 1,
            config,
            ..before.clone()
        };
        let mut writes = vec![self.replacement((account, product), &before, &after)?];
        let (old, new) = [&before, &after]
            .map(|row| target_attribute(&row.config))
            .into();
        if old != new {
            let targets = self
                .0
                .change(WorkspaceKey::WebhookTargets(account, product))
                .update_expression(format!("SET {new} = :id REMOVE {old}"))
                .condition_expression(format!("attribute_not_exists({new})"))
                .expression_attribute_values(":id", text(before.webhook.to_string()));
            writes.push(part(targets)?);
        }
        match self.0.transact(writes).await {
            Ok(()) => return Ok(Changed::Yes(Box::new(after))),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
        let targets = self.targets(account, product).await?;
        let id = before.webhook.to_string();
        let is_others = targets
            .get(&new)
            .is_some_and(|taken| taken.as_s() != Ok(&id));
        Ok(if is_others {
            Changed::Duplicate
        } else {
            Changed::Stale
        })
    }

    /// Deletes a webhook. False if there was none. Its deliveries are not attempted any more.
    pub async fn remove(
        &self,
        (account, product): (AccountId, Product),
        webhook: WebhookId,
    ) -> Result<bool, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(found) = self.find(account, product, webhook).await? else {
                return Ok(false);
            };
            let key = PrimaryKey::from(WorkspaceKey::Webhook(account, product, webhook));
            let removal = Delete::builder()
                .table_name(self.0.name())
                .set_key(Some(key.into_item()))
                .condition_expression("version = :seen")
                .expression_attribute_values(":seen", number(found.version));
            let removal = TransactWriteItem::builder()
                .delete(removal.build()?)
                .build();
            let target = target_attribute(&found.config);
            let count = self
                .0
                .change(WorkspaceKey::WebhookTargets(account, product))
                .update_expression(format!("REMOVE {target} ADD {COUNT} :minus"))
                .expression_attribute_values(":minus", number(-1));
            match self.0.transact(vec![removal, part(count)?]).await {
                Ok(()) => return Ok(true),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        let busy = "the webhook is being changed at this moment";
        Err(StoreError::Throttled(busy.into()))
    }

    /// Stores that the account was warned, with the event that warns it. Does nothing if it was before. One transaction.
    pub async fn warn(
        &self,
        (account, product): (AccountId, Product),
        row: &WebhookRow,
        stage: u8,
        event: &Event,
    ) -> Result<(), StoreError> {
        let warned = self
            .0
            .change(WorkspaceKey::Webhook(account, product, row.webhook))
            .update_expression("SET warned = :stage")
            .condition_expression(
                "attribute_exists(health) AND (attribute_not_exists(warned) OR warned < :stage)",
            )
            .expression_attribute_values(":stage", number(stage));
        let event = self.0.creation(event.stored(account)?)?;
        unless_gone(self.0.transact(vec![part(warned)?, event]).await)
    }

    /// Disables a webhook by a rule, with the event that says so. Does nothing if it was changed since it was read. One transaction.
    pub async fn disable(
        &self,
        (account, product): (AccountId, Product),
        before: &WebhookRow,
        (by, now): (DisabledBy, Timestamp),
        event: &Event,
    ) -> Result<(), StoreError> {
        let after = WebhookRow {
            version: before.version + 1,
            config: WebhookConfig {
                disabled: Some((by, now)),
                updated_at: now,
                ..before.config.clone()
            },
            ..before.clone()
        };
        let replacement = self.replacement((account, product), before, &after)?;
        let event = self.0.creation(event.stored(account)?)?;
        unless_gone(self.0.transact(vec![replacement, event]).await)
    }

    fn replacement(
        &self,
        (account, product): (AccountId, Product),
        before: &WebhookRow,
        after: &WebhookRow,
    ) -> Result<TransactWriteItem, StoreError> {
        let config = serde_dynamo::to_attribute_value(&after.config)
            .map_err(|error| StoreError::malformed("webhook", error))?;
        let is_enabled = before.config.disabled.is_some() && after.config.disabled.is_none();
        let mut forgotten = Vec::new();
        if is_enabled {
            forgotten.extend(["health", "warned", "probe_until"]);
        }
        if before.config.rate_limit != after.config.rate_limit {
            forgotten.push("next_turn");
        }
        let forget = if forgotten.is_empty() {
            String::new()
        } else {
            format!(" REMOVE {}", forgotten.join(", "))
        };
        part(
            self.0
                .change(WorkspaceKey::Webhook(account, product, before.webhook))
                .update_expression(format!("SET config = :config, version = :version{forget}"))
                .condition_expression("version = :seen")
                .expression_attribute_values(":config", config)
                .expression_attribute_values(":version", number(after.version))
                .expression_attribute_values(":seen", number(before.version)),
        )
    }

    async fn targets(&self, account: AccountId, product: Product) -> Result<Item, StoreError> {
        let key = WorkspaceKey::WebhookTargets(account, product);
        Ok(self.0.get(key.into(), true).await?.unwrap_or_default())
    }
}

impl WebhookRow {
    /// What follows from its last failure and was not done yet.
    pub fn verdict(&self) -> Verdict {
        let verdict = self
            .health
            .map_or(Verdict::Continue, |health| health.verdict());
        match verdict {
            Verdict::Warn(stage) if self.warned.is_some_and(|warned| warned >= stage) => {
                Verdict::Continue
            }
            verdict => verdict,
        }
    }
}

/// The attribute that says that a webhook has this URL and these events.
fn target_attribute(config: &WebhookConfig) -> String {
    format!("target_{}", config.target())
}

/// Nothing is to be done about a webhook that is gone, or was changed by somebody else.
pub(crate) fn unless_gone(written: Result<impl Sized, StoreError>) -> Result<(), StoreError> {
    match written {
        Ok(_) | Err(StoreError::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}
