use serde_json::json;
use tests::TestApp;

use super::{audited, open, operate, refusal, text};

#[tokio::test]
async fn is_shown_and_audited_once() {
    let app = TestApp::new().await;
    let customer = open(&app, "12.5").await;
    let account = customer.account.to_string();
    app.clock.advance(1);
    let suspend = ["account", "suspend", &account, "--reason", "unpaid"];
    let show = ["account", "show", &account];
    let told = super::json(&app, &suspend).await;
    let since = json!({ "since": "2026-11-15T12:00:11Z", "reason": "unpaid" });
    assert_eq!(
        told,
        json!({ "account": account, "suspended": since, "changed": true, "cancelledJobs": [] })
    );
    app.clock.advance(60);
    // Another reason changes nothing.
    let again = ["account", "suspend", &account, "--reason", "other"];
    let told = text(&app, &again).await;
    let already = format!("{account} was suspended already, since 2026-11-15T12:00:11Z: unpaid\n");
    assert_eq!(told, already);
    assert_eq!(super::json(&app, &show).await["suspended"], since);
    let shown = text(&app, &show).await;
    let line = shown.lines().nth(1).unwrap();
    assert_eq!(line, "suspended since 2026-11-15T12:00:11Z: unpaid");

    let resume = ["account", "resume", &account];
    assert_eq!(text(&app, &resume).await, format!("{account} is resumed\n"));
    assert_eq!(
        text(&app, &resume).await,
        format!("{account} was not suspended\n")
    );
    assert_eq!(super::json(&app, &show).await["suspended"], json!(null));
    let log = audited(&app, customer.account).await;
    let actions: Vec<&str> = log
        .iter()
        .map(|(action, details)| {
            assert!(!details.contains("unpaid"));
            action.as_str().unwrap()
        })
        .collect();
    assert_eq!(actions[..2], ["account.resume", "account.suspend"]);
    let (entries, _) = app
        .accounts
        .audit_log(customer.account, None, 2)
        .await
        .unwrap();
    assert_eq!(entries[1].internal, "unpaid");
    assert_eq!(actions.len(), 4, "{actions:?}");
    assert!(app.accounts.suspended_accounts().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let app = TestApp::new().await;
    let customer = open(&app, "1").await;
    let unknown = "acct_01k9xw3tkbc2v6m8p4h0r5zqde";
    let missing =
        format!("account {unknown} does not exist; list accounts with: assay account list");
    let suspend = ["account", "suspend", unknown, "--reason", "unpaid"];
    assert_eq!(refusal(&app, &suspend).await, missing);
    let resume = ["account", "resume", unknown];
    assert_eq!(refusal(&app, &resume).await, missing);
    let account = customer.account.to_string();
    for words in [
        &["account", "suspend", &account][..],
        &["account", "suspend", &account, "--reason", " "],
        &["account", "suspend", &account, "--reason", &"x".repeat(201)],
    ] {
        assert_eq!(operate(&app, words).await.code, 2, "{words:?}");
    }
    assert_eq!(audited(&app, customer.account).await.len(), 2);
}
