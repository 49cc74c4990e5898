use serde_json::json;
use tests::TestApp;
use types::Product;

use super::import::{Local, import};
use super::{json, refusal, text};
use crate::liquidity::{publish, usdy};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/sample/protocols.csv");

#[tokio::test]
async fn the_sample_is_imported_once_however_often() {
    let app = TestApp::new().await;
    let counts = async || {
        let outcome = import(&app, &["--liquidity", SAMPLE]).await;
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
        let (_, counts) = outcome.stdout.split_once("\n\n").unwrap();
        counts.to_owned()
    };
    expect_test::expect![[r#"
        LINES  PROTOCOLS  STORED  UPDATED  UNCHANGED  FAILED
           32         32      32        0          0       0
    "#]]
    .assert_eq(&counts().await);
    let again = counts().await;
    let again: Vec<&str> = again.lines().last().unwrap().split_whitespace().collect();
    assert_eq!(again, ["32", "32", "0", "0", "32", "0"]);
    let customer = app.customer_on(Product::Liquidity, "analyst", 0).await;
    let call = app.get("/api/v1/protocols/ondo-usdy").key(&customer);
    let usdy = call.send().await.expect(200).json;
    assert_eq!(usdy["aum_usd"], 2_143_889_939.0);
    assert_eq!(usdy["blockchain"], "Ethereum, Solana, Mantle, Arbitrum");
    assert_eq!(usdy["last_updated"], "2026-05-28T00:00:00Z");
    assert_eq!(usdy["liquidity_tier"], "L2");
    let listed = text(&app, &["protocols", "list"]).await;
    assert_eq!(listed.lines().count(), 33);
}

#[tokio::test]
async fn a_row_that_is_not_valid_is_told_and_the_others_are_stored() {
    let app = TestApp::new().await;
    let file = Local::new(
        "protocols.csv",
        "slug,name,category,as_of,aum_usd\npaxg,Pax Gold,commodity,2026-05-28,1\nxaut,Tether Gold,gold,2026-05-28,2\n\
         usdx,,,2026-05-28,1\n",
    );
    let outcome = import(&app, &["--liquidity", file.path(), "--json"]).await;
    assert_eq!(outcome.code, 1);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(
        (&report["stored"], &report["failed"]),
        (&json!(1), &json!(2))
    );
    let reasons: Vec<_> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| (&of["line"], &of["errors"][0]["reason"]))
        .collect();
    assert_eq!(
        reasons,
        [
            (&json!(3), &json!("category_unknown")),
            (&json!(4), &json!("protocol_unknown"))
        ]
    );
}

#[tokio::test]
async fn a_pause_is_ended_by_the_operator() {
    let app = TestApp::new().await;
    publish(&app, &[usdy()]).await;
    let (slug, mut zero) = usdy();
    zero.statement.at = app.clock.now();
    zero.statement.facts.aum_usd = Some(0.0);
    publish(&app, &[(slug, zero)]).await;
    let listed = json(&app, &["protocols", "list"]).await;
    assert_eq!(listed[0]["paused"], "drop_to_zero");
    let resumed = json(&app, &["protocols", "resume", "ondo-usdy"]).await;
    assert_eq!(resumed, json!({ "slug": "ondo-usdy", "resumed": true }));
    assert_eq!(
        text(&app, &["protocols", "resume", "ondo-usdy"]).await,
        "ondo-usdy is not paused.\n"
    );
    assert_eq!(
        json(&app, &["protocols", "list"]).await[0]["paused"],
        json!(null)
    );
    let why = refusal(&app, &["protocols", "resume", "no-such"]).await;
    assert!(why.contains("assay protocols list"), "{why}");
}
