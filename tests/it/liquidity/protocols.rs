use tests::TestApp;

use super::{customer, publish, unknown, usdy};

const PATH: &str = "/api/v1/protocols";

#[tokio::test]
async fn the_printed_request_works_word_for_word() {
    let app = TestApp::new().await;
    let customer = customer(&app, "analyst").await;
    publish(&app, &[usdy()]).await;
    let call = app.get("/api/v1/protocols/ondo-usdy").key(&customer);
    let answer = call.send().await.expect(200);
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "aum_usd": 450200000.0,
        "blockchain": "Ethereum, Solana, Mantle",
        "category": "treasury",
        "holder_count": 12400,
        "id": "9dc9aad6-0323-5fb4-8c07-1edb45622157",
        "issuer": "Ondo Finance",
        "jurisdiction": "US",
        "last_updated": "2026-11-15T00:00:00Z",
        "liquidity_score": 91,
        "liquidity_tier": "L1",
        "name": "Ondo US Dollar Yield",
        "redemption_frequency": "daily",
        "scored_at": "2026-11-15T06:00:00Z",
        "scoring_paused": null,
        "slug": "ondo-usdy",
        "yield_pct": 5.1
      },
      "status": 200
    }
    "#);
    assert_eq!(answer.header("x-ratelimit-limit"), "60");
    assert_eq!(answer.header("x-ratelimit-remaining"), "59");
    assert_eq!(app.calls_this_minute(&customer).await, 1);
    let month = types::month_of(app.clock.now());
    let calls = app.meter(&customer).await.calls_of_month(&month);
    assert_eq!(calls, 1);
}

#[tokio::test]
async fn what_is_not_known_is_null() {
    let app = TestApp::new().await;
    let customer = customer(&app, "professional").await;
    publish(&app, &[unknown("paxg")]).await;
    let call = app.get(&format!("{PATH}/paxg")).key(&customer);
    let protocol = call.send().await.expect(200).json;
    let protocol = protocol.as_object().unwrap();
    let null = protocol.iter().filter(|(_, value)| value.is_null());
    let null: Vec<&str> = null.map(|(name, _)| name.as_str()).collect();
    assert_eq!(protocol.len(), 16);
    assert_eq!(
        null,
        [
            "aum_usd",
            "blockchain",
            "holder_count",
            "issuer",
            "jurisdiction",
            "liquidity_score",
            "liquidity_tier",
            "redemption_frequency",
            "scored_at",
            "scoring_paused",
            "yield_pct"
        ]
    );
}

#[tokio::test]
async fn a_slug_that_names_no_protocol_is_not_found() {
    let app = TestApp::new().await;
    let customer = customer(&app, "analyst").await;
    publish(&app, &[usdy()]).await;
    let longer = "x".repeat(101);
    for slug in ["ondo-usdz", "Ondo-USDY", "ondo%20usdy", "%FF", &longer] {
        let call = app.get(&format!("{PATH}/{slug}")).key(&customer);
        let answer = call.send().await.expect(404);
        assert_eq!(answer.error().0, "NOT_FOUND", "{slug}");
        assert_eq!(answer.json["error"]["message"], "there is no such protocol");
    }
}

#[tokio::test]
async fn observers_have_no_api_access() {
    let app = TestApp::new().await;
    let customer = customer(&app, "observer").await;
    publish(&app, &[usdy()]).await;
    let call = app.get(&format!("{PATH}/ondo-usdy")).key(&customer);
    let answer = call.send().await.expect(402);
    assert_eq!(answer.error(), ("PLAN_REQUIRED", "no_api_access"));
    let upgrade = &answer.json["error"]["upgradeUrl"];
    assert_eq!(upgrade, "https://assay.example/pricing");
}
