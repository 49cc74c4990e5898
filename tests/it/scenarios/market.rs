use std::rc::Rc;

use import::Importer;
use serde_json::json;
use tests::Customer;
use types::Product;

use super::{Act, Scenario, Stage};
use crate::import::{no_pause, notice};
use crate::liquidity::{publish, unknown, usdy};

/// A call of each endpoint that only reads, by an instance that knows the key and has read nothing yet.
const READS: [(&str, &str); 11] = [
    ("market: list of protocols", "/api/v1/protocols"),
    ("market: events", "/api/v1/protocols/ondo-usdy/events"),
    ("market: list of scores", "/api/v1/scores"),
    ("market: score", "/api/v1/scores/ondo-usdy"),
    (
        "market: score by a profile",
        "/api/v1/scores/ondo-usdy?profile=default",
    ),
    (
        "market: history of a year",
        "/api/v1/scores/ondo-usdy/history?limit=365",
    ),
    (
        "market: score of the past",
        "/api/v1/scores/ondo-usdy/explain?at=2026-11-15T07:00:00Z",
    ),
    ("market: market", "/api/v1/market"),
    ("market: methodology", "/api/v1/methodology"),
    ("market: export", "/api/v1/export"),
    (
        "market: backtest of a year",
        "/api/v1/backtest?days_back=365",
    ),
];

pub(super) fn scenarios() -> Vec<Scenario> {
    let reads = READS.into_iter().map(|(name, path)| {
        Scenario::new(name, move |stage: Stage| async move {
            let customer = professional(&stage).await;
            Act::call(200, move || stage.subject.get(path).key(&customer))
        })
    });
    let others = [
        Scenario::new("market: portfolio", async |stage| {
            let customer = professional(&stage).await;
            let body = json!({ "positions": [{ "slug": "ondo-usdy", "value_usd": 1e6 }] });
            Act::call(200, move || {
                let call = stage.subject.post("/api/v1/portfolio/liquidity");
                call.key(&customer).json(&body)
            })
        }),
        Scenario::new("import of a protocol: new", async |stage| {
            import(&stage).await
        }),
        Scenario::new("import of a protocol: a day later", async |stage| {
            let (slug, mut stated) = usdy();
            stated.statement.at -= std::time::Duration::from_hours(24);
            publish(&stage.app, &[(slug, stated)]).await;
            import(&stage).await
        }),
    ];
    reads.chain(others).collect()
}

/// A customer with a default profile, whose key the instance remembers, and two protocols.
async fn professional(stage: &Stage) -> Customer {
    let customer = stage.app.customer_on(Product::Liquidity, "professional", 0);
    let customer = customer.await;
    publish(&stage.app, &[usdy(), unknown("paxg")]).await;
    let weights = json!({ "aum": 0.4, "redemption": 0.25, "secondaryVolume": 0.1, "issuer": 0.15, "jurisdiction": 0.1 });
    let create = stage.app.post("/api/v1/scoring-profiles").key(&customer);
    let create = create.json(&json!({ "name": "Mine", "weights": weights }));
    let made = create.send().await.expect(201).json;
    let path = format!(
        "/api/v1/scoring-profiles/{}/default",
        made["profile"]["id"].as_str().unwrap()
    );
    let set = stage.app.call(http::Method::PUT, &path).key(&customer);
    set.send().await.expect(200);
    let (app, known) = (stage.subject.clone(), customer.clone());
    let read = Act::call(200, move || app.get("/api/v1/protocols/paxg").key(&known));
    read.once_before().await;
    customer
}

/// The import of a file about one protocol.
async fn import(stage: &Stage) -> Act {
    let key = "import/liquidity/file.csv";
    let file = "slug,as_of,name,category,aum_usd,redemption_frequency,jurisdiction,cadence\n\
                ondo-usdy,2026-11-15,Ondo US Dollar Yield,treasury,450900000,daily,US,yearly\n";
    let bucket = stage.app.bucket();
    let put = bucket.put(key, "text/csv", file.as_bytes().to_vec());
    put.await.unwrap();
    let app = &stage.subject;
    let importer = Importer::from_env(&app.env, &app.aws, app.clock.clock()).unwrap();
    let notice: Rc<str> = notice(&[key]).into();
    let app = stage.app.clone();
    Act::work(move || {
        let (importer, notice) = (importer.clone(), notice.clone());
        let deadline = no_pause(&app);
        async move { importer.handle(&notice, deadline).await }
    })
    .repeatable()
}
