use bench::costs::Cost;
use bulk::Attempt;
use config::Env;
use intent::Kind;
use outbox::Outbox;
use tests::{Counted, Customer, Stack, known};
use types::{JobId, Product};

use super::{Measured, cost};

const PATH: &str = "/api/v1/score/bulk";

/// Of the first chunk of 50 nothing is known; of the others a signal each; and from the third on scores are kept.
const FIRST_KNOWN: usize = 50;
const FIRST_KEPT: usize = 100;
const ROWS: usize = 160;

fn file(rows: usize) -> String {
    let rows: Vec<String> = (0..rows).map(domain).collect();
    format!("domain\n{}\n", rows.join("\n"))
}

fn domain(row: usize) -> String {
    format!("company{row}.com")
}

pub(super) async fn measure() -> Measured {
    let measured = Counted::new().await;
    let customer = measured.app.customer_on(Product::Intent, "scale", 5_000);
    let customer = customer.await;
    know(&measured, &customer).await;
    let app = &measured.counted;
    let of_job = async |job: JobId| {
        let call = app.get(&format!("{PATH}/{job}")).key(&customer);
        cost(&measured, call, 200).await
    };
    // Remembers the key.
    cost(&measured, app.get(PATH).key(&customer), 200).await;

    let some = app.submit(&customer, &file(ROWS)).await;
    let unknown = chunk(&measured, &customer, some, 0).await;
    let computed = chunk(&measured, &customer, some, 1).await;
    let kept = chunk(&measured, &customer, some, 2).await;
    let again = chunk(&measured, &customer, some, 0).await;
    let running = of_job(some).await;
    let path = format!("{PATH}/{some}/cancel");
    let cancel = cost(&measured, app.post(&path).key(&customer), 200).await;

    let (submit_one, one) = measured.cost_of(app.submit(&customer, &file(50))).await;
    let send_one = send(&measured, &customer, one).await;
    let only = chunk(&measured, &customer, one, 0).await;
    let done = of_job(one).await;

    let (submit_all, all) = measured.cost_of(app.submit(&customer, &file(1_000))).await;
    let send_all = send(&measured, &customer, all).await;
    for number in 0..4 {
        chunk(&measured, &customer, all, number).await;
    }
    let final_chunk = chunk(&measured, &customer, all, 4).await;
    let list = cost(&measured, app.get(PATH).key(&customer), 200).await;
    let repeated = || {
        let submit = app.post(PATH).key(&customer).csv(&file(50));
        submit.header("idempotency-key", "a key of this test")
    };
    let first_run = cost(&measured, repeated(), 202).await;
    let replay = cost(&measured, repeated(), 202).await;
    vec![
        ("bulk: submit 50 rows", submit_one),
        ("bulk: submit 1,000 rows", submit_all),
        ("bulk: submit 50 rows, with an idempotency key", first_run),
        ("bulk: submit 50 rows, replayed", replay),
        ("bulk: list, 3 jobs", list),
        ("bulk: job, running", running),
        ("bulk: job, done", done),
        ("bulk: cancel, 3 of 4 chunks counted", cancel),
        ("outbox: job of 1 chunk", send_one),
        ("outbox: job of 5 chunks", send_all),
        ("bulk-worker: 50 rows, nothing known", unknown),
        ("bulk-worker: 50 rows, computed", computed),
        ("bulk-worker: 50 rows, kept", kept),
        ("bulk-worker: 50 rows, delivered again", again),
        ("bulk-worker: 50 rows and the result, 1 chunk", only),
        (
            "bulk-worker: 200 rows and the result, 5 chunks",
            final_chunk,
        ),
    ]
}

async fn know(measured: &Counted, customer: &Customer) {
    for row in FIRST_KNOWN..ROWS {
        measured
            .app
            .publish(&domain(row), known(Kind::Hiring, 10, "1"))
            .await;
    }
    for row in FIRST_KEPT..ROWS {
        let path = format!("/api/v1/score?domain={}", domain(row));
        measured
            .app
            .get(&path)
            .key(customer)
            .send()
            .await
            .expect(200);
    }
}

/// What a worker's message costs.
async fn chunk(measured: &Counted, customer: &Customer, job: JobId, number: usize) -> Cost {
    let messages = measured.app.messages(customer, job).await;
    let worker = measured.counted.worker();
    let work = worker.handle(&messages[number], Attempt::Score);
    let (cost, done) = measured.cost_of(work).await;
    done.unwrap();
    cost
}

/// What the outbox's messages of a job cost. The workers that get them find no such job in their tables.
async fn send(measured: &Counted, customer: &Customer, job: JobId) -> Cost {
    let queue = Stack::running().queues["bulk"].clone();
    let outbox = Outbox::from_env(
        &Env::from_pairs(vec![("BULK_QUEUE_URL", queue)]),
        &measured.counted.aws,
    )
    .unwrap();
    let row = measured.app.job(customer, job).await;
    let (cost, sent) = measured
        .cost_of(outbox.send(serde_dynamo::to_item(&row).unwrap()))
        .await;
    sent.unwrap();
    cost
}
