//! Reports on protocols: made, counted by month, listed, and downloaded by links.

use futures::future::join_all;
use liquidity_store::protocol_id;
use serde_json::{Value, json};
use store::StoreError;
use tests::{Answer, Death, Fault, Faults, Issuer, Plan, Reach, TestApp, client};
use types::{AccountId, Clock, Product, ReportId};
use workspace::{Begun, ReportLinks, ReportRow, Reports};

use super::{publish, unknown, usdy};
use crate::operator::operate;

const GENERATE: &str = "/api/reports/generate";
const REPORTS: &str = "/api/reports";
/// Seconds of a day.
const DAY: i64 = 86_400;

/// A signed-in user.
struct User {
    issuer: Issuer,
    app: TestApp,
    name: &'static str,
    account: AccountId,
}

impl User {
    /// One on a plan of liquidity.
    async fn on(app: &TestApp, name: &'static str, plan: &str) -> Self {
        let issuer = Issuer::start();
        let app = app.with_issuer(&issuer);
        let token = issuer.verified(name, app.clock.now());
        let stats = app.get("/api/v1/usage/stats?product=leads").bearer(&token);
        let stats = stats.send().await.expect(200);
        let account: AccountId = stats.json["userId"].as_str().unwrap().parse().unwrap();
        let words = [
            "account",
            "set-plan",
            &account.to_string(),
            "liquidity",
            plan,
        ];
        assert_eq!(operate(&app, &words).await.code, 0);
        Self {
            issuer,
            app,
            name,
            account,
        }
    }

    fn token(&self) -> String {
        self.issuer.verified(self.name, self.app.clock.now())
    }

    async fn get(&self, path: &str) -> Answer {
        self.app.get(path).bearer(&self.token()).send().await
    }

    async fn generate(&self, slug: &str) -> Answer {
        self.post(&self.app, &body(slug), None).await
    }

    async fn post(&self, app: &TestApp, body: &Value, key: Option<&str>) -> Answer {
        let post = app.post(GENERATE).bearer(&self.token()).json(body);
        let post = match key {
            Some(key) => post.header("idempotency-key", key),
            None => post,
        };
        post.send().await
    }

    /// Reports of this month, as `usage` shows them.
    async fn made(&self) -> u64 {
        let usage = self.get("/api/v1/usage").await.expect(200);
        usage.json["reportsGenerated"].as_u64().unwrap()
    }

    async fn listed(&self) -> Vec<Value> {
        let list = self.get(REPORTS).await.expect(200);
        list.json["reports"].as_array().unwrap().clone()
    }

    /// A report that is counted, and has no file yet.
    async fn begin(&self, limit: u64) -> ReportRow {
        let now = self.app.clock.now();
        let new = ReportRow::new(ReportId::new(now), "ondo-usdy", "Ondo", now);
        let reports = reports(&self.app);
        let begun = reports.begin(self.account, new.clone(), Some(limit));
        assert_eq!(begun.await.unwrap(), Begun::Report(new.clone()));
        new
    }

    /// A report whose file is missing, and a link to it.
    async fn ready(&self) -> (String, String) {
        let row = self.begin(100).await;
        let reports = reports(&self.app);
        let of = (self.account, Product::Liquidity);
        reports.finish(of, &row, row.created_at).await.unwrap();
        let links = ReportLinks::new(&self.app.workspace);
        let token = links.issue(self.account, &row).await.unwrap();
        let path = format!("{REPORTS}/{}", row.report);
        let link = format!("{path}/file?token={}", token.reveal());
        (path, link)
    }

    /// Opens a link without any credential.
    async fn open(&self, link: &str) -> Answer {
        self.app.get(link).send().await
    }
}

fn reports(app: &TestApp) -> Reports {
    Reports::new(&app.workspace)
}

fn body(slug: &str) -> Value {
    json!({ "protocolId": protocol_id(&slug.parse().unwrap()).to_string() })
}

/// Path and query of one of our links.
fn path_of(answer: &Answer) -> String {
    let url = answer.json["downloadUrl"].as_str().unwrap();
    url[url.find("/api/").unwrap()..].to_owned()
}

#[tokio::test]
async fn the_printed_request_makes_a_pdf_that_its_link_downloads() {
    let app = TestApp::new().await;
    // Whoever serves the file reads the true clock.
    let ahead = Clock::system().now().as_second() - app.clock.now().as_second();
    app.clock.advance(ahead);
    publish(&app, &[usdy(), unknown("paxg")]).await;
    let user = User::on(&app, "ada", "analyst").await;
    let id = "9dc9aad6-0323-5fb4-8c07-1edb45622157";
    let form = json!({ "protocolId": id });
    let made = user.post(&user.app, &form, None);
    let made = made.await.expect(201);
    let fields: Vec<&String> = made.json.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["downloadUrl", "expiresAt", "reportId"]);
    let report = made.json["reportId"].as_str().unwrap();
    let ends = app.clock.now().as_second() + 90 * DAY;
    let expires = made.json["expiresAt"].as_str().unwrap();
    let expires: types::Timestamp = expires.parse().unwrap();
    assert!((ends - 60..=ends).contains(&expires.as_second()));

    let read = user.get(&format!("{REPORTS}/{report}")).await.expect(200);
    assert_eq!(read.json["protocol"]["slug"], "ondo-usdy");
    assert_eq!(read.json["protocol"]["name"], "Ondo US Dollar Yield");
    assert_ne!(read.json["downloadUrl"], made.json["downloadUrl"]);
    let mut listed = read.json.clone();
    listed.as_object_mut().unwrap().remove("downloadUrl");
    assert_eq!(user.listed().await, [listed]);

    let day = types::day_of(app.clock.now());
    for link in [path_of(&made), path_of(&read)] {
        let found = user.open(&link).await.expect(302);
        assert_eq!(found.header("cache-control"), "private, no-store");
        let url = found.header("location");
        assert!(url.contains("X-Amz-Expires=300"), "{url}");
        let file = client().get(url).send().await.unwrap();
        assert_eq!(file.status(), 200);
        assert_eq!(file.headers()["content-type"], "application/pdf");
        let disposition = file.headers()["content-disposition"].to_str().unwrap();
        let date: String = day.chars().filter(char::is_ascii_digit).collect();
        let told: String = disposition.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(told, date, "{disposition}");
        assert!(
            disposition.starts_with("attachment; filename=\"ondo-usdy-"),
            "{disposition}"
        );
        assert!(file.bytes().await.unwrap().starts_with(b"%PDF"));
    }
    assert_eq!(user.made().await, 1);
    let stats = user.get("/api/v1/usage/stats?days=2&product=liquidity");
    let stats = stats.await.expect(200).json;
    assert_eq!(stats["stats"][0]["reports"], 1);
    assert_eq!(stats["stats"][1]["reports"], 0);
}

#[tokio::test]
async fn what_is_refused_counts_nothing() {
    let app = TestApp::new().await;
    publish(&app, &[usdy()]).await;
    let user = User::on(&app, "ada", "analyst").await;
    for (form, reason) in [
        (json!({ "protocolId": "ondo-usdy" }), "uuid_invalid"),
        (json!({}), "field_missing"),
        (json!({ "protocolId": null }), "field_missing"),
        (json!({ "slug": "ondo-usdy" }), "json_invalid"),
    ] {
        let refused = user.post(&user.app, &form, None).await.expect(400);
        assert_eq!(refused.error().1, reason, "{form}");
    }
    let form = json!({ "protocolId": "uuid" });
    let refused = user.post(&user.app, &form, None);
    let error = refused.await.json["error"].clone();
    assert_eq!(error["field"], "protocolId");
    assert!(
        error["message"].to_string().contains("9dc9aad6-"),
        "{error}"
    );
    user.generate("no-such-protocol").await.expect(404);
    let key = super::customer(&app, "analyst").await;
    let refused = app.post(GENERATE).key(&key).json(&body("ondo-usdy"));
    let refused = refused.send().await.expect(403);
    assert_eq!(refused.error().1, "session_required");
    let observer = User::on(&app, "eve", "observer").await;
    let refused = observer.generate("ondo-usdy").await.expect(402);
    assert_eq!(refused.error().0, "PLAN_REQUIRED");
    assert_eq!((user.made().await, user.listed().await), (0, Vec::new()));
    assert!(app.objects("reports/").await.is_empty());
}

#[tokio::test]
async fn of_many_at_once_a_month_has_its_limit() {
    let app = TestApp::new().await;
    publish(&app, &[usdy()]).await;
    let user = User::on(&app, "ada", "analyst").await;
    for _ in 0..24 {
        user.begin(25).await;
    }
    assert_eq!(user.made().await, 24);
    // The issuer's keys are known to the function, which waits for no other call to fetch them.
    assert!(user.listed().await.is_empty());
    let many = join_all((0..6).map(|_| user.generate("ondo-usdy"))).await;
    let (made, refused): (Vec<_>, Vec<_>) =
        many.into_iter().partition(|answer| answer.status == 201);
    assert_eq!((made.len(), refused.len()), (1, 5));
    for answer in refused {
        let answer = answer.expect(429);
        assert_eq!(answer.error(), ("LIMIT_REACHED", "monthly_reports"));
        assert_eq!(answer.json["error"]["limit"], 25);
    }
    assert_eq!(user.made().await, 25);
    let objects = format!("reports/{}/", user.account);
    assert_eq!(app.objects(&objects).await.len(), 1);
    app.clock.advance(16 * DAY);
    assert_eq!(user.made().await, 0);
    user.begin(25).await;
    let stats = user.get("/api/v1/usage/stats?interval=month&days=40").await;
    let stats = stats.expect(200).json["stats"].clone();
    assert_eq!([&stats[0]["reports"], &stats[1]["reports"]], [1, 25]);
}

#[tokio::test]
async fn a_report_is_its_account_s_until_it_expires() {
    let app = TestApp::new().await;
    let (ada, eve) = (
        User::on(&app, "ada", "analyst").await,
        User::on(&app, "eve", "analyst").await,
    );
    let rendering = ada.begin(100).await;
    let (path, link) = ada.ready().await;
    let (_, other) = ada.ready().await;
    for unknown in [
        format!("{REPORTS}/{}", rendering.report),
        format!("{REPORTS}/report_01k9xw3tkbc2v6m8p4h0r5zqde"),
        format!("{REPORTS}/x"),
    ] {
        ada.get(&unknown).await.expect(404);
    }
    eve.get(&path).await.expect(404);
    assert!(eve.listed().await.is_empty());
    assert_eq!(ada.listed().await.len(), 2);
    ada.get(&path).await.expect(200);
    ada.open(&link).await.expect(302);
    // A token is for its own report.
    let (_, token) = other.split_once('?').unwrap();
    ada.open(&format!("{path}/file?{token}")).await.expect(404);
    for token in ["", "x", &"0".repeat(64)] {
        let link = format!("{path}/file?token={token}");
        ada.open(&link).await.expect(404);
    }
    let missing = ada.open(&format!("{path}/file")).await.expect(400);
    assert_eq!(missing.error().1, "parameter_missing");

    app.clock.advance(90 * DAY - 60);
    ada.get(&path).await.expect(200);
    ada.open(&link).await.expect(302);
    app.clock.advance(60);
    ada.get(&path).await.expect(404);
    ada.open(&link).await.expect(404);
    assert!(ada.listed().await.is_empty());
}

#[tokio::test]
async fn a_list_has_pages_the_newest_first() {
    let app = TestApp::new().await;
    let user = User::on(&app, "ada", "analyst").await;
    let mut made = Vec::new();
    for _ in 0..5 {
        app.clock.advance(1);
        made.push(user.ready().await.0);
    }
    made.reverse();
    let mut seen = Vec::new();
    let mut path = format!("{REPORTS}?limit=2");
    loop {
        let page = user.get(&path).await.expect(200).json;
        for report in page["reports"].as_array().unwrap() {
            let id = report["reportId"].as_str().unwrap();
            seen.push(format!("{REPORTS}/{id}"));
        }
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("{REPORTS}?limit=2&cursor={next}");
    }
    assert_eq!(seen, made);
    let refused = user.get(&format!("{REPORTS}?cursor=x")).await.expect(400);
    assert_eq!(refused.error().1, "cursor_invalid");
}

/// Whatever it dies between, the same request makes one report, which counts once.
#[tokio::test]
async fn a_death_at_any_write_is_made_good_by_the_same_request() {
    let app = TestApp::new().await;
    publish(&app, &[usdy()]).await;
    let user = User::on(&app, "ada", "institutional").await;
    let mortal = user.app.on_mortal();
    let form = body("ondo-usdy");
    let mut deaths = 0;
    for (round, death) in (0..)
        .flat_map(|write| [Death::Before(write), Death::After(write)])
        .enumerate()
    {
        // A report of its own second, since the list is in the order of time.
        app.clock.advance(1);
        let key = format!("round {round}");
        let run = user.post(&mortal, &form, Some(&key));
        let died = app.deaths.run(Some(death), run).await.is_none();
        deaths += usize::from(died);
        // The lease of the first run is over.
        app.clock.advance(60);
        let answer = user.post(&user.app, &form, Some(&key)).await.expect(201);
        let made = u64::try_from(round).unwrap() + 1;
        assert_eq!(user.made().await, made, "{death:?}");
        let listed = user.listed().await;
        assert_eq!(listed.len(), round + 1, "{death:?}");
        assert_eq!(listed[0]["reportId"], answer.json["reportId"], "{death:?}");
        user.open(&path_of(&answer)).await.expect(302);
        if !died {
            break;
        }
    }
    let objects = app.objects(&format!("reports/{}/", user.account)).await;
    assert_eq!(objects.len(), deaths + 1);
    // The key of the request, the admission, the row, the file, its end, the link, the response.
    assert_eq!(deaths, 2 * 7);
}

/// A call that fails has no report and counts none; a response that is lost on the way is not seen.
#[tokio::test]
async fn with_each_call_failing_what_is_counted_is_there() {
    let app = TestApp::new().await;
    publish(&app, &[usdy()]).await;
    let user = User::on(&app, "ada", "institutional").await;
    let faults = Faults::default();
    let failing = user.app.with_faults(&faults);
    let form = body("ondo-usdy");
    user.post(&failing, &form, None).await.expect(201);
    for (fault, reach) in [(Fault::Reset, Reach::Once), (Fault::Broken, Reach::Repeats)] {
        let mut failed = Vec::new();
        for at in 0.. {
            let before = user.made().await;
            let plan = Plan { at, fault, reach };
            let call = user.post(&failing, &form, None);
            let (answer, happened) = faults.run(Some(plan), call).await;
            let counted = user.made().await - before;
            let met = happened.requests.get(at).cloned().unwrap_or_default();
            if answer.status == 201 {
                assert_eq!(counted, 1, "{met}");
            } else {
                answer.expect(503);
                failed.push(met.clone());
                // Of what fails after the report is there, the report remains: it is listed.
                assert!(counted <= 1, "{met}");
            }
            let listed = user.listed().await.len();
            assert_eq!(user.made().await, u64::try_from(listed).unwrap(), "{met}");
            if !happened.met {
                break;
            }
        }
        let is_lost = fault == Fault::Reset;
        assert_eq!(failed.is_empty(), is_lost, "{fault:?}: {failed:?}");
        assert_eq!(failed.contains(&"S3 PUT".to_owned()), !is_lost);
    }
}

/// What is given back twice, or after it is ready, counts as before.
#[tokio::test]
async fn a_report_is_given_back_once() {
    let app = TestApp::new().await;
    let user = User::on(&app, "ada", "analyst").await;
    let reports = reports(&app);
    let (one, _) = (user.begin(25).await, user.begin(25).await);
    for _ in 0..2 {
        reports.give_back(user.account, &one).await.unwrap();
        assert_eq!(user.made().await, 1);
    }
    // Another run of the same request has made it meanwhile.
    let begun = reports.begin(user.account, one.clone(), Some(25));
    begun.await.unwrap();
    let again = reports.begin(user.account, one.clone(), Some(2)).await;
    assert_eq!(again.unwrap(), Begun::Report(one.clone()));
    let of = (user.account, Product::Liquidity);
    reports.finish(of, &one, one.created_at).await.unwrap();
    reports.give_back(user.account, &one).await.unwrap();
    assert_eq!((user.made().await, user.listed().await.len()), (2, 1));
    // One that was given back has no file to be ready.
    let gone = user.begin(25).await;
    reports.give_back(user.account, &gone).await.unwrap();
    let finished = reports.finish(of, &gone, gone.created_at).await;
    assert!(matches!(finished, Err(StoreError::Conflict)));
}
