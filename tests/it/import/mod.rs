//! Files of signals under the bucket's `import/`.

mod deaths;
mod files;
mod forms;
mod notices;
mod redelivery;
mod throttled;

use std::time::Duration;

use import::Importer;
use serde_json::{Value, json};
use tests::TestApp;
use types::Deadline;

fn importer(app: &TestApp) -> Importer {
    Importer::from_env(&app.env, &app.aws, app.clock.clock()).unwrap()
}

/// A deadline that leaves time to write, and none to wait until the table takes more.
pub(crate) fn no_pause(app: &TestApp) -> Deadline {
    Deadline(app.clock.now() + Duration::from_secs(71))
}

/// The message that S3 sends to the queue for new objects.
pub(crate) fn notice(keys: &[&str]) -> String {
    let record = |key: &&str| json!({ "eventName": "ObjectCreated:Put", "s3": { "bucket": { "name": "any" }, "object": { "key": key } } });
    json!({ "Records": keys.iter().map(record).collect::<Vec<_>>() }).to_string()
}

async fn put(app: &TestApp, key: &str, file: impl AsRef<[u8]>) {
    let bucket = app.bucket();
    let put = bucket.put(key, "application/octet-stream", file.as_ref().to_vec());
    put.await.unwrap();
}

/// Puts a file, and answers the report on its import.
pub(crate) async fn import(app: &TestApp, key: &str, file: impl AsRef<[u8]>) -> Value {
    put(app, key, file).await;
    importer(app)
        .handle(&notice(&[key]), no_pause(app))
        .await
        .unwrap();
    report(app, key).await
}

/// The report on a file, without the tag of its content.
async fn report(app: &TestApp, key: &str) -> Value {
    let mut report: Value =
        serde_json::from_str(&app.object(&format!("{key}.report.json")).await).unwrap();
    let etag = report.as_object_mut().unwrap().remove("etag");
    assert!(etag.is_some_and(|etag| etag.as_str().unwrap().len() > 8));
    report
}
