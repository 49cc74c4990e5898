//! The messages that start an import.

use tests::{TestApp, signal};

use super::{importer, no_pause, notice, put, report};

#[tokio::test]
async fn s3_s_test_message_and_garbage() {
    let app = TestApp::new().await;
    let importer = importer(&app);
    let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"any"}"#;
    importer.handle(test, no_pause(&app)).await.unwrap();
    // These fail, so that the queue delivers them again and then puts them aside.
    for garbage in ["", "not json", "{}", "{\"Records\":[]}"] {
        importer.handle(garbage, no_pause(&app)).await.unwrap_err();
    }
    assert!(app.objects("").await.is_empty());
}

#[tokio::test]
async fn a_file_that_was_deleted_meanwhile() {
    let app = TestApp::new().await;
    let notice = notice(&["import/gone.csv"]);
    importer(&app)
        .handle(&notice, no_pause(&app))
        .await
        .unwrap();
    assert!(app.objects("").await.is_empty());
}

#[tokio::test]
async fn a_report_starts_no_import() {
    let app = TestApp::new().await;
    let key = "import/a.csv.report.json";
    put(&app, key, "{}").await;
    importer(&app)
        .handle(&notice(&[key]), no_pause(&app))
        .await
        .unwrap();
    assert_eq!(app.objects("").await, [key]);
}

#[tokio::test]
async fn keys_as_s3_writes_them_and_several_in_a_message() {
    let app = TestApp::new().await;
    let keys = ["import/ä b+c.ndjson", "import/second.ndjson"];
    for key in keys {
        put(&app, key, &signal("stripe.com", "news", 1, key).to_string()).await;
    }
    let notice = notice(&["import/%C3%A4+b%2Bc.ndjson", "import/second.ndjson"]);
    importer(&app)
        .handle(&notice, no_pause(&app))
        .await
        .unwrap();
    for key in keys {
        assert_eq!(report(&app, key).await["stored"], 1);
    }
}

#[tokio::test]
async fn a_table_that_does_not_answer_fails_the_message() {
    let app = TestApp::new().await;
    put(
        &app,
        "import/a.ndjson",
        &signal("stripe.com", "news", 1, "1").to_string(),
    )
    .await;
    let broken = app.with_variable("INTEL_TABLE", "no-such-table");
    let notice = notice(&["import/a.ndjson"]);
    importer(&broken)
        .handle(&notice, no_pause(&app))
        .await
        .unwrap_err();
    assert_eq!(app.objects("").await, ["import/a.ndjson"], "no report");
}
