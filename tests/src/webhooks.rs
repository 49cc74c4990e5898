use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;
use config::Env;
use delivery::{Dispatcher, Sender};
use queue::{Deliver, Task};
use types::Timestamp;
use webhook_store::{DeliveryRow, DeliveryState};

use crate::{Item, TestApp, Web};

/// The workers of webhooks on the tables of one test, which have no stream: what the stream and the queue would bring is read from
/// the table.
#[derive(Clone)]
pub struct Webhooks {
    /// The functions of the app, which reach this test's endpoints.
    pub app: TestApp,
    /// The worker of the stream.
    pub dispatcher: Dispatcher,
    /// The worker of the queue.
    pub sender: Sender,
    /// The URL of the queue between them.
    pub queue: String,
}

impl TestApp {
    /// The workers of webhooks, for endpoints on `web`.
    pub async fn webhooks(&self, web: &Web) -> Webhooks {
        web.expect_events();
        let queue = self.queues().await.source;
        let app = self.with_variable("OUTBOUND_ALLOWED_ORIGINS", web.url());
        Webhooks::of(&app, queue)
    }
}

impl Webhooks {
    /// The workers on an app that has the variables of [`TestApp::webhooks`] but for those of the queue.
    pub fn of(app: &TestApp, queue: String) -> Self {
        let name = queue.rsplit('/').next().unwrap();
        let arn = format!("arn:aws:sqs:us-east-1:000000000000:{name}");
        let app = app
            .with_variable("DELIVERY_QUEUE_URL", &queue)
            .with_variable("DELIVERY_QUEUE_ARN", &arn)
            .with_variable("SCHEDULE_GROUP", "default")
            .with_variable("SCHEDULE_ROLE_ARN", "arn:aws:iam::000000000000:role/test");
        let aws = Arc::clone(&app.aws);
        Self::on(&aws, app, queue)
    }

    /// The same workers that can be killed.
    #[must_use]
    pub fn mortal(&self) -> Self {
        let (app, queue) = (self.app.clone(), self.queue.clone());
        Self::on(&Arc::clone(&app.mortal), app, queue)
    }

    fn on(aws: &Arc<SdkConfig>, app: TestApp, queue: String) -> Self {
        let (env, clock): (&Env, _) = (&app.env, app.clock.clock());
        Self {
            dispatcher: Dispatcher::from_env(env, aws, clock.clone()).unwrap(),
            sender: Sender::from_env(env, aws, clock).unwrap(),
            queue,
            app,
        }
    }

    /// Dispatches every event that is stored, as the stream does with new ones.
    pub async fn dispatch(&self) {
        for event in self.items("EVENT#").await {
            self.dispatcher.dispatch(event.into()).await.unwrap();
        }
    }

    /// Runs every recovery until it is done, as the stream does.
    pub async fn recover(&self) {
        while self.recover_page().await {}
    }

    /// Runs a page of every recovery that is running. False if none is.
    pub async fn recover_page(&self) -> bool {
        let mut any = false;
        for image in self.items("RECOVERY").await {
            let is_running = image["state"].as_s().unwrap() == "running";
            any |= is_running;
            if is_running {
                self.dispatcher.dispatch(image.into()).await.unwrap();
            }
        }
        any
    }

    /// Every delivery that is stored, the oldest event first.
    pub async fn deliveries(&self) -> Vec<DeliveryRow> {
        let items = self.items("DELIVERY#").await.into_iter();
        let rows = items.map(|item| DeliveryRow::of(item.into()).unwrap());
        let mut rows: Vec<DeliveryRow> = rows.collect();
        rows.sort_by_key(|row| (row.created_at, row.delivery));
        rows
    }

    /// Makes every attempt that is due. Returns how many there were.
    pub async fn send(&self) -> usize {
        let now = self.app.clock.now();
        let due = self.deliveries().await.into_iter();
        let due = due.filter(|row| row.state == DeliveryState::Pending && row.due_at <= now);
        let messages: Vec<String> = due.map(|row| message(&row)).collect();
        let sent = messages.iter().map(|message| self.sender.handle(message));
        for result in futures::future::join_all(sent).await {
            result.unwrap();
        }
        messages.len()
    }

    /// Moves the clock to the next attempt that is due later, and makes it. False if there is none.
    pub async fn send_next(&self) -> bool {
        let deliveries = self.deliveries().await.into_iter();
        let pending = deliveries.filter(|row| row.state == DeliveryState::Pending);
        let Some(next) = pending.map(|row| row.due_at).min() else {
            return false;
        };
        self.wait_until(next);
        self.send().await > 0
    }

    fn wait_until(&self, at: Timestamp) {
        let now = self.app.clock.now();
        let seconds = at.as_second() + 1 - now.as_second();
        self.app.clock.advance(seconds.max(0));
    }

    /// The items of the workspace table whose sort key begins with this.
    pub async fn items(&self, prefix: &str) -> Vec<Item> {
        let stored = self.app.everything().await.items.into_iter();
        let of_workspace = stored.filter(|(role, item)| {
            let sort = item.get("sk").map(AttributeValue::as_s);
            *role == "workspace" && sort.is_some_and(|sort| sort.unwrap().starts_with(prefix))
        });
        of_workspace.map(|(_, item)| item).collect()
    }
}

/// The message of a delivery's next attempt.
pub fn message(row: &DeliveryRow) -> String {
    let (made, put_off) = row.turn();
    let task = Task::Deliver(Deliver {
        account: row.account,
        webhook: row.webhook,
        delivery: row.delivery,
        made,
        put_off,
    });
    serde_json::to_string(&task).unwrap()
}
