//! Webhooks: what an account sets, and what becomes of each event.

mod deaths;
mod delivered;
mod described;
mod endpoints;
mod failing;
mod limits;
mod recovery;
mod stats;
mod unreachable;

use http::Method;
use serde_json::{Value, json};
use tests::{Answer, Conduct, Customer, TestApp, Web, Webhooks};
use types::Product;
use workspace::{Event, EventPayload};

const PATH: &str = "/api/v1/webhooks";
const EVENT: &str = "quota.warning";

/// An account with a webhook on a web of its own.
struct Set {
    product: Product,
    base: &'static str,
    web: Web,
    workers: Webhooks,
    customer: Customer,
    webhook: Value,
    secret: String,
}

impl Set {
    async fn up() -> Self {
        Self::on(
            TestApp::new().await,
            (Product::Liquidity, "professional"),
            PATH,
        )
        .await
    }

    /// One of portal, whose smallest plan limits the deliveries of a month.
    async fn of_portal() -> Self {
        Self::on(
            TestApp::new().await,
            (Product::Portal, "free"),
            "/v1/webhooks",
        )
        .await
    }

    async fn on(app: TestApp, (product, plan): (Product, &str), base: &'static str) -> Self {
        let web = Web::start();
        let workers = app.webhooks(&web).await;
        let customer = workers.app.customer_on(product, plan, 0).await;
        let body = json!({ "name": "Score Monitor", "url": url(&web, "/hook"), "events": [EVENT] });
        let made = workers
            .app
            .post(base)
            .key(&customer)
            .json(&body)
            .send()
            .await;
        let made = made.expect(201).json;
        Self {
            product,
            base,
            web,
            workers,
            customer,
            secret: made["secret"].as_str().unwrap().to_owned(),
            webhook: made["webhook"].clone(),
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("{}/{}{rest}", self.base, self.id())
    }

    fn id(&self) -> &str {
        self.webhook["id"].as_str().unwrap()
    }

    async fn call(&self, method: Method, rest: &str, body: Option<Value>) -> Answer {
        let call = self.workers.app.call(method, &self.path(rest));
        let call = call.key(&self.customer);
        match body {
            Some(body) => call.json(&body).send().await,
            None => call.send().await,
        }
    }

    async fn read(&self, rest: &str) -> Value {
        self.call(Method::GET, rest, None).await.expect(200).json
    }

    /// Says how the endpoint behaves.
    fn behaves(&self, conduct: Conduct) {
        self.web.tell("hook", conduct);
    }

    /// Another webhook of the account.
    async fn another(&self) {
        self.another_of(&[EVENT]).await;
    }

    /// The same, for events of these types.
    async fn another_of(&self, events: &[&str]) {
        let url = url(&self.web, "/another");
        let body = json!({ "name": "Another", "url": url, "events": events });
        let made = self
            .workers
            .app
            .post(self.base)
            .key(&self.customer)
            .json(&body);
        made.send().await.expect(201);
    }

    /// Something happens to the account, which becomes a delivery for each webhook that is sent it.
    async fn happens(&self, percent: u8) {
        self.store_event(percent).await;
        self.workers.dispatch().await;
    }

    /// Something happens to the account.
    async fn store_event(&self, percent: u8) {
        let app = &self.workers.app;
        let payload = EventPayload::QuotaWarning {
            percent,
            limit_calls: 10_000,
            used_calls: 8_000,
        };
        let event = Event::new(self.product, app.clock.now(), payload);
        let stored = app.workspace.record_event(self.customer.account, &event);
        stored.await.unwrap();
    }

    /// The account's events of a kind, as stored.
    async fn told(&self, kind: &str) -> Vec<EventPayload> {
        let stored = self.workers.app.stored_events(self.customer.account).await;
        let payloads = stored.into_iter().map(|event| event.payload);
        payloads.filter(|payload| payload.kind() == kind).collect()
    }
}

fn url(web: &Web, path: &str) -> String {
    format!("{}{path}", web.url())
}

async fn register(app: &TestApp, customer: &Customer, url: &str, events: &[&str]) -> Answer {
    let body = json!({ "name": "Score Monitor", "url": url, "events": events });
    app.post(PATH).key(customer).json(&body).send().await
}
