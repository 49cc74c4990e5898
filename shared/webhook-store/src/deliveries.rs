use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use store::StoreError;
use store::item::{item, number, row, text};
use store::keys::WorkspaceKey;
use store::table::{Table, part};
use types::{AccountId, DeliveryId, Product, Timestamp, WebhookId, unique};
use workspace::{Event, Workspace};

use crate::{Attempt, DeliveryRow, DeliveryState, MonthCount, MonthLimit};

/// How long a claim lasts, in seconds: longer than a sender lives.
const LEASE: i64 = 60;
/// Attempts of one delivery, those that callers ask for included.
const MOST_ATTEMPTS: u32 = 50;

/// The deliveries of webhooks.
#[derive(Clone, Debug)]
pub struct Deliveries(pub(crate) Table);

/// The right to make one attempt, until its lease ends.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The delivery as it was claimed.
    pub delivery: DeliveryRow,
    id: String,
}

impl Claim {
    /// What distinguishes it from every other.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// An attempt that was made, and what comes of it.
#[derive(Clone, Copy, Debug)]
pub struct Made<'a> {
    /// The attempt.
    pub attempt: &'a Attempt,
    /// When the next is due; or it was the last, and the delivery is in this state.
    pub next: Result<Timestamp, DeliveryState>,
    /// The event that tells the account of it, if there is one.
    pub event: Option<&'a Event>,
    /// Whether what was sent is no longer kept.
    pub drops_body: bool,
}

/// What became of the wish to make an attempt.
#[derive(Clone, Debug)]
pub enum Claimed {
    /// It may be made.
    Yes(Box<Claim>),
    /// Another has claimed it, and may have died since.
    Held,
    /// It was made, or has become another.
    Over,
}

/// The attempt that a message is about: how many were made before, and how often it was put off.
pub type Turn = (u32, u32);

impl Deliveries {
    /// The deliveries of this workspace.
    pub fn new(workspace: &Workspace) -> Self {
        Self(workspace.table().clone())
    }

    /// Stores a delivery, unless it is stored.
    pub async fn create(&self, new: &DeliveryRow) -> Result<(), StoreError> {
        match self.0.create(item("delivery", new.key(), new)?).await {
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Stores a delivery, unless it is stored, and counts it in its month; one for which the month has no room is held. One transaction;
    /// a write besides if it is held or was stored before.
    pub async fn create_within(
        &self,
        new: DeliveryRow,
        month: &MonthLimit,
    ) -> Result<(), StoreError> {
        let creation = self.0.creation(item("delivery", new.key(), &new)?)?;
        let writes = vec![creation, month.count_up(&self.0)?];
        match self.0.transact(writes).await {
            Ok(()) => Ok(()),
            Err(StoreError::Conflict) => {
                let held = DeliveryRow {
                    state: DeliveryState::Held,
                    ..new
                };
                self.create(&held).await
            }
            Err(error) => Err(error),
        }
    }

    /// How many deliveries of a month are counted. One read.
    pub async fn of_month(&self, month: &MonthLimit) -> Result<MonthCount, StoreError> {
        month.read(&self.0).await
    }

    /// A delivery.
    pub async fn find(
        &self,
        account: AccountId,
        webhook: WebhookId,
        delivery: DeliveryId,
    ) -> Result<Option<DeliveryRow>, StoreError> {
        let key = WorkspaceKey::Delivery(account, webhook, delivery);
        let found = self.0.get(key.into(), true).await?;
        found.map(|item| row("delivery", item)).transpose()
    }

    /// A page of at most `limit` deliveries of a webhook, the newest first, from before one on; and the delivery before which the next
    /// page begins, if there may be one.
    pub async fn page(
        &self,
        account: AccountId,
        webhook: WebhookId,
        before: Option<DeliveryId>,
        limit: usize,
    ) -> Result<(Vec<DeliveryRow>, Option<DeliveryId>), StoreError> {
        let prefix = WorkspaceKey::deliveries(account, webhook);
        let before = before.map(|before| WorkspaceKey::Delivery(account, webhook, before).into());
        let (items, has_more) = self.0.page_back(&prefix, before, limit).await?;
        let rows = items.into_iter().map(|item| row("delivery", item));
        let rows: Vec<DeliveryRow> = rows.collect::<Result<_, _>>()?;
        let last = rows.last().filter(|_| has_more);
        let next = last.map(|last| last.delivery);
        Ok((rows, next))
    }

    /// Claims the attempt of a turn. One write; a read besides if it cannot be claimed.
    pub async fn claim(
        &self,
        (account, webhook, delivery): (AccountId, WebhookId, DeliveryId),
        (made, put_off): Turn,
        now: Timestamp,
    ) -> Result<Claimed, StoreError> {
        let id = unique(now);
        let claimed = self
            .0
            .update(WorkspaceKey::Delivery(account, webhook, delivery))
            .update_expression("SET #state = :sending, claim = :claim, leased_until = :until")
            .condition_expression(
                "made = :made AND put_off = :put_off AND (#state = :pending \
                 OR (#state = :sending AND (leased_until < :now OR claim = :claim)))",
            )
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":sending", text("sending"))
            .expression_attribute_values(":pending", text("pending"))
            .expression_attribute_values(":claim", text(&id))
            .expression_attribute_values(":until", number(now.as_second() + LEASE))
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":made", number(made))
            .expression_attribute_values(":put_off", number(put_off))
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .map_err(StoreError::from);
        match claimed {
            Ok(claimed) => Ok(Claimed::Yes(Box::new(Claim {
                delivery: row("delivery", claimed.attributes.unwrap_or_default())?,
                id,
            }))),
            Err(StoreError::Conflict) => {
                let found = self.find(account, webhook, delivery).await?;
                let is_held = found.is_some_and(|row| {
                    row.state == DeliveryState::Sending && row.turn() == (made, put_off)
                });
                Ok(if is_held {
                    Claimed::Held
                } else {
                    Claimed::Over
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Stores an attempt and what comes of it. Does nothing if the claim has passed to another. One write; a transaction with an event.
    pub async fn finish(&self, claim: &Claim, made: Made<'_>) -> Result<(), StoreError> {
        let attempts = serde_dynamo::to_attribute_value([made.attempt])
            .map_err(|error| StoreError::malformed("delivery", error))?;
        let (state, due) = match made.next {
            Ok(due) => (DeliveryState::Pending, due),
            Err(state) => (state, claim.delivery.due_at),
        };
        let removed = if made.drops_body { ", body" } else { "" };
        let change = format!(
            "SET #state = :state, made = :made, put_off = :none, due_at = :due, #trigger = :schedule, \
             attempts = list_append(attempts, :attempts) REMOVE claim, leased_until, has_turn{removed}"
        );
        let names = [("#state", "state"), ("#trigger", "trigger")];
        let names = names.map(|(short, name)| (short.to_owned(), name.to_owned()));
        let values = [
            (":state", text(state.as_str())),
            (":made", number(made.attempt.number)),
            (":none", number(0)),
            (":due", text(due.to_string())),
            (":schedule", text("schedule")),
            (":attempts", attempts),
            (":claim", text(&claim.id)),
        ];
        let values = values.map(|(name, value)| (name.to_owned(), value));
        let Some(event) = made.event else {
            let update = self.0.update(claim.delivery.key());
            let written = update
                .update_expression(change)
                .condition_expression("claim = :claim")
                .set_expression_attribute_names(Some(names.into()))
                .set_expression_attribute_values(Some(values.into()))
                .send()
                .await;
            return unless_passed_on(written.map_err(StoreError::from));
        };
        let update = self.0.change(claim.delivery.key());
        let update = update
            .update_expression(change)
            .condition_expression("claim = :claim")
            .set_expression_attribute_names(Some(names.into()))
            .set_expression_attribute_values(Some(values.into()));
        let created = self.0.creation(event.stored(claim.delivery.account)?)?;
        unless_passed_on(self.0.transact(vec![part(update)?, created]).await)
    }

    /// Gives a claim back without an attempt, which is due again at `due`; with its turn, if it has taken one. One write.
    pub async fn put_off(
        &self,
        claim: &Claim,
        due: Timestamp,
        has_turn: bool,
    ) -> Result<(), StoreError> {
        let pending = DeliveryState::Pending;
        self.give_back(claim, (pending, due), has_turn).await
    }

    /// Gives a claim back, and no further attempt is made. One write.
    pub async fn cancel(&self, claim: &Claim) -> Result<(), StoreError> {
        let canceled = (DeliveryState::Canceled, claim.delivery.due_at);
        self.give_back(claim, canceled, false).await
    }

    async fn give_back(
        &self,
        claim: &Claim,
        (state, due): (DeliveryState, Timestamp),
        has_turn: bool,
    ) -> Result<(), StoreError> {
        let written = self
            .0
            .update(claim.delivery.key())
            .update_expression(
                "SET #state = :state, due_at = :due, has_turn = :turn ADD put_off :one REMOVE claim, leased_until",
            )
            .condition_expression("claim = :claim")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":state", text(state.as_str()))
            .expression_attribute_values(":due", text(due.to_string()))
            .expression_attribute_values(":turn", AttributeValue::Bool(has_turn))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":claim", text(&claim.id))
            .send()
            .await;
        unless_passed_on(written.map_err(StoreError::from))
    }
}

impl DeliveryRow {
    /// The turn of its next attempt.
    pub const fn turn(&self) -> Turn {
        (self.made, self.put_off)
    }

    /// Whether it was attempted as often as may be.
    pub const fn is_worn_out(&self) -> bool {
        self.made >= MOST_ATTEMPTS
    }

    /// Attempts made of the present schedule.
    pub const fn made_of_schedule(&self) -> u32 {
        self.made.saturating_sub(self.made_before)
    }

    /// The webhook with its owner.
    pub const fn owner(&self) -> (AccountId, Product, WebhookId) {
        (self.account, self.product, self.webhook)
    }
}

/// Nothing is to be done about a claim that has passed to another.
fn unless_passed_on(written: Result<impl Sized, StoreError>) -> Result<(), StoreError> {
    match written {
        Ok(_) | Err(StoreError::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}
