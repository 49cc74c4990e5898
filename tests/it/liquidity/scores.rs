//! Scores: what they consist of, over time, and as they were.

use std::time::Duration;

use liquidity::Frequency;
use liquidity_ingest::DailyScorer;
use liquidity_store::Stated;
use serde_json::{Value, json};
use tests::TestApp;
use types::{Product, Timestamp};

use super::{Source, customer, protocols, publish, unknown, usdy};

const SCORES: &str = "/api/v1/scores";

/// AUM of a product at a time.
fn aum(at: Timestamp, usd: f64) -> Source {
    let (slug, mut stated) = unknown("ondo-usdy");
    stated.description = liquidity_store::Description::default();
    stated.statement.at = at;
    stated.statement.facts.aum_usd = Some(usd);
    (slug, stated)
}

#[tokio::test]
async fn a_score_is_explained_exactly() {
    let app = TestApp::new().await;
    let customer = customer(&app, "analyst").await;
    publish(&app, &[usdy()]).await;
    let call = app.get(&format!("{SCORES}/ondo-usdy")).key(&customer);
    let score = call.send().await.expect(200).json;
    let number = |value: &Value| value.as_f64().unwrap();
    let parts = score["contributions"].as_array().unwrap();
    let sum: f64 = parts.iter().map(|part| number(&part["contribution"])).sum();
    let penalties = [
        "nav_divergence_penalty",
        "sybil_penalty",
        "staleness_penalty",
        "wash_trade_penalty",
    ];
    let less: f64 = penalties.iter().map(|name| number(&score[*name])).sum();
    assert!(
        (sum - less - number(&score["score"])).abs() < 1e-9,
        "{score}"
    );
    assert_eq!(
        (&score["protocol"], &score["slug"], &score["tier"]),
        (
            &json!("Ondo US Dollar Yield"),
            &json!("ondo-usdy"),
            &json!("L1")
        )
    );
    assert_eq!(score["aum_score"], 80);
    assert_eq!(score["issuer_score"], Value::Null);
    assert_eq!(score["methodology_version"], "v1.7-MMI");
    assert_eq!(score["scoring_paused"], Value::Null);
    let missing = score["missing"].as_array().unwrap();
    assert!(
        missing
            .iter()
            .any(|fact| fact["fact"] == "issuer.supervision")
    );
}

#[tokio::test]
async fn lists_have_every_protocol_the_highest_score_first() {
    let app = TestApp::new().await;
    let customer = customer(&app, "analyst").await;
    let (slug, mut slow) = usdy();
    slow.statement.facts.redemption.frequency = Some(Frequency::Annual);
    slow.description.name = Some("Slow".to_owned());
    publish(
        &app,
        &[
            unknown("paxg"),
            ("slow".parse().unwrap(), slow),
            (slug, usdy().1),
        ],
    )
    .await;
    let scores = app.get(SCORES).key(&customer).send().await.expect(200).json;
    let slugs: Vec<_> = scores["scores"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| &of["protocol"]["slug"])
        .collect();
    assert_eq!(slugs, ["ondo-usdy", "slow", "paxg"]);
    assert_eq!(scores["scores"][2]["score"], Value::Null);
    assert_eq!(scores["methodologyVersion"], "v1.7-MMI");

    let list = async |query: &str| {
        let call = app.get(&format!("/api/v1/protocols{query}")).key(&customer);
        let page = call.send().await.expect(200).json;
        let slugs = page["protocols"].as_array().unwrap().iter();
        let slugs: Vec<String> = slugs
            .map(|of| of["slug"].as_str().unwrap().to_owned())
            .collect();
        (
            slugs.join(" "),
            page["total"].as_u64().unwrap(),
            page["page"].as_u64().unwrap(),
        )
    };
    let all = |slugs: &str, total, page| (slugs.to_owned(), total, page);
    assert_eq!(list("").await, all("ondo-usdy slow paxg", 3, 1));
    assert_eq!(list("?limit=1&offset=1").await, all("slow", 3, 2));
    assert_eq!(list("?offset=3").await, all("", 3, 1));
    assert_eq!(list("?category=commodity").await, all("paxg", 1, 1));
    assert_eq!(list("?tier=L1").await, all("ondo-usdy", 1, 1));
    assert_eq!(list("?min_score=1").await, all("ondo-usdy slow", 2, 1));
    assert_eq!(list("?min_aum=450200001").await, all("", 0, 1));
    assert_eq!(
        list("?min_aum=450200000&category=treasury").await,
        all("ondo-usdy slow", 2, 1)
    );
    for query in [
        "?limit=0",
        "?limit=101",
        "?offset=1001",
        "?tier=L4",
        "?category=gold",
        "?min_score=101",
        "?min_aum=-1",
        "?sort=aum",
    ] {
        let call = app.get(&format!("/api/v1/protocols{query}")).key(&customer);
        assert_eq!(
            call.send().await.expect(400).error().0,
            "BAD_REQUEST",
            "{query}"
        );
    }

    let market = app
        .get("/api/v1/market")
        .key(&customer)
        .send()
        .await
        .expect(200)
        .json;
    assert_eq!(
        (&market["totalProtocols"], &market["totalAumUsd"]),
        (&json!(3), &json!(900_400_000.0))
    );
    assert_eq!(market["categories"]["commodity"], 1);
}

#[tokio::test]
async fn a_history_has_one_point_a_bucket_and_says_where_it_goes() {
    let app = TestApp::new().await;
    let customer = customer(&app, "analyst").await;
    let begin: Timestamp = "2026-09-01T00:00:00Z".parse().unwrap();
    let (slug, mut terms) = usdy();
    terms.statement.at = begin;
    let day = |n: u8| begin + Duration::from_hours(24 * u64::from(n));
    let series = (1..70_u8).map(|n| aum(day(n), 450e6 * 0.96_f64.powi(n.into())).1);
    let stated: Vec<Stated> = std::iter::once(terms).chain(series).collect();
    let now = app.clock.now();
    protocols(&app).record(&slug, &stated, now).await.unwrap();
    let history = async |query: &str| {
        let call = app
            .get(&format!("{SCORES}/ondo-usdy/history{query}"))
            .key(&customer);
        call.send().await.expect(200).json
    };
    let days = history("?limit=7").await;
    let points = days["scores"].as_array().unwrap();
    assert_eq!(points.len(), 7);
    assert_eq!(points[0]["computed_at"], "2026-11-15T06:00:00Z");
    assert_eq!(points[6]["computed_at"], "2026-11-09T06:00:00Z");
    assert_eq!(history("").await["scores"].as_array().unwrap().len(), 30);
    let all = history("?limit=365").await;
    let points = all["scores"].as_array().unwrap();
    assert_eq!(points.len(), 76);
    assert_eq!(all["trajectory"], "DECLINING");
    assert_eq!(
        (&points[75]["backfilled"], &points[0]["backfilled"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        history("?interval=week&limit=2").await["scores"][1]["computed_at"],
        "2026-11-08T06:00:00Z"
    );
    let months = history("?interval=month&limit=365").await;
    assert_eq!(months["scores"].as_array().unwrap().len(), 3);
    for query in ["?limit=366", "?interval=year"] {
        let call = app
            .get(&format!("{SCORES}/ondo-usdy/history{query}"))
            .key(&customer);
        call.send().await.expect(400);
    }
    let observer = app.customer_on(Product::Liquidity, "observer", 0).await;
    let call = app
        .get(&format!("{SCORES}/ondo-usdy/history"))
        .key(&observer);
    assert_eq!(call.send().await.expect(402).error().0, "PLAN_REQUIRED");
}

#[tokio::test]
async fn a_score_of_the_past_is_explained_as_it_was_served() {
    let app = TestApp::new().await;
    let customer = customer(&app, "institutional").await;
    publish(&app, &[usdy()]).await;
    let score = async |path: String| app.get(&path).key(&customer).send().await.expect(200).json;
    let mut served = Vec::new();
    let scorer = DailyScorer::from_env(&app.env, &app.aws, app.clock.clock()).unwrap();
    for step in 0..12_i32 {
        app.clock.advance(10 * 3_600);
        let now = app.clock.now();
        match step {
            3 => publish(&app, &[aum(now, 0.0)]).await,
            7 => publish(&app, &[aum(now, 440e6)]).await,
            _ => publish(&app, &[aum(now, 450e6 + f64::from(step) * 3e6)]).await,
        }
        served.push((now, score(format!("{SCORES}/ondo-usdy")).await));
        // Between what is stated, the daily score.
        app.clock.advance(14 * 3_600);
        scorer.run(app.deadline()).await.unwrap();
        served.push((app.clock.now(), score(format!("{SCORES}/ondo-usdy")).await));
    }
    assert!(
        served
            .iter()
            .any(|(_, score)| score["scoring_paused"]["reason"] == "drop_to_zero")
    );
    for (at, was) in served {
        assert_eq!(
            score(format!("{SCORES}/ondo-usdy/explain?at={at}")).await,
            was
        );
    }
    for (at, reason) in [
        ("2026-11-14", "time_too_old"),
        ("2030-01-01", "time_in_future"),
        ("soon", "time_invalid"),
    ] {
        let call = app
            .get(&format!("{SCORES}/ondo-usdy/explain?at={at}"))
            .key(&customer);
        assert_eq!(call.send().await.expect(400).error().1, reason);
    }
}

#[tokio::test]
async fn a_profile_weighs_otherwise() {
    let app = TestApp::new().await;
    let customer = customer(&app, "professional").await;
    publish(&app, &[usdy()]).await;
    let form = json!({ "name": "AUM only", "weights": { "aum": 1.0, "redemption": 0.0, "secondaryVolume": 0.0, "issuer": 0.0, "jurisdiction": 0.0 } });
    let made = app
        .post("/api/v1/scoring-profiles")
        .key(&customer)
        .json(&form)
        .send()
        .await
        .expect(201)
        .json;
    let id = made["profile"]["id"].as_str().unwrap();
    let by = async |profile: &str| {
        app.get(&format!("{SCORES}/ondo-usdy?profile={profile}"))
            .key(&customer)
            .send()
            .await
    };
    let score = by(id).await.expect(200).json;
    assert_eq!(
        (&score["score"], &score["methodology_version"]),
        (&json!(80), &json!("v1.7-MMI+profile"))
    );
    by("default").await.expect(404);
    let path = format!("/api/v1/scoring-profiles/{id}/default");
    app.call(http::Method::PUT, &path)
        .key(&customer)
        .send()
        .await
        .expect(200);
    assert_eq!(by("default").await.expect(200).json["score"], 80);
    let other = app.customer_on(Product::Liquidity, "professional", 0).await;
    for profile in [id, "default", "nothing"] {
        let call = app
            .get(&format!("{SCORES}/ondo-usdy?profile={profile}"))
            .key(&other);
        assert_eq!(call.send().await.expect(404).error().0, "NOT_FOUND");
    }
}

#[tokio::test]
async fn what_follows_from_scores() {
    let app = TestApp::new().await;
    let customer = customer(&app, "professional").await;
    let (slug, mut named) = usdy();
    named.description.name = Some("=1+1".to_owned());
    publish(&app, &[(slug, named), unknown("paxg")]).await;
    let get = async |path: &str| app.get(path).key(&customer).send().await;
    let export = get("/api/v1/export?category=treasury")
        .await
        .expect(200)
        .json;
    assert_eq!(
        (&export["count"], &export["protocols"][0]["slug"]),
        (&json!(1), &json!("ondo-usdy"))
    );
    let csv = get("/api/v1/export?format=csv").await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    expect_test::expect![[r#"
        slug,name,category,issuer,blockchain,jurisdiction,aum_usd,yield_pct,liquidity_score,liquidity_tier,redemption_frequency,holder_count,last_updated
        ondo-usdy,'=1+1,treasury,Ondo Finance,"Ethereum, Solana, Mantle",US,450200000,5.1,91,L1,daily,12400,2026-11-15T00:00:00Z
        paxg,PAXG,commodity,,,,,,,,,,2026-11-15T00:00:00Z
    "#]]
    .assert_eq(&csv.text().replace('\r', ""));
    get("/api/v1/export?format=xlsx").await.expect(400);
    let analyst = app.customer_on(Product::Liquidity, "analyst", 0).await;
    let refused = app
        .get("/api/v1/export")
        .key(&analyst)
        .send()
        .await
        .expect(402);
    assert!(refused.json["error"]["upgradeUrl"].is_string());

    let backtest = get("/api/v1/backtest?days_back=7").await.expect(200).json;
    assert_eq!(
        (&backtest["protocolCount"], &backtest["scoreRecordCount"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(backtest["periodEnd"], "2026-11-15T00:00:00Z");
    get("/api/v1/backtest?days_back=6").await.expect(400);
    let methodology = get("/api/v1/methodology").await.expect(200).json;
    assert_eq!(methodology["versions"][0]["weights"]["issuer"], 0.32);

    let sell = async |positions: Value| {
        let body = json!({ "positions": positions });
        app.post("/api/v1/portfolio/liquidity")
            .key(&customer)
            .json(&body)
            .send()
            .await
    };
    let report = sell(
        json!([{ "slug": "ondo-usdy", "value_usd": 1e6 }, { "slug": "nobody", "value_usd": 5e5 }]),
    )
    .await
    .expect(200)
    .json;
    assert_eq!(
        (&report["total_value_usd"], &report["weighted_score"]),
        (&json!(1.5e6), &json!(91.0))
    );
    assert_eq!(report["positions"][1]["unknown"][0], "protocol");
    let wrong =
        sell(json!([{ "slug": "paxg", "value_usd": 0 }, { "slug": "paxg", "value_usd": 1 }]))
            .await
            .expect(400)
            .json;
    let errors: Vec<_> = wrong["error"]["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| (&of["field"], &of["reason"]))
        .collect();
    assert_eq!(
        errors,
        [
            (
                &json!("positions[0].value_usd"),
                &json!("value_out_of_range")
            ),
            (&json!("positions[1].slug"), &json!("position_repeated"))
        ]
    );
    let many: Vec<Value> = (0..201)
        .map(|n| json!({ "slug": format!("p{n}"), "value_usd": 1 }))
        .collect();
    assert_eq!(
        sell(json!(many)).await.expect(400).error().1,
        "position_count"
    );
    sell(json!(many[..200])).await.expect(200);
    assert_eq!(
        sell(json!([{ "slug": "paxg", "value_usd": 1, "price": 2 }]))
            .await
            .expect(400)
            .error()
            .1,
        "json_invalid"
    );
}
