//! Companies of very many signals.

use serde_json::{Value, json};
use tests::{Customer, signal};

use super::{Act, Scenario, Stage};

const SCORE: &str = "/api/v1/score?domain=stripe.com";

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = vec![
        Scenario::new("score: computed from 100 signals", async |stage| {
            score(&stage, 100).await
        }),
        Scenario::new("score: computed from 1,000 signals", async |stage| {
            score(&stage, 1_000).await
        })
        .only_measured(),
        Scenario::new("score: computed from 10,000 signals", async |stage| {
            score(&stage, 10_000).await
        })
        .only_measured(),
        Scenario::new("score: computed from 100,000 signals", async |stage| {
            score(&stage, 100_000).await
        }),
        Scenario::new("insight: explain, 100,000 signals", async |stage| {
            let customer = informed(&stage, 100_000).await;
            let path = "/api/v1/score/explain?domain=stripe.com&at=2026-11-15";
            let app = stage.subject;
            Act::call(200, move || app.get(path).key(&customer))
        }),
        Scenario::new("insight: preview, 100,000 signals", async |stage| {
            let customer = informed(&stage, 100_000).await;
            let app = stage.subject;
            Act::call(200, move || {
                let numbers = json!({ "domain": "stripe.com", "weights": { "hiring": 60 } });
                app.post("/api/v1/score/preview")
                    .key(&customer)
                    .json(&numbers)
            })
        }),
    ];
    all.extend(posts());
    all
}

fn posts() -> Vec<Scenario> {
    vec![
        Scenario::new("signals: 10 that pack a company of 500", async |stage| {
            let customer = stage.app.customer(100).await;
            stage.app.crowd("stripe.com", Some(&customer), 500).await;
            post(&stage, &customer, "other.com", 1).once_before().await;
            post(&stage, &customer, "stripe.com", 10)
        }),
        Scenario::new("signals: 10 of a packed company", async |stage| {
            let customer = owner(&stage).await;
            post(&stage, &customer, "stripe.com", 1).once_before().await;
            post(&stage, &customer, "stripe.com", 10)
        }),
        Scenario::new(
            "signals: 10 of a packed company, first call of an instance",
            async |stage| {
                let customer = owner(&stage).await;
                post(&stage, &customer, "other.com", 1).once_before().await;
                post(&stage, &customer, "stripe.com", 10)
            },
        ),
    ]
}

/// A customer whose key the instance remembers, and a company of so many signals, whose score nobody has asked for.
async fn informed(stage: &Stage, count: usize) -> Customer {
    let customer = stage.app.customer(100).await;
    let (app, caller) = (stage.subject.clone(), customer.clone());
    let other = move || app.get("/api/v1/score?domain=other.com").key(&caller);
    Act::call(200, other).once_before().await;
    let count = stage.size(count, count.min(600));
    stage.app.crowd("stripe.com", None, count).await;
    customer
}

async fn score(stage: &Stage, count: usize) -> Act {
    let customer = informed(stage, count).await;
    let app = stage.subject.clone();
    Act::call(200, move || app.get(SCORE).key(&customer))
}

/// A customer with very many signals of its own of a company.
async fn owner(stage: &Stage) -> Customer {
    let customer = stage.app.customer(100).await;
    let count = stage.size(10_000, 600);
    stage.app.crowd("stripe.com", Some(&customer), count).await;
    customer
}

/// New signals of a company.
fn post(stage: &Stage, customer: &Customer, domain: &str, count: usize) -> Act {
    let signals = (0..count).map(|id| signal(domain, "hiring", 10, &format!("new {count} {id}")));
    let signals: Vec<Value> = signals.collect();
    let (app, customer) = (stage.subject.clone(), customer.clone());
    Act::call(200, move || {
        let post = app.post("/api/v1/signals").key(&customer);
        post.json(&json!(signals))
    })
    .repeatable()
}
