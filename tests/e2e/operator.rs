use assay::Outcome;
use config::Env;
use serde_json::{Value, json};
use tests::Deployed;
use types::Clock;

/// Does a command line on the deployed stack; answers it as to a program.
async fn operate(stack: &Deployed, words: &[&str]) -> Value {
    let queues = &stack.stack.queues;
    let variables = [
        ("BULK_QUEUE_URL", &queues["bulk"]),
        ("IMPORT_QUEUE_URL", &queues["import"]),
        ("IMPORT_DEAD_LETTER_QUEUE_URL", &queues["import_dead"]),
        ("BUCKET", &stack.stack.bucket),
    ];
    let variables = variables.map(|(name, value)| (name, value.clone()));
    let env = Env::from_pairs(stack.stack.env().into_iter().chain(variables));
    let words = [&["assay", "--json"], words].concat();
    let outcome: Outcome = Box::pin(assay::run(words, env, Clock::system())).await;
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
    serde_json::from_str(&outcome.stdout).unwrap()
}

#[tokio::test]
async fn a_dead_letter_that_is_sent_again_is_imported() {
    let stack = Deployed::running();
    let key = format!("import/e2e-dead-{}.csv", stack.unknown_domain());
    let put = stack.bucket.put(
        &key,
        "text/csv",
        "domain,kind,observed_at,source,external_id\n".into(),
    );
    put.await.unwrap();
    let report = format!("{key}.report.json");
    let look = async || stack.bucket.get(&report, 1_000_000).await.ok();
    stack.wait_for("the first report", 60, look).await;
    stack.bucket.delete(&report).await.unwrap();

    let notice = json!({ "Records": [{
        "eventName": "ObjectCreated:Put", "s3": { "bucket": { "name": "any" }, "object": { "key": key } },
    }] });
    let dead = aws_sdk_sqs::Client::new(&stack.aws);
    let send = dead
        .send_message()
        .queue_url(&stack.stack.queues["import_dead"]);
    send.message_body(notice.to_string()).send().await.unwrap();
    let listed = operate(&stack, &["dlq", "list", "import"]).await;
    let bodies = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["body"].as_str().unwrap());
    assert!(
        bodies.filter(|body| body.contains(&key)).count() == 1,
        "{listed}"
    );
    operate(&stack, &["dlq", "replay", "import"]).await;
    stack.wait_for("the second report", 60, look).await;
}
