use std::sync::Arc;

use accounts::Accounts;
use aws_types::SdkConfig;
use config::Env;
use futures::future::try_join_all;
use queue::{Deliver, MAX_DELAY, Queue, Task};
use quota::Plan;
use runtime::Failure;
use schedule::{ScheduleTarget, Scheduler};
use store::Dynamo;
use store::keys::{DELIVERIES, EVENTS, RECOVERY};
use types::{AccountId, Clock, Feature, Product, whole_second};
use webhook_store::{
    Deliveries, DeliveryRow, DeliveryState, EventImage, MONTH_EVENT, MonthLimit, RecoveryRow,
    Webhooks,
};
use workspace::Workspace;

/// Makes a delivery of each event for each webhook that is sent events of its type, and a message of each delivery that is due; and
/// sends again what a recovery asks for.
#[derive(Clone, Debug)]
pub struct Dispatcher {
    pub(crate) accounts: Accounts,
    workspace: Workspace,
    webhooks: Webhooks,
    pub(crate) deliveries: Deliveries,
    queue: Queue,
    scheduler: Scheduler,
    pub(crate) clock: Clock,
}

impl Dispatcher {
    /// From `ACCOUNTS_TABLE`, `WORKSPACE_TABLE`, `DELIVERY_QUEUE_URL`, `DELIVERY_QUEUE_ARN`, `SCHEDULE_GROUP` and
    /// `SCHEDULE_ROLE_ARN`.
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = Workspace::new(&dynamo, env.required("WORKSPACE_TABLE")?, accounts.clone());
        let target = ScheduleTarget {
            group: env.required("SCHEDULE_GROUP")?,
            queue_arn: env.required("DELIVERY_QUEUE_ARN")?,
            role_arn: env.required("SCHEDULE_ROLE_ARN")?,
        };
        Ok(Self {
            webhooks: Webhooks::new(&workspace),
            deliveries: Deliveries::new(&workspace),
            queue: Queue::new(aws, env.required("DELIVERY_QUEUE_URL")?),
            scheduler: Scheduler::new(aws, target),
            accounts,
            workspace,
            clock,
        })
    }

    /// Takes an item of the stream: a new event, a delivery that is pending, or a recovery that is running. The stream's filter in template.yaml passes only those.
    /// May run twice: an event has the same deliveries each time, a second message of an attempt makes no second request, and a page of
    /// a recovery finds what it has sent.
    pub async fn dispatch(&self, image: serde_dynamo::Item) -> Result<(), Failure> {
        let sort_key = match image.get("sk") {
            Some(serde_dynamo::AttributeValue::S(text)) => text.clone(),
            _ => String::new(),
        };
        if sort_key.starts_with(EVENTS) {
            Box::pin(self.deliver(&EventImage::of(image)?)).await
        } else if sort_key.starts_with(DELIVERIES) {
            self.send(&DeliveryRow::of(image)?).await
        } else if sort_key == RECOVERY {
            Box::pin(self.recover(&RecoveryRow::of(image)?)).await
        } else {
            Err("the item is neither an event, a delivery nor a recovery".into())
        }
    }

    /// Makes the deliveries of an event.
    async fn deliver(&self, event: &EventImage) -> Result<(), Failure> {
        let account = event.account()?;
        let webhooks = self.webhooks.all(account, event.product).await?;
        let about = event.payload.get("webhook_id").and_then(|id| id.as_str());
        let sent = webhooks.iter().filter(|webhook| {
            // A webhook is not told that it fails.
            about != Some(&*webhook.webhook.to_string()) && webhook.config.is_sent(&event.kind)
        });
        let body = event.body()?;
        let deliveries = sent.map(|webhook| {
            DeliveryRow::new(
                (account, event.product, webhook.webhook),
                (event.event_id(), &event.kind, event.at),
                body.clone(),
            )
        });
        let deliveries: Vec<DeliveryRow> = deliveries.collect();
        let made = deliveries.len();
        if let Some(month) = self.month(account, event).await? {
            self.deliver_within(deliveries, &month).await?;
        } else {
            try_join_all(deliveries.iter().map(|new| self.deliveries.create(new))).await?;
        }
        tracing::info!(account.id = %account, event.id = %event.event_id(), event.kind = event.kind, deliveries = made, "event dispatched");
        Ok(())
    }

    /// The limit of the month in which the deliveries of an event count; none if they do not.
    async fn month(
        &self,
        account: AccountId,
        event: &EventImage,
    ) -> Result<Option<MonthLimit>, Failure> {
        if event.kind == MONTH_EVENT {
            return Ok(None);
        }
        self.month_of((account, event.product)).await
    }

    /// The limit of deliveries of this month; none if the plan has none. One read, of products that have such plans.
    pub(crate) async fn month_of(
        &self,
        (account, product): (AccountId, Product),
    ) -> Result<Option<MonthLimit>, Failure> {
        if !Plan::limits(product, Feature::Deliveries) {
            return Ok(None);
        }
        let meter = self.accounts.own_meter(account, product).await?;
        let limit = meter.and_then(|meter| Plan::limit(product, &meter.plan, Feature::Deliveries));
        let now = whole_second(self.clock.now());
        Ok(MonthLimit::new((account, product), limit, now))
    }

    /// Makes deliveries that count in a month, one after the other, as they write to the same count; then tells the account if the month
    /// is nearly used up.
    async fn deliver_within(
        &self,
        deliveries: Vec<DeliveryRow>,
        month: &MonthLimit,
    ) -> Result<(), Failure> {
        for new in deliveries {
            self.deliveries.create_within(new, month).await?;
        }
        let count = self.deliveries.of_month(month).await?;
        if let Some(warning) = month.warning(count) {
            self.workspace.record_event(month.account, &warning).await?;
        }
        Ok(())
    }

    /// Makes the message of a delivery that is pending: at once or delayed by the queue, or by the Scheduler for a time further away.
    async fn send(&self, delivery: &DeliveryRow) -> Result<(), Failure> {
        if delivery.state != DeliveryState::Pending {
            return Ok(());
        }
        let (made, put_off) = delivery.turn();
        let task = Task::Deliver(Deliver {
            account: delivery.account,
            webhook: delivery.webhook,
            delivery: delivery.delivery,
            made,
            put_off,
        });
        let wait = delivery.due_at.duration_since(self.clock.now());
        // Rounded up, so that no message is received early.
        let seconds = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
        let seconds = i32::try_from(seconds.max(0)).unwrap_or(i32::MAX);
        if seconds <= MAX_DELAY {
            let group = delivery.webhook.to_string();
            self.queue.send_later(&group, &task, seconds).await?;
        } else {
            let name = format!("{}-{made}-{put_off}", delivery.delivery);
            let message = serde_json::to_string(&task)?;
            self.scheduler
                .send_at(delivery.due_at, &name, &message)
                .await?;
        }
        Ok(())
    }
}
