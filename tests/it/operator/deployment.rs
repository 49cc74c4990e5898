//! How a deployment is named, on the deployed stack itself.

use assay::Outcome;
use config::Env;
use tests::Stack;
use types::Clock;

use super::import::Local;

/// The name that the local stack is deployed under.
const NAME: &str = "assay";

async fn run(words: &[&str], env: Vec<(&'static str, String)>) -> Outcome {
    let words = [&["assay"], words].concat();
    Box::pin(assay::run(words, Env::from_pairs(env), Clock::system())).await
}

#[track_caller]
fn fails(outcome: &Outcome, why: &str) {
    assert_eq!((outcome.code, &*outcome.stdout), (1, ""));
    assert_eq!(outcome.stderr, format!("assay: {why}\n"));
}

/// Lists accounts and all dead letters: by the table and the queues that the names stand for.
#[track_caller]
fn lists(accounts: &Outcome, dead: &Outcome) {
    assert_eq!((accounts.code, &*accounts.stderr), (0, ""));
    assert!(accounts.stdout.contains("Demo"), "{}", accounts.stdout);
    assert_eq!((dead.code, &*dead.stderr), (0, ""));
}

#[tokio::test]
async fn a_stack_by_its_name() {
    let env = Stack::running().env();
    let accounts = run(&["account", "list", "--stack", NAME], env.clone()).await;
    let dead = run(&["--stack", NAME, "dlq", "list"], env.clone()).await;
    lists(&accounts, &dead);
    let by_variable = [env.clone(), vec![("ASSAY_STACK", NAME.to_owned())]].concat();
    assert_eq!(
        run(&["account", "list"], by_variable.clone()).await,
        accounts
    );
    // What the shell has from elsewhere does not count.
    let stale = [by_variable, vec![("ACCOUNTS_TABLE", "other".to_owned())]].concat();
    assert_eq!(run(&["account", "list"], stale).await, accounts);
}

#[tokio::test]
async fn a_stack_that_does_not_exist() {
    let outcome = run(
        &["account", "list", "--stack", "nowhere"],
        Stack::running().env(),
    )
    .await;
    let why = "there is no stack nowhere in us-east-1; set AWS_REGION and AWS_PROFILE to where it is deployed";
    fails(&outcome, why);
}

/// A file as `make up` writes it, with these outputs.
fn file(outputs: &str) -> Local {
    let stack = Stack::running();
    let content = format!(
        r#"{{"endpoint_url": "{}", "region": "{}", "outputs": {{{outputs}}}}}"#,
        stack.endpoint_url, stack.region
    );
    Local::new("stack.json", &content)
}

fn file_env(path: &str) -> Vec<(&'static str, String)> {
    // Credentials for elsewhere, which the local stack would refuse.
    vec![
        ("ASSAY_STACK_FILE", path.to_owned()),
        ("AWS_REGION", "eu-central-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIAELSEWHERE".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "elsewhere".to_owned()),
        ("ASSAY_STACK", "elsewhere".to_owned()),
    ]
}

#[tokio::test]
async fn the_local_stack_by_its_file() {
    let env = file_env(&Stack::file());
    let accounts = run(&["account", "list", "--local"], env.clone()).await;
    let dead = run(&["--local", "dlq", "list"], env).await;
    lists(&accounts, &dead);
}

#[tokio::test]
async fn a_local_stack_that_is_not_up() {
    let gone = std::env::temp_dir().join("no-such-stack.json");
    let gone = gone.to_str().unwrap();
    let outcome = run(&["account", "list", "--local"], file_env(gone)).await;
    let why =
        format!("{gone} cannot be read: No such file or directory (os error 2); run `make up`");
    fails(&outcome, &why);

    let half = file("");
    let outcome = run(&["account", "list", "--local"], file_env(half.path())).await;
    let path = half.path();
    fails(
        &outcome,
        &format!("{path} has no output AccountsTable; run `make up` again"),
    );
}

#[tokio::test]
async fn an_output_that_the_stack_does_not_have() {
    let stack = Stack::running();
    let cloudformation =
        aws_sdk_cloudformation::Client::new(&stack.aws(runtime::aws::http_client(false)));
    let name = format!("other-{}", types::unique(Clock::system().now()));
    let template = r#"{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}, "Outputs": {"Bucket": {"Value": "b"}}}"#;
    let create = cloudformation
        .create_stack()
        .stack_name(&name)
        .template_body(template);
    create.send().await.unwrap();
    let outcome = run(&["account", "list", "--stack", &name], stack.env()).await;
    cloudformation
        .delete_stack()
        .stack_name(&name)
        .send()
        .await
        .unwrap();
    let why = format!(
        "stack {name} (CREATE_COMPLETE) has no output AccountsTable; deploy this version's template.yaml to it"
    );
    fails(&outcome, &why);
}

#[tokio::test]
async fn none_is_named() {
    let outcome = run(&["account", "list"], Stack::running().env()).await;
    let why = "no deployment is named; give --stack NAME (or set ASSAY_STACK), or --local for the stack of `make up`";
    fails(&outcome, why);
    let both = run(&["account", "list", "--local", "--stack", NAME], Vec::new()).await;
    assert_eq!(both.code, 2);
    assert!(
        both.stderr.contains("cannot be used with"),
        "{}",
        both.stderr
    );
}
