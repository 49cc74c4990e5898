//! The command line itself: help, version, and errors.

use config::Env;
use tests::{Stack, TestApp};

use super::{operate, refusal};

#[tokio::test]
async fn help_succeeds_and_an_invalid_command_line_fails() {
    let app = TestApp::new().await;
    for words in [
        &["--help"][..],
        &["credits", "grant", "--help"],
        &["--version"],
    ] {
        let outcome = operate(&app, words).await;
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{words:?}");
        assert!(!outcome.stdout.is_empty());
    }
    for words in [&["account", "close"][..], &["dlq", "list", "mail"], &[]] {
        let outcome = operate(&app, words).await;
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{words:?}");
        assert!(outcome.stderr.contains("--help"), "{}", outcome.stderr);
    }
}

#[tokio::test]
async fn a_missing_variable_is_named() {
    let app = TestApp::new().await;
    let app = app.with_variable("BULK_QUEUE_URL", "");
    assert_eq!(
        refusal(&app, &["dlq", "list", "bulk"]).await,
        "environment variable BULK_DEAD_LETTER_QUEUE_URL is not set; set it, or give --stack NAME, or --local for the \
         stack of `make up`"
    );
}

#[tokio::test]
async fn an_error_of_a_service_is_shown() {
    let app = TestApp::new().await;
    let mut env = Stack::running().env();
    env.push(("ACCOUNTS_TABLE", "no-such-table".to_owned()));
    let words = ["assay", "account", "list"];
    let env = Env::from_pairs(env);
    let outcome = Box::pin(assay::run(words, env, app.clock.clock())).await;
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("ResourceNotFoundException"),
        "{}",
        outcome.stderr
    );
}
