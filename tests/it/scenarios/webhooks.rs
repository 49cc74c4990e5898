use http::Method;
use serde_json::{Value, json};
use tests::{Call, Conduct, Customer, Web, Webhooks, message};
use types::{EventId, Product, Timestamp};
use webhook_store::{Deliveries, DeliveryRow, DeliveryState, RecoveryRow};
use workspace::{Event, EventPayload};

use super::{Act, Scenario, Stage};

const EVENT: &str = "quota.warning";

/// A product with webhooks, a plan that includes them, and where they are. Those of intent are where those of liquidity are.
const PRODUCTS: [(&str, Product, &str, &str); 2] = [
    (
        "webhooks of liquidity",
        Product::Liquidity,
        "professional",
        "/api/v1",
    ),
    ("webhooks of portal", Product::Portal, "pro", "/v1"),
];

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all: Vec<Scenario> = PRODUCTS.into_iter().flat_map(of).collect();
    all.extend(workers());
    all
}

/// One call of each endpoint of a product.
fn of(
    (name, product, plan, base): (&'static str, Product, &'static str, &'static str),
) -> Vec<Scenario> {
    let scenario = move |what: &str, act: fn(Set) -> Act| {
        let name: &'static str = format!("{name}: {what}").leak();
        Scenario::new(name, move |stage: Stage| async move {
            let set = Set::up(&stage, product, plan, base).await;
            set.subject().recover().await;
            act(set)
        })
    };
    vec![
        scenario("create", |set| {
            let body = set.form("/another");
            set.on(201, Method::POST, "", Some(body))
        }),
        scenario("create, with a key", |set| {
            let body = set.form("/another");
            let act = move |set: &Set| {
                let call = set.call(Method::POST, "", Some(&body));
                call.header("idempotency-key", "a key of this test")
            };
            Act::call(201, move || act(&set)).repeatable()
        }),
        scenario("list of 1", |set| set.on(200, Method::GET, "", None)),
        scenario("read", |set| set.of_one(200, Method::GET, "", None)),
        scenario("change", |set| {
            set.of_one(200, Method::PATCH, "", Some(json!({ "name": "Another" })))
        }),
        scenario("change of events", |set| {
            let change = json!({ "events": [EVENT, "key.leaked"] });
            set.of_one(200, Method::PATCH, "", Some(change))
        }),
        scenario("remove", |set| set.of_one(200, Method::DELETE, "", None)),
        scenario("disable", |set| {
            set.of_one(200, Method::POST, "/disable", None)
        }),
        scenario("enable", |set| {
            set.of_one(200, Method::POST, "/enable", None)
        }),
        scenario("rotate the secret", |set| {
            set.of_one(200, Method::POST, "/rotate-secret", Some(json!({})))
        })
        .only_measured(),
        scenario("rotate the secret, with a key", |set| {
            let path = format!("/{}/rotate-secret", set.webhook);
            let act = move |set: &Set| {
                let call = set.call(Method::POST, &path, Some(&json!({})));
                call.header("idempotency-key", "a key of this test")
            };
            Act::call(200, move || act(&set)).repeatable()
        }),
        scenario("test", |set| {
            set.of_one(202, Method::POST, "/test", Some(json!({})))
        }),
        scenario("deliveries", |set| {
            set.of_one(200, Method::GET, "/deliveries", None)
        }),
        scenario("delivery", |set| {
            let rest = format!("/deliveries/{}", set.delivery);
            set.of_one(200, Method::GET, &rest, None)
        }),
        scenario("resend", |set| {
            let rest = format!("/deliveries/{}/resend", set.delivery);
            set.of_one(202, Method::POST, &rest, None)
        }),
        scenario("recover", |set| {
            set.of_one(
                202,
                Method::POST,
                "/recover",
                Some(json!({ "since": "2026-11-01" })),
            )
        })
        .only_measured(),
        scenario("recover, with a key", |set| {
            let path = format!("/{}/recover", set.webhook);
            let act = move |set: &Set| {
                let call = set.call(Method::POST, &path, Some(&json!({ "since": "2026-11-01" })));
                call.header("idempotency-key", "a key of this test")
            };
            Act::call(202, move || act(&set)).repeatable()
        }),
        scenario("recovery", |set| {
            set.of_one(200, Method::GET, "/recover", None)
        }),
        scenario("stats", |set| set.of_one(200, Method::GET, "/stats", None)),
        scenario("types of events", |set| {
            let (base, set) = (set.base, set);
            Act::call(200, move || {
                let get = set.stage.subject.get(&format!("{base}/event-types"));
                get.key(&set.customer)
            })
        }),
    ]
}

fn workers() -> Vec<Scenario> {
    let (_, product, plan, base) = PRODUCTS[0];
    let worker = move |name: &'static str, act: fn(Set) -> Act| {
        Scenario::new(name, move |stage: Stage| async move {
            act(Set::up(&stage, product, plan, base).await)
        })
    };
    let put_off = move |stage: Stage| async move {
        let set = Set::up(&stage, product, plan, base).await;
        set.limit().await;
        set.send()
    };
    let of_portal = |stage: Stage| async move {
        let (_, product, plan, base) = PRODUCTS[1];
        Set::up(&stage, product, plan, base).await.dispatch()
    };
    vec![
        worker("webhook-dispatcher: event for 1 webhook", Set::dispatch),
        Scenario::new(
            "webhook-dispatcher: event for 1 webhook, of portal",
            of_portal,
        ),
        Scenario::new("webhook-sender: put off by a limit", put_off),
        worker("webhook-dispatcher: delivery", |set| {
            let workers = set.subject();
            let delivery = set.stored.clone();
            Act::work(move || {
                let (workers, delivery) = (workers.clone(), delivery.clone());
                async move { workers.dispatcher.dispatch(delivery.into()).await }
            })
        }),
        worker("webhook-dispatcher: recovery of 1 delivery", |set| {
            let workers = set.subject();
            let recovery = set.recovery.clone();
            Act::work(move || {
                let (workers, recovery) = (workers.clone(), recovery.clone());
                async move { workers.dispatcher.dispatch(recovery.into()).await }
            })
        }),
        worker("webhook-sender: delivered", |set| {
            set.web
                .tell("hook", Conduct::Answers(200, "", String::new()));
            set.send()
        }),
        worker("webhook-sender: refused", |set| {
            set.web
                .tell("hook", Conduct::Answers(500, "", String::new()));
            set.send()
        }),
    ]
}

/// An account with a webhook that was sent an event, which waits for its first attempt, and a recovery of one that was canceled before.
struct Set {
    stage: Stage,
    web: Web,
    base: &'static str,
    customer: Customer,
    webhook: String,
    delivery: String,
    message: String,
    event: tests::Item,
    stored: tests::Item,
    recovery: tests::Item,
    queue: String,
}

impl Set {
    async fn up(stage: &Stage, product: Product, plan: &str, base: &'static str) -> Self {
        let web = Web::start();
        let workers = stage.app.webhooks(&web).await;
        let subject = stage
            .subject
            .with_variable("OUTBOUND_ALLOWED_ORIGINS", web.url());
        let customer = workers.app.customer_on(product, plan, 0).await;
        let path = format!("{base}/webhooks");
        let form =
            json!({ "name": "Monitor", "url": format!("{}/hook", web.url()), "events": [EVENT] });
        let made = workers
            .app
            .post(&path)
            .key(&customer)
            .json(&form)
            .send()
            .await;
        let webhook = made.expect(201).json["webhook"]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let now = workers.app.clock.now();
        let payload = EventPayload::QuotaWarning {
            percent: 80,
            limit_calls: 10,
            used_calls: 8,
        };
        let event = Event::new(product, now, payload);
        let account = customer.account;
        workers
            .app
            .workspace
            .record_event(account, &event)
            .await
            .unwrap();
        workers.dispatch().await;
        let row = workers.deliveries().await.remove(0);
        let stored = workers.items("DELIVERY#").await.remove(0);
        let recovery = recovery(&workers, &row).await;
        let stage = Stage {
            subject,
            ..stage.clone()
        };
        // The instance knows the key.
        let set = Self {
            event: event.stored(account).unwrap(),
            stored,
            recovery,
            message: message(&row),
            delivery: row.delivery.to_string(),
            queue: workers.queue.clone(),
            stage,
            web,
            base,
            customer,
            webhook,
        };
        let known = set.call(Method::GET, "", None).send().await;
        known.expect(200);
        set
    }

    /// The workers as they are measured, or made to fail.
    fn subject(&self) -> Webhooks {
        Webhooks::of(&self.stage.subject, self.queue.clone())
    }

    fn form(&self, path: &str) -> Value {
        json!({ "name": "Monitor", "url": format!("{}{path}", self.web.url()), "events": [EVENT] })
    }

    fn call(&self, method: Method, rest: &str, body: Option<&Value>) -> Call {
        let path = format!("{}/webhooks{rest}", self.base);
        let call = self.stage.subject.call(method, &path).key(&self.customer);
        match body {
            Some(body) => call.json(body),
            None => call,
        }
    }

    fn on(self, status: u16, method: Method, rest: &str, body: Option<Value>) -> Act {
        let rest = rest.to_owned();
        Act::call(status, move || {
            self.call(method.clone(), &rest, body.as_ref())
        })
    }

    fn of_one(self, status: u16, method: Method, rest: &str, body: Option<Value>) -> Act {
        let rest = format!("/{}{rest}", self.webhook);
        self.on(status, method, &rest, body)
    }

    /// Limits its requests to one a minute, of which the next one has to wait for an hour.
    async fn limit(&self) {
        let path = format!("/{}", self.webhook);
        let changed = self.call(Method::PATCH, &path, Some(&json!({ "rate_limit": 1 })));
        changed.send().await.expect(200);
        let app = &self.stage.app;
        let next = app.clock.now().as_millisecond() + 3_600_000;
        let pk = format!("ACCT#{}", self.customer.account);
        let sk = format!("WEBHOOK#liquidity#{}", self.webhook);
        app.set_number(&pk, &sk, "next_turn", next).await;
    }

    fn dispatch(self) -> Act {
        let workers = self.subject();
        Act::work(move || {
            let (workers, event) = (workers.clone(), self.event.clone());
            async move { workers.dispatcher.dispatch(event.into()).await }
        })
    }

    fn send(self) -> Act {
        let workers = self.subject();
        Act::work(move || {
            let (workers, message) = (workers.clone(), self.message.clone());
            async move { workers.sender.handle(&message).await }
        })
    }
}

/// Stores a delivery of the same webhook that was canceled an hour before, and a recovery that is about to see it.
async fn recovery(workers: &Webhooks, of: &DeliveryRow) -> tests::Item {
    let deliveries = Deliveries::new(&workers.app.workspace);
    let at = |seconds| Timestamp::from_second(of.created_at.as_second() - seconds).unwrap();
    let event = EventId::from_parts(at(3_600), 1);
    let canceled = DeliveryRow {
        state: DeliveryState::Canceled,
        ..DeliveryRow::new(of.owner(), (event, EVENT, at(3_600)), "{}".to_owned())
    };
    deliveries.create(&canceled).await.unwrap();
    let span = (at(7_200), at(60));
    let new = RecoveryRow::new(of.owner(), "run".to_owned(), span, of.created_at);
    deliveries.begin_recovery(&new).await.unwrap().unwrap();
    workers.items("RECOVERY").await.remove(0)
}
