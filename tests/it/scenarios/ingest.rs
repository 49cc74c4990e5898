use std::rc::Rc;

use import::Importer;
use serde_json::{Value, json};
use tests::{Customer, signal};

use super::{Act, Scenario, Stage};
use crate::import::no_pause;

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = posts();
    all.push(Scenario::new(
        "import: 100 lines, 10 companies",
        async |stage| {
            let (lines, companies) = (stage.size(100, 4), stage.size(10, 2));
            import(&stage, &signals(1_000, lines, companies)).await
        },
    ));
    all.push(Scenario::new("import: 1 line", async |stage| {
        import(&stage, &signals(2_000, 1, 1)).await
    }));
    all
}

fn posts() -> Vec<Scenario> {
    vec![
        Scenario::new("signals: 1", async |stage| {
            let customer = known(&stage).await;
            post(&stage, &customer, signals(1, 1, 1))
        }),
        Scenario::new("signals: 1, changed", async |stage| {
            let customer = known(&stage).await;
            post(&stage, &customer, signals(1, 1, 1))
                .once_before()
                .await;
            let changed = signal("company0.com", "news", 10, "1");
            post(&stage, &customer, vec![changed])
        }),
        Scenario::new("signals: 10 of one company", async |stage| {
            let customer = known(&stage).await;
            post(&stage, &customer, signals(10, 10, 1))
        }),
        Scenario::new("signals: 10 of ten companies", async |stage| {
            spread(&stage).await
        }),
        Scenario::new("signals: 10 of ten companies, known", async |stage| {
            spread(&stage).await.once_before().await
        }),
    ]
}

/// Signals with ids from `first` on, spread over this many companies.
fn signals(first: usize, count: usize, companies: usize) -> Vec<Value> {
    let ids = first..first + count;
    let one = |id| {
        let company = format!("company{}.com", id % companies);
        signal(&company, "hiring", 10, &format!("{id}"))
    };
    ids.map(one).collect()
}

/// A customer whose key the instance remembers.
async fn known(stage: &Stage) -> Customer {
    let customer = stage.app.customer(100).await;
    post(stage, &customer, signals(0, 1, 1)).once_before().await;
    customer
}

async fn spread(stage: &Stage) -> Act {
    let customer = known(stage).await;
    let companies = stage.size(10, 2);
    post(stage, &customer, signals(20, companies, companies))
}

fn post(stage: &Stage, customer: &Customer, signals: Vec<Value>) -> Act {
    let (app, customer) = (stage.subject.clone(), customer.clone());
    Act::call(200, move || {
        let post = app.post("/api/v1/signals").key(&customer);
        post.json(&json!(signals))
    })
    .repeatable()
}

/// The import of a file whose signals are all new.
async fn import(stage: &Stage, lines: &[Value]) -> Act {
    let file: Vec<String> = lines.iter().map(Value::to_string).collect();
    let key = "import/file.ndjson";
    let bucket = stage.app.bucket();
    let put = bucket.put(key, "application/x-ndjson", file.join("\n").into());
    put.await.unwrap();
    let record = json!({
        "eventName": "ObjectCreated:Put", "s3": { "bucket": { "name": "any" }, "object": { "key": key } }
    });
    let notice: Rc<str> = json!({ "Records": [record] }).to_string().into();
    let app = &stage.subject;
    let importer = Importer::from_env(&app.env, &app.aws, app.clock.clock()).unwrap();
    let app = stage.app.clone();
    Act::work(move || {
        let (importer, notice) = (importer.clone(), notice.clone());
        let deadline = no_pause(&app);
        async move { importer.handle(&notice, deadline).await }
    })
}
