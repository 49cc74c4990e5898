//! Forwarding deliveries to this machine, from an API and to a program that the tests play.

mod at_once;
mod pages;
mod refusals;
mod retried;

use std::time::Duration;

use assay::Outcome;
use auth::RawKey;
use config::Env;
use serde_json::{Value, json};
use tests::{Arrived, Conduct, Screen, Web};
use types::{Clock, DeliveryId, EventId, Product, Timestamp, WebhookId, whole_second};

const PATH: &str = "api/v1/webhooks";
const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// An account with webhooks, and a program.
struct Set {
    api: Web,
    program: Web,
    /// Where to forward to.
    to: String,
    screen: Screen,
    key: String,
    webhooks: Vec<WebhookId>,
    now: Timestamp,
}

/// A delivery of an event that happened some seconds ago.
#[derive(Clone, Copy)]
struct Made {
    id: DeliveryId,
    created_at: Timestamp,
}

impl Made {
    fn body(self) -> String {
        // Other programs would write it in another way.
        format!(
            r#"{{"type":"score_change","id":"{}","data":{{"b":1.50,"a":"é"}}}}"#,
            self.event()
        )
    }

    fn event(self) -> EventId {
        self.id.of_kind()
    }

    fn listed(self) -> Value {
        json!({ "id": self.id, "created_at": self.created_at, "state": "pending" })
    }
}

impl Set {
    /// With as many webhooks, whose lists of deliveries are empty.
    fn with(webhooks: usize) -> Self {
        let (now, program) = (Clock::system().now(), Web::start());
        let set = Self {
            api: Web::start(),
            to: format!("{}/hook", program.url()),
            program,
            screen: Screen::default(),
            key: RawKey::generate(Product::Liquidity).reveal().into_owned(),
            webhooks: (0..webhooks).map(|_| WebhookId::new(now)).collect(),
            now,
        };
        let listed = set.webhooks.iter().map(|id| {
            json!({ "id": id, "name": "Monitor", "url": "https://example.com/hook", "active": true })
        });
        let list = json!({ "webhooks": listed.collect::<Vec<Value>>() });
        set.api.answer(PATH, &list.to_string());
        for webhook in &set.webhooks {
            set.list(*webhook, &[]);
        }
        set.program
            .tell("hook", Conduct::Answers(200, "", "thanks".to_owned()));
        set
    }

    /// A delivery that a webhook has, and that is not listed yet.
    fn make(&self, webhook: WebhookId, seconds_ago: i64) -> Made {
        let at = Timestamp::from_second(self.now.as_second() - seconds_ago).unwrap();
        let made = Made {
            id: DeliveryId::new(at),
            created_at: whole_second(at),
        };
        let body = made.body();
        let whole = format!(
            r#"{{"id":"{}","event_id":"{}","event_type":"score_change","state":"pending","attempts":[],"body":{body}}}"#,
            made.id,
            made.event()
        );
        let path = format!("{PATH}/{webhook}/deliveries/{}", made.id);
        self.api.answer(&path, &whole);
        made
    }

    /// Lists these deliveries on one page, the newest event first.
    fn list(&self, webhook: WebhookId, deliveries: &[Made]) {
        self.page(webhook, "", deliveries, None);
    }

    fn page(&self, webhook: WebhookId, cursor: &str, deliveries: &[Made], next: Option<&Made>) {
        let mut page = json!({ "deliveries": deliveries.iter().map(|made| made.listed()).collect::<Vec<Value>>() });
        if let Some(next) = next {
            page["next_cursor"] = json!(next.id);
        }
        let path = format!("{PATH}/{webhook}/deliveries?limit=100{cursor}");
        self.api.answer(&path, &page.to_string());
    }

    /// Runs the command, looking every second, until `script` has ended or the command ends by itself.
    async fn tail(&self, words: &[&str], script: impl AsyncFnOnce(&Self)) -> Outcome {
        let all = ["assay", "webhook", "tail", "--interval", "1", "--to"];
        let env = Env::from_pairs([("ASSAY_BASE", self.api.url()), ("ASSAY_KEY", &self.key)]);
        let all = [&all[..], &[&self.to], words].concat();
        let running = assay::run_on(&self.screen, all, env, Clock::system());
        let mut running = Box::pin(running);
        tokio::select! {
            outcome = &mut running => return outcome,
            () = script(self) => self.screen.interrupt(),
        }
        running.await
    }

    /// Returns when the command has looked this often since.
    async fn looks(&self, times: usize) {
        let mut looks = 0;
        while looks < times {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let seen = self.api.seen().into_iter();
            looks += seen.filter(|request| request.contains("?limit=")).count();
        }
    }

    async fn is_ready(&self) {
        self.screen.has_noted("end with Ctrl-C").await;
    }

    fn arrived(&self) -> Vec<Arrived> {
        let seen = self.program.seen();
        seen.iter().map(|request| Arrived::of(request)).collect()
    }
}

#[track_caller]
fn ends_well(outcome: &Outcome) {
    let Outcome {
        stdout,
        stderr,
        code,
    } = outcome;
    assert_eq!((*code, &**stdout, &**stderr), (0, "", ""));
}

#[tokio::test]
async fn a_delivery_is_forwarded_once_as_receivers_get_it() {
    let set = Set::with(1);
    let webhook = set.webhooks[0];
    let before = set.make(webhook, 1);
    set.list(webhook, &[before]);
    let new = set.make(webhook, 0);
    let outcome = set
        .tail(&["--secret", SECRET], async |set: &Set| {
            set.is_ready().await;
            let called = set.api.seen();
            let bearer = format!("authorization: Bearer {}\r\n", set.key);
            assert!(called.iter().all(|request| request.contains(&bearer)));
            set.list(webhook, &[new, before]);
            set.screen.has_printed(1).await;
            set.looks(3).await;
        })
        .await;
    ends_well(&outcome);
    let arrived = set.arrived();
    let [request] = arrived.as_slice() else {
        panic!("{arrived:#?}")
    };
    assert_eq!(request.body, new.body());
    assert!(request.head.starts_with("POST /hook HTTP/1.1"));
    assert!(request.is_signed_by(SECRET) && request.is_standard_by(SECRET));
    assert_eq!(request.header("webhook-id"), new.event().to_string());
    assert_eq!(request.header("x-intliq-event"), "score_change");
    assert_eq!(request.header("x-intliq-delivery-id"), new.id.to_string());
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("user-agent"), "Assay-Webhooks/1");
    let printed = set.screen.printed();
    let (begins, ends) = (format!("  score_change  {}  → 200 in ", new.id), " ms");
    assert!(
        printed[0].contains(&begins) && printed[0].ends_with(ends),
        "{printed:?}"
    );
    let notes = set.screen.notes();
    assert_eq!(
        notes[0],
        format!("{webhook}  Monitor  https://example.com/hook")
    );
    assert!(
        !notes.iter().any(|note| note.contains("whsec_")),
        "{notes:?}"
    );
    assert_eq!(notes.last().unwrap(), "forwarded 1: 1 accepted, 0 failed");
}

#[tokio::test]
async fn without_a_secret_a_new_one_is_printed() {
    let set = Set::with(1);
    let new = set.make(set.webhooks[0], 0);
    let outcome = set
        .tail(&[], async |set: &Set| {
            set.is_ready().await;
            set.list(set.webhooks[0], &[new]);
            set.screen.has_printed(1).await;
        })
        .await;
    ends_well(&outcome);
    let note = set.screen.has_noted("verify with: ").await;
    let secret = note.strip_prefix("verify with: ").unwrap();
    let arrived = set.arrived();
    assert!(arrived[0].is_signed_by(secret) && arrived[0].is_standard_by(secret));
    assert!(!arrived[0].is_signed_by(SECRET));
}

#[tokio::test]
async fn a_program_that_fails_or_is_down_is_said_and_the_next_delivery_goes_on() {
    let mut set = Set::with(1);
    let webhook = set.webhooks[0];
    let all = [set.make(webhook, 0), set.make(webhook, 0)];
    let down = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = down.local_addr().unwrap();
    drop(down);
    set.to = format!("http://{address}/hook");
    let outcome = set
        .tail(&["--json"], async |set: &Set| {
            set.is_ready().await;
            for count in 1..=2 {
                set.list(webhook, &all[..count]);
                set.screen.has_printed(count).await;
            }
        })
        .await;
    ends_well(&outcome);
    let lines = set.screen.printed();
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (line, made) in lines.iter().zip(&all) {
        assert_eq!(line["delivery_id"], json!(made.id));
        assert_eq!(line["event_id"], json!(made.event()));
        assert_eq!(line["status"], Value::Null);
        let error = line["error"].as_str().unwrap();
        assert!(error.starts_with("no connection: "), "{error}");
    }
    assert_eq!(
        set.screen.notes().last().unwrap(),
        "forwarded 2: 0 accepted, 2 failed"
    );

    let failing = Set::with(1);
    let webhook = failing.webhooks[0];
    failing
        .program
        .tell("hook", Conduct::Answers(500, "", String::new()));
    let made = failing.make(webhook, 0);
    let outcome = failing
        .tail(&["--json"], async |set: &Set| {
            set.is_ready().await;
            set.list(webhook, &[made]);
            set.screen.has_printed(1).await;
        })
        .await;
    ends_well(&outcome);
    let line: Value = serde_json::from_str(&failing.screen.printed()[0]).unwrap();
    assert_eq!(
        (&line["status"], &line["error"]),
        (&json!(500), &Value::Null)
    );
    assert_eq!(
        failing.screen.notes().last().unwrap(),
        "forwarded 1: 0 accepted, 1 failed"
    );
}

#[tokio::test]
async fn every_webhook_or_the_one_that_is_named() {
    let set = Set::with(2);
    let [first, second] = [set.webhooks[0], set.webhooks[1]];
    let (of_first, of_second) = (set.make(first, 0), set.make(second, 0));
    let outcome = set
        .tail(&[], async |set: &Set| {
            set.is_ready().await;
            set.list(first, &[of_first]);
            set.list(second, &[of_second]);
            set.screen.has_printed(2).await;
        })
        .await;
    ends_well(&outcome);

    let set = Set::with(2);
    let [first, second] = [set.webhooks[0], set.webhooks[1]];
    let (of_first, of_second) = (set.make(first, 0), set.make(second, 0));
    let named = second.to_string();
    let outcome = set
        .tail(&["--webhook", &named], async |set: &Set| {
            set.is_ready().await;
            set.list(first, &[of_first]);
            set.list(second, &[of_second]);
            set.screen.has_printed(1).await;
            set.looks(2).await;
        })
        .await;
    ends_well(&outcome);
    let ids: Vec<String> = set
        .arrived()
        .iter()
        .map(|one| one.header("x-intliq-delivery-id").to_owned())
        .collect();
    assert_eq!(ids, [of_second.id.to_string()]);
}
