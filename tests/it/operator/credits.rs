use serde_json::{Value, json};
use tests::TestApp;
use types::Credits;

use super::{audited, open, refusal, text};

#[tokio::test]
async fn are_given_and_corrected_with_a_word_in_both_logs() {
    let app = TestApp::new().await;
    let customer = open(&app, "5").await;
    let account = customer.account.to_string();
    let change = async |words: &[&str]| {
        let (what, rest) = words.split_first().unwrap();
        super::json(
            &app,
            &[&["credits", what, &account, "intent"], rest].concat(),
        )
        .await
    };
    let given = change(&[
        "grant",
        "100",
        "--days",
        "90",
        "--priority",
        "10",
        "--note",
        "invoice 17",
    ]);
    assert_eq!(
        given.await,
        json!({ "account": account, "product": "intent", "change": 100, "credits": 105 })
    );
    let less = change(&["adjust", "-20.5", "--note", "counted twice"]).await;
    assert_eq!(less["credits"], 84.5);
    let more = change(&["adjust", "+0.5", "--note", "half back"]).await;
    assert_eq!(more["credits"], 85);
    assert_eq!(app.balance(&customer).await, Credits::whole(85));

    let held = app
        .get("/api/v1/credits")
        .key(&customer)
        .send()
        .await
        .expect(200);
    let first: &Value = &held.json["grants"][0];
    assert_eq!(first["expires_at"], "2027-02-13T12:00:10Z");
    assert_eq!(
        (&first["priority"], &first["remaining"]),
        (&json!(10), &json!(80))
    );
    let ledger = app
        .get("/api/v1/credits/ledger")
        .key(&customer)
        .send()
        .await;
    let entries = ledger.expect(200).json["entries"].clone();
    let notes: Vec<&Value> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["note"])
        .collect();
    for note in [
        "invoice 17",
        "counted twice",
        "half back",
        "initial credits",
    ] {
        assert!(notes.contains(&&json!(note)), "{notes:?}");
    }
    let told = audited(&app, customer.account).await;
    for entry in [
        ("credits.grant", "intent 100: invoice 17"),
        ("credits.adjust", "intent -20.5: counted twice"),
        ("credits.adjust", "intent 0.5: half back"),
    ] {
        assert!(
            told.contains(&(json!(entry.0), entry.1.to_owned())),
            "{told:?}"
        );
    }
}

#[tokio::test]
async fn never_go_below_zero_nor_to_a_product_that_is_not_there() {
    let app = TestApp::new().await;
    let customer = open(&app, "5").await;
    let account = customer.account.to_string();
    let adjust = [
        "credits", "adjust", &account, "intent", "-5.1", "--note", "x",
    ];
    assert_eq!(
        refusal(&app, &adjust).await,
        "the balance is 5, so 5.1 cannot be subtracted"
    );
    let advice = format!(
        "{account} does not have leads; add it with: assay account set-plan {account} leads PLAN"
    );
    let grant = ["credits", "grant", &account, "leads", "5"];
    assert_eq!(refusal(&app, &grant).await, advice);
    let adjust = ["credits", "adjust", &account, "leads", "5", "--note", "x"];
    assert_eq!(refusal(&app, &adjust).await, advice);
    assert_eq!(app.balance(&customer).await, Credits::whole(5));
    let told = text(&app, &["credits", "grant", &account, "intent", "1"]).await;
    assert_eq!(
        told,
        format!("{account} intent: 1 credits; the balance is 6\n")
    );
}
