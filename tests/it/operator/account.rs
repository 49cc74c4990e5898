use serde_json::json;
use tests::TestApp;

use super::{audited, open, operate, refusal, text};

const SCORE: &str = "/api/v1/score?domain=stripe.com";

#[tokio::test]
async fn is_opened_and_shown() {
    let app = TestApp::new().await;
    let customer = open(&app, "12.5").await;
    let account = customer.account.to_string();
    app.get(SCORE).key(&customer).send().await.expect(200);
    let shown = super::json(&app, &["account", "show", &account]).await;
    assert_eq!(
        (&shown["account"], &shown["name"]),
        (&json!(account), &json!("Acme"))
    );
    assert_eq!(
        shown["products"],
        json!([{
            "product": "intent", "plan": "growth", "minuteLimit": 60, "monthLimit": 100_000, "callsThisMonth": 1,
            "credits": 12.5, "jobsActive": 0, "activeKeys": 1,
        }])
    );
    assert_eq!(shown["keys"][0]["keyId"], customer.key.to_string());

    let shown = text(&app, &["account", "show", &account]).await;
    let shown = shown.replace(&account, "[account]");
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "[account]  Acme");
    let row: Vec<&str> = lines[3].split_whitespace().collect();
    assert_eq!(
        row,
        ["intent", "growth", "60", "100000", "1", "12.5", "0", "1"]
    );
    assert!(
        shown.contains("\nGRANT ") && shown.contains("\nKEY "),
        "{shown}"
    );

    let list = super::json(&app, &["account", "list"]).await;
    assert_eq!(
        list,
        json!([{ "account": account, "name": "Acme", "products": ["intent"] }])
    );
}

#[tokio::test]
async fn the_next_call_sees_another_plan() {
    let app = TestApp::new().await;
    let customer = open(&app, "10").await;
    let account = customer.account.to_string();
    let limit = async || {
        let answer = app.get(SCORE).key(&customer).send().await.expect(200);
        answer.header("x-ratelimit-limit").to_owned()
    };
    assert_eq!(limit().await, "60");
    text(&app, &["account", "set-plan", &account, "intent", "scale"]).await;
    assert_eq!(limit().await, "600");
    assert_eq!(app.balance(&customer).await, types::Credits::whole(10));
    // A product that the account does not have yet is opened.
    text(&app, &["account", "set-plan", &account, "portal", "pro"]).await;
    let shown = super::json(&app, &["account", "show", &account]).await;
    assert_eq!(shown["products"][1]["plan"], "pro");
    let told = audited(&app, customer.account).await;
    for entry in [
        ("account.create", ""),
        ("plan.set", "intent on scale"),
        ("plan.set", "portal on pro"),
    ] {
        assert!(
            told.contains(&(json!(entry.0), entry.1.to_owned())),
            "{told:?}"
        );
    }
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let app = TestApp::new().await;
    let unknown = "acct_01k9xw3tkbc2v6m8p4h0r5zqde";
    for (words, why) in [
        (
            &[
                "create",
                "A",
                "--plan",
                "intent=growth",
                "--plan",
                "intent=scale",
            ][..],
            "intent has two plans; name one",
        ),
        (
            &["create", "A", "--credits", "leads=5"],
            "credits for leads need its plan: add --plan leads=PLAN",
        ),
        (
            &["show", unknown],
            "account acct_01k9xw3tkbc2v6m8p4h0r5zqde does not exist; list accounts with: assay account list",
        ),
        (
            &["set-plan", unknown, "intent", "growth"],
            "account acct_01k9xw3tkbc2v6m8p4h0r5zqde does not exist; list accounts with: assay account list",
        ),
        (
            &["set-plan", unknown, "portal", "analyst"],
            "portal has no plan \"analyst\"; use one of free, pro, enterprise",
        ),
    ] {
        let words = [&["account"], words].concat();
        assert_eq!(refusal(&app, &words).await, why);
    }
    // What is no account's id, plan or amount at all is a wrong command line.
    for words in [
        &["account", "show", "acme"][..],
        &["account", "create", "A", "--plan", "intent=tiny"],
        &[
            "account",
            "create",
            "A",
            "--plan",
            "intent=growth",
            "--credits",
            "intent=-1",
        ],
    ] {
        let outcome = operate(&app, words).await;
        assert_eq!(outcome.code, 2, "{words:?}");
        assert!(
            outcome.stderr.starts_with("error: invalid value"),
            "{outcome:?}"
        );
    }
    assert_eq!(super::json(&app, &["account", "list"]).await, json!([]));
}
