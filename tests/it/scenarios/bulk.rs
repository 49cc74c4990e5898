use std::rc::Rc;

use bulk::Attempt;
use config::Env;
use intent::Kind;
use outbox::Outbox;
use tests::{Customer, known};
use types::{JobId, Product};

use super::{Act, Scenario, Stage};

const PATH: &str = "/api/v1/score/bulk";

/// Rows of a job of four chunks. Of the first chunk of 50 nothing is known; of the others a signal each, and from the third
/// on scores are kept.
const ROWS: usize = 160;
const FIRST_KNOWN: usize = 50;
const FIRST_KEPT: usize = 100;

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = submissions();
    all.extend(jobs());
    all.extend(outbox());
    all.extend(chunks());
    all
}

fn submissions() -> Vec<Scenario> {
    vec![
        Scenario::new("bulk: submit 50 rows", async |stage| {
            let customer = known_to(&stage).await;
            submit(&stage, &customer, 50, None)
        }),
        Scenario::new("bulk: submit 1,000 rows", async |stage| {
            let customer = known_to(&stage).await;
            submit(&stage, &customer, 1_000, None)
        }),
        Scenario::new(
            "bulk: submit 50 rows, with an idempotency key",
            async |stage| {
                let customer = known_to(&stage).await;
                submit(&stage, &customer, 50, Some("a key of this test"))
            },
        ),
        Scenario::new("bulk: submit 50 rows, replayed", async |stage| {
            let customer = known_to(&stage).await;
            let submit = submit(&stage, &customer, 50, Some("a key of this test"));
            submit.once_before().await
        }),
    ]
}

fn jobs() -> Vec<Scenario> {
    vec![
        Scenario::new("bulk: list, 3 jobs", async |stage| {
            let customer = known_to(&stage).await;
            for rows in [ROWS, 50, 50] {
                stage.app.submit(&customer, &file(rows)).await;
            }
            get(&stage, &customer, PATH.to_owned())
        }),
        Scenario::new("bulk: job, running", async |stage| {
            let customer = known_to(&stage).await;
            let job = counted(&stage, &customer, ROWS, 3).await;
            get(&stage, &customer, format!("{PATH}/{job}"))
        }),
        Scenario::new("bulk: job, done", async |stage| {
            let customer = known_to(&stage).await;
            let job = counted(&stage, &customer, 50, 1).await;
            get(&stage, &customer, format!("{PATH}/{job}"))
        }),
        Scenario::new("bulk: cancel, 3 of 4 chunks counted", async |stage| {
            let customer = known_to(&stage).await;
            let job = counted(&stage, &customer, ROWS, 3).await;
            let path = format!("{PATH}/{job}/cancel");
            Act::call(200, move || stage.subject.post(&path).key(&customer)).repeatable()
        }),
    ]
}

fn outbox() -> Vec<Scenario> {
    vec![
        Scenario::new("outbox: job of 1 chunk", async |stage| {
            send(&stage, 50).await
        }),
        Scenario::new("outbox: job of 5 chunks", async |stage| {
            send(&stage, 1_000).await
        }),
    ]
}

fn chunks() -> Vec<Scenario> {
    vec![
        Scenario::new("bulk-worker: 50 rows, nothing known", async |stage| {
            let customer = known_to(&stage).await;
            let job = counted(&stage, &customer, ROWS, 0).await;
            chunk(&stage, &customer, job, 0).await
        }),
        Scenario::new("bulk-worker: 50 rows, computed", async |stage| {
            let customer = known_to(&stage).await;
            know(&stage, FIRST_KNOWN).await;
            let job = counted(&stage, &customer, ROWS, 0).await;
            chunk(&stage, &customer, job, 1).await
        }),
        Scenario::new("bulk-worker: 50 rows, kept", async |stage| {
            let customer = known_to(&stage).await;
            for domain in know(&stage, FIRST_KEPT).await {
                let score = stage.app.get(&format!("/api/v1/score?domain={domain}"));
                score.key(&customer).send().await.expect(200);
            }
            let job = counted(&stage, &customer, ROWS, 0).await;
            chunk(&stage, &customer, job, 2).await
        }),
        Scenario::new("bulk-undeliverable: 50 rows of 160", async |stage| {
            let customer = known_to(&stage).await;
            let job = counted(&stage, &customer, ROWS, 0).await;
            attempt(&stage, &customer, job, 0, Attempt::GiveUp).await
        }),
        Scenario::new("bulk-worker: 50 rows, delivered again", async |stage| {
            let customer = known_to(&stage).await;
            let job = counted(&stage, &customer, ROWS, 1).await;
            chunk(&stage, &customer, job, 0).await
        }),
        Scenario::new(
            "bulk-worker: 50 rows and the result, 1 chunk",
            async |stage| {
                let customer = known_to(&stage).await;
                let job = counted(&stage, &customer, 50, 0).await;
                chunk(&stage, &customer, job, 0).await
            },
        ),
        Scenario::new(
            "bulk-worker: 200 rows and the result, 5 chunks",
            async |stage| {
                let customer = known_to(&stage).await;
                let job = counted(&stage, &customer, 1_000, 4).await;
                chunk(&stage, &customer, job, 4).await
            },
        ),
    ]
}

fn file(rows: usize) -> String {
    let rows: Vec<String> = (0..rows).map(domain).collect();
    format!("domain\n{}\n", rows.join("\n"))
}

fn domain(row: usize) -> String {
    format!("company{row}.com")
}

/// A customer whose key the instance remembers.
async fn known_to(stage: &Stage) -> Customer {
    let customer = stage.app.customer_on(Product::Intent, "scale", 5_000);
    let customer = customer.await;
    get(stage, &customer, PATH.to_owned()).once_before().await;
    customer
}

fn get(stage: &Stage, customer: &Customer, path: String) -> Act {
    let (app, customer) = (stage.subject.clone(), customer.clone());
    Act::call(200, move || app.get(&path).key(&customer))
}

fn submit(stage: &Stage, customer: &Customer, rows: usize, key: Option<&'static str>) -> Act {
    let (app, customer) = (stage.subject.clone(), customer.clone());
    let act = Act::call(202, move || {
        let submit = app.post(PATH).key(&customer).csv(&file(rows));
        match key {
            Some(key) => submit.header("idempotency-key", key),
            None => submit,
        }
    });
    if key.is_some() { act.repeatable() } else { act }
}

/// A signal of each company of the chunk that begins with this row.
async fn know(stage: &Stage, first: usize) -> Vec<String> {
    let rows = first..first + stage.size(50, 2);
    let domains: Vec<String> = rows.map(domain).collect();
    for domain in &domains {
        stage
            .app
            .publish(domain, known(Kind::Hiring, 10, "1"))
            .await;
    }
    domains
}

/// A job of which the first chunks are counted.
async fn counted(stage: &Stage, customer: &Customer, rows: usize, chunks: usize) -> JobId {
    let job = stage.app.submit(customer, &file(rows)).await;
    let worker = stage.app.worker();
    for message in &stage.app.messages(customer, job).await[..chunks] {
        worker.handle(message, Attempt::Score).await.unwrap();
    }
    job
}

/// A worker's message.
async fn chunk(stage: &Stage, customer: &Customer, job: JobId, number: usize) -> Act {
    attempt(stage, customer, job, number, Attempt::Score).await
}

/// The same, or of one that gives up.
async fn attempt(
    stage: &Stage,
    customer: &Customer,
    job: JobId,
    number: usize,
    attempt: Attempt,
) -> Act {
    let message: Rc<str> = stage.app.messages(customer, job).await[number]
        .as_str()
        .into();
    let worker = stage.subject.worker();
    Act::work(move || {
        let (worker, message) = (worker.clone(), message.clone());
        async move { worker.handle(&message, attempt).await }
    })
}

/// The outbox's messages of a job, to a queue that nobody consumes.
async fn send(stage: &Stage, rows: usize) -> Act {
    let customer = known_to(stage).await;
    let job = stage.app.submit(&customer, &file(rows)).await;
    let queue = stage.app.queues().await.source;
    let env = Env::from_pairs(vec![("BULK_QUEUE_URL", queue)]);
    let outbox = Rc::new(Outbox::from_env(&env, &stage.subject.aws).unwrap());
    let row: serde_dynamo::Item =
        serde_dynamo::to_item(stage.app.job(&customer, job).await).unwrap();
    Act::work(move || {
        let (outbox, row) = (outbox.clone(), row.clone());
        async move { outbox.send(row).await }
    })
}
