use serde_json::{Value, json};
use tests::TestApp;
use types::Product;

use super::import::Local;
use super::{json, operate, refusal, text};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/sample/protocols.csv");
const HEADER: &str = "slug,name,category,as_of,source,aum_usd";

#[tokio::test]
async fn the_sample_is_loaded_once_however_often() {
    let app = TestApp::new().await;
    let load = async || json(&app, &["protocols", "load", SAMPLE]).await;
    let report = |created: u8, unchanged: u8| json!({ "rows": 32, "created": created, "updated": 0, "unchanged": unchanged, "errors": [] });
    assert_eq!(load().await, report(32, 0));
    assert_eq!(load().await, report(0, 32));
    let customer = app.customer_on(Product::Liquidity, "analyst", 0).await;
    let call = app.get("/api/v1/protocols/ondo-usdy").key(&customer);
    let usdy = call.send().await.expect(200).json;
    assert_eq!(usdy["aum_usd"], 2_143_889_939_u64);
    assert_eq!(usdy["blockchain"], "Ethereum, Solana, Mantle, Arbitrum");
    assert_eq!(usdy["last_updated"], "2026-05-28T00:00:00Z");
}

#[tokio::test]
async fn a_protocol_is_replaced_by_what_the_file_says_of_it() {
    let app = TestApp::new().await;
    let load = async |rows: &str| {
        let file = Local::new("protocols.csv", &format!("{HEADER}\n{rows}"));
        text(&app, &["protocols", "load", file.path()]).await
    };
    let row = |aum| format!("paxg,Pax Gold,commodity,2026-05-28,test,{aum}\n");
    load(&row("1")).await;
    assert_eq!(
        load(&(row("") + "xaut,Tether Gold,commodity,2026-05-28,test,2\n")).await,
        "ROWS  CREATED  UPDATED  UNCHANGED\n   2        1        1          0\n"
    );
    let customer = app.customer_on(Product::Liquidity, "analyst", 0).await;
    let call = app.get("/api/v1/protocols/paxg").key(&customer);
    assert_eq!(call.send().await.expect(200).json["aum_usd"], Value::Null);
}

#[tokio::test]
async fn a_file_with_an_invalid_row_stores_nothing_and_says_which() {
    let app = TestApp::new().await;
    let rows =
        "paxg,Pax Gold,commodity,2026-05-28,test,1\nxaut,Tether Gold,gold,2026-05-28,test,2\n";
    let file = Local::new("protocols.csv", &format!("{HEADER}\n{rows}"));
    let words = ["protocols", "load", file.path()];
    let outcome = operate(&app, &words).await;
    assert_eq!((outcome.code, &*outcome.stderr), (1, ""));
    assert_eq!(
        outcome.stdout,
        "Nothing was stored. Row 1 is the header.\n\n\
         ROW  COLUMN    MESSAGE\n  \
         3  category  a category is one of treasury, private_credit, real_estate, commodity, infrastructure\n"
    );
    let outcome = operate(&app, &[&words[..], &["--json"]].concat()).await;
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((outcome.code, &report["rows"]), (1, &json!(2)));
    assert_eq!(report["errors"][0]["row"], 3);
    let customer = app.customer_on(Product::Liquidity, "analyst", 0).await;
    let call = app.get("/api/v1/protocols/paxg").key(&customer);
    call.send().await.expect(404);
}

#[tokio::test]
async fn what_is_no_file_of_protocols_is_refused() {
    let app = TestApp::new().await;
    let why = refusal(&app, &["protocols", "load", "/no/such.csv"]).await;
    assert!(
        why.starts_with("/no/such.csv cannot be read: No such file"),
        "{why}"
    );
    let file = Local::new("protocols.csv", "slug,name\n");
    assert_eq!(
        refusal(&app, &["protocols", "load", file.path()]).await,
        "the column category is missing"
    );
}
