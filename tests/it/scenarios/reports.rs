use std::sync::LazyLock;

use liquidity_store::protocol_id;
use serde_json::json;
use tests::{Call, Issuer, TestApp};
use types::{AccountId, Product, ReportId};
use workspace::{ReportLinks, ReportRow, Reports};

use super::{Act, Scenario, Stage};
use crate::liquidity::{publish, unknown, usdy};
use crate::operator::operate;

static ISSUER: LazyLock<Issuer> = LazyLock::new(Issuer::start);

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        // Without a key, what dies keeps its count: nobody comes back for it.
        Scenario::new("reports: generate", async |stage| {
            generate(&stage, None).await
        })
        .only_measured(),
        Scenario::new("reports: generate, with a key", async |stage| {
            generate(&stage, Some("a key of this test"))
                .await
                .repeatable()
        }),
        Scenario::new("reports: list of 1", async |stage| {
            let user = User::with_plan(&stage).await;
            user.report().await;
            user.act(200, |app| app.get("/api/reports"))
        }),
        Scenario::new("reports: read", async |stage| {
            let user = User::with_plan(&stage).await;
            let (path, _) = user.report().await;
            user.act(200, move |app| app.get(&path))
        }),
        Scenario::new("reports: link", async |stage| {
            let user = User::with_plan(&stage).await;
            let (_, link) = user.report().await;
            Act::call(302, move || user.app.get(&link))
        }),
        Scenario::new("reports: usage", async |stage| {
            let user = User::with_plan(&stage).await;
            user.report().await;
            user.act(200, |app| app.get("/api/v1/usage"))
        }),
    ]
}

async fn generate(stage: &Stage, key: Option<&'static str>) -> Act {
    let user = User::with_plan(stage).await;
    publish(&stage.app, &[usdy(), unknown("paxg")]).await;
    let id = protocol_id(&"ondo-usdy".parse().unwrap()).to_string();
    user.act(201, move |app| {
        let post = app.post("/api/reports/generate");
        let post = post.json(&json!({ "protocolId": id }));
        match key {
            Some(key) => post.header("idempotency-key", key),
            None => post,
        }
    })
}

/// A user with a session and a plan that includes reports, whom the instance knows.
struct User {
    prepare: TestApp,
    app: TestApp,
    token: String,
    account: AccountId,
}

impl User {
    async fn with_plan(stage: &Stage) -> Self {
        let prepare = stage.app.with_issuer(&ISSUER);
        let token = ISSUER.verified("ada", stage.app.clock.now());
        let app = stage.subject.with_issuer(&ISSUER);
        let stats = app.get("/api/v1/usage/stats?product=leads").bearer(&token);
        let stats = stats.send().await.expect(200).json;
        let account: AccountId = stats["userId"].as_str().unwrap().parse().unwrap();
        let words = [
            "account",
            "set-plan",
            &account.to_string(),
            "liquidity",
            "analyst",
        ];
        assert_eq!(operate(&prepare, &words).await.code, 0);
        let user = Self {
            prepare,
            app,
            token,
            account,
        };
        user.act(200, |app| app.get("/api/reports"))
            .once_before()
            .await;
        user
    }

    /// The path of a report without a file, and a link to it.
    async fn report(&self) -> (String, String) {
        let workspace = &self.prepare.workspace;
        let now = self.prepare.clock.now();
        let row = ReportRow::new(ReportId::new(now), "ondo-usdy", "Ondo", now);
        let reports = Reports::new(workspace);
        let begun = reports.begin(self.account, row.clone(), None);
        begun.await.unwrap();
        let of = (self.account, Product::Liquidity);
        reports.finish(of, &row, row.created_at).await.unwrap();
        let links = ReportLinks::new(workspace);
        let token = links.issue(self.account, &row).await;
        let path = format!("/api/reports/{}", row.report);
        let link = format!("{path}/file?token={}", token.unwrap().reveal());
        (path, link)
    }

    fn act(&self, status: u16, call: impl Fn(&TestApp) -> Call + 'static) -> Act {
        let (app, token) = (self.app.clone(), self.token.clone());
        Act::call(status, move || call(&app).bearer(&token))
    }
}
