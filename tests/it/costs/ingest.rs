use bench::costs::Cost;
use ingest::Importer;
use serde_json::{Value, json};
use tests::{Call, Counted, signal};

use super::{Measured, cost};

/// Signals with ids from `first` on, spread over this many companies.
fn signals(first: usize, count: usize, companies: usize) -> Vec<Value> {
    let ids = first..first + count;
    ids.map(|id| {
        signal(
            &format!("company{}.com", id % companies),
            "hiring",
            10,
            &id.to_string(),
        )
    })
    .collect()
}

pub(super) async fn measure() -> Measured {
    let measured = Counted::new().await;
    let customer = measured.app.customer(100).await;
    let post = |signals: &[Value]| -> Call {
        let post = measured.counted.post("/api/v1/signals").key(&customer);
        post.json(&json!(signals))
    };
    let of = async |signals: &[Value]| cost(&measured, post(signals), 200).await;
    of(&signals(0, 1, 1)).await;
    let one = of(&signals(1, 1, 1)).await;
    let changed = of(&[signal("company0.com", "news", 10, "1")]).await;
    let ten = of(&signals(10, 10, 1)).await;
    let spread = of(&signals(20, 10, 10)).await;
    let again = of(&signals(20, 10, 10)).await;
    vec![
        ("signals: 1", one),
        ("signals: 1, changed", changed),
        ("signals: 10 of one company", ten),
        ("signals: 10 of ten companies", spread),
        ("signals: 10 of ten companies, known", again),
        (
            "import: 100 lines, 10 companies",
            import(&measured, 1_000, 100).await,
        ),
        ("import: 1 line", import(&measured, 2_000, 1).await),
    ]
}

/// What the import of a file costs whose signals are all new.
async fn import(measured: &Counted, first: usize, lines: usize) -> Cost {
    let lines = signals(first, lines, 10).into_iter();
    let file: Vec<String> = lines.map(|line| line.to_string()).collect();
    let key = format!("import/{first}.ndjson");
    let bucket = measured.app.bucket();
    let put = bucket.put(&key, "application/x-ndjson", file.join("\n").into());
    put.await.unwrap();
    let record = json!({
        "eventName": "ObjectCreated:Put", "s3": { "bucket": { "name": "any" }, "object": { "key": key } }
    });
    let notice = json!({ "Records": [record] }).to_string();
    let counted = &measured.counted;
    let importer = Importer::from_env(&counted.env, &counted.aws, counted.clock.clock()).unwrap();
    let (cost, done) = measured.cost_of(importer.handle(&notice)).await;
    done.unwrap();
    cost
}
