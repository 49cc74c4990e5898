//! Public sources are asked about a company of which no fresh score is kept.

use std::time::Duration;

use futures::future::join_all;
use serde_json::Value;
use tests::{Conduct, Customer, TestApp, Web};
use tokio::time::Instant;
use types::{Credits, Domain};

const PATH: &str = "/api/v1/score?domain=acme.com";
/// A budget that a busy machine does not use up, in milliseconds, for tests that are not about time.
const PATIENT: &str = "20000";
/// What an answer may take, at the worst.
const WORST: Duration = Duration::from_secs(3);

/// Every source, with the beginning of its addresses.
const SOURCES: [(&str, &str); 10] = [
    ("greenhouse", "boards-api.greenhouse.io/"),
    ("lever", "api.lever.co/"),
    ("ashby", "api.ashbyhq.com/"),
    ("workable", "apply.workable.com/"),
    ("hn", "hn.algolia.com/"),
    ("github", "api.github.com/"),
    ("sec", "data.sec.gov/"),
    ("dns", "dns.google/"),
    ("site", "acme.com/"),
    ("rdap", "rdap.org/"),
];

/// A web in which every source knows something of acme.com.
pub(crate) fn acme() -> Web {
    let web = Web::start();
    web.answer(
        "acme.com/",
        "<a href=\"https://boards.greenhouse.io/acmeco\">Jobs</a><a href=\"https://jobs.lever.co/acme\"><a href=\"https://jobs.ashbyhq.com/acme\">\
         <a href=\"https://apply.workable.com/acme/\"><link rel=alternate type=application/rss+xml href=/feed>",
    );
    web.answer("acme.com/feed", "<item><title>Introducing Rockets</title><link>https://acme.com/r</link><pubDate>Tue, 03 Nov 2026 10:00:00 GMT</pubDate></item>");
    web.answer("boards-api.greenhouse.io/v1/boards/acmeco/jobs", r#"{"jobs":[{"id":1,"title":"Head of Sales","absolute_url":"https://boards.greenhouse.io/acmeco/jobs/1","updated_at":"2026-11-14T10:00:00Z","first_published":"2026-11-10T10:00:00Z","location":{"name":"Berlin"}}],"meta":{"total":1}}"#);
    web.answer("api.lever.co/v0/postings/acme", r#"[{"id":"l1","text":"Engineer","categories":{"location":"Paris"},"hostedUrl":"https://jobs.lever.co/acme/l1","createdAt":1793700000000}]"#);
    web.answer("api.ashbyhq.com/posting-api/job-board/acme", r#"{"jobs":[{"id":"a1","title":"Designer","publishedAt":"2026-11-09T10:00:00Z","isListed":true,"jobUrl":"https://jobs.ashbyhq.com/acme/a1"}]}"#);
    web.answer("apply.workable.com/api/v1/widget/accounts/acme", r#"{"name":"Acme","jobs":[{"title":"Recruiter","shortcode":"W1","published_on":"2026-11-08","url":"https://apply.workable.com/j/W1","city":"Oslo","country":"Norway"}]}"#);
    web.answer("hn.algolia.com/", r#"{"hits":[{"objectID":"9","title":"Acme raises $20M","url":"https://acme.com/raise","points":300,"created_at_i":1794200000}]}"#);
    web.answer(
        "api.github.com/orgs/acme",
        r#"{"login":"acme","blog":"https://acme.com"}"#,
    );
    web.answer(
        "api.github.com/orgs/acme/repos",
        r#"[{"name":"sdk","language":"Rust","pushed_at":"2026-11-12T10:00:00Z"}]"#,
    );
    web.answer(
        "www.sec.gov/files/company_tickers.json",
        r#"{"0":{"cik_str":77,"ticker":"ACME","title":"Acme Inc."}}"#,
    );
    web.answer("data.sec.gov/submissions/CIK0000000077.json", r#"{"filings":{"recent":{"accessionNumber":["0-26-1"],"filingDate":["2026-11-02"],"form":["8-K"],"items":["5.02"],"primaryDocument":["a.htm"]}}}"#);
    web.answer("dns.google/", r#"{"Status":0,"Answer":[{"name":"acme.com.","type":15,"TTL":1,"data":"1 aspmx.l.google.com."}]}"#);
    web.answer(
        "rdap.org/domain/acme.com",
        r#"{"events":[{"eventAction":"registration","eventDate":"2026-11-01T10:00:00Z"}]}"#,
    );
    web
}

/// A fresh app that asks every source of a web, and a customer.
pub(crate) async fn asking(web: &Web) -> (TestApp, Customer) {
    let app = TestApp::new().await;
    let app = app
        .with_variable("COLLECTORS", "all")
        .with_variable("COLLECTOR_CONTACT", "ops@assay.example")
        .with_variable("COLLECTOR_BASE_URL", web.url())
        .with_variable("COLLECTOR_BUDGET_MS", PATIENT);
    let customer = app.customer(100).await;
    (app, customer)
}

pub(super) async fn score(app: &TestApp, customer: &Customer) -> Value {
    app.get(PATH).key(customer).send().await.expect(200).json
}

pub(super) fn answered(answer: &Value) -> Vec<&str> {
    let answered = answer["coverage"]["answered"].as_array().unwrap();
    answered
        .iter()
        .map(|one| one["source"].as_str().unwrap())
        .collect()
}

/// The sources that are missing, each with why.
pub(super) fn missing(answer: &Value) -> Vec<(&str, &str)> {
    let missing = answer["coverage"]["missing"].as_array().unwrap();
    let word = |one: &'_ Value, name: &str| one[name].as_str().map(str::len).is_some();
    assert!(missing.iter().all(|one| word(one, "retry_at")));
    missing
        .iter()
        .map(|one| {
            (
                one["source"].as_str().unwrap(),
                one["reason"].as_str().unwrap(),
            )
        })
        .collect()
}

fn sources_of_signals(answer: &Value) -> Vec<&str> {
    let signals = answer["signals"].as_array().unwrap();
    let mut sources: Vec<&str> = signals
        .iter()
        .map(|one| one["source"].as_str().unwrap())
        .collect();
    sources.sort_unstable();
    sources
}

/// Looks until so many sources have answered.
pub(super) async fn wait_for_rows(app: &TestApp, count: usize) {
    let domain = Domain::parse("acme.com").unwrap();
    let all_there = async {
        let answered = async || {
            let rows = app.intel.sources(&domain).await.unwrap();
            rows.values().filter(|row| row.error.is_none()).count()
        };
        while answered().await < count {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all_there)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_a_source_knows_is_not_told_without_the_credits_for_it() {
    let web = acme();
    let (app, _) = asking(&web).await;
    let poor = app.customer(0).await;
    for _ in 0..2 {
        let refused = app.get(PATH).key(&poor).send().await.expect(402);
        assert_eq!(refused.json.get("score"), None);
    }
    let nothing = app.get("/api/v1/score?domain=unknown.example.com");
    let answer = nothing.key(&poor).send().await.expect(200).json;
    assert_eq!(answer["credits_charged"], 0);
}

#[tokio::test]
async fn a_newcomer_is_scored_by_what_every_source_says() {
    let web = acme();
    let (app, customer) = asking(&web).await;
    let first = score(&app, &customer).await;
    assert_eq!(answered(&first), SOURCES.map(|(source, _)| source));
    assert_eq!(missing(&first), []);
    assert_eq!(
        sources_of_signals(&first),
        [
            "ashby",
            "github",
            "greenhouse",
            "hn",
            "lever",
            "rdap",
            "sec",
            "site",
            "workable"
        ],
        "the records of DNS are a state, and no event"
    );
    assert_eq!(
        (&first["confidence"], &first["credits_charged"]),
        (&"high".into(), &1.into())
    );
    assert_eq!(first["expires_at"], "2026-11-16T12:00:10Z");

    // The same for a day, to anyone, without a word to a source.
    let seen = web.seen();
    assert!(
        seen.iter()
            .all(|head| head.contains("user-agent: Assay/0.1 (ops@assay.example)")),
        "{seen:?}"
    );
    let other = app.customer(10).await;
    let mut second = score(&app.restarted(), &other).await;
    assert_eq!(second["cached"], true);
    second["cached"] = false.into();
    assert_eq!(second, first);
    assert_eq!(web.seen(), Vec::<String>::new());

    // The next day they are asked again, and what they say again is written nowhere.
    let revision = app.revisions(&customer, "acme.com").await;
    app.clock.advance(86_400);
    let third = score(&app, &customer).await;
    assert_eq!(
        (third["cached"].as_bool(), answered(&third).len()),
        (Some(false), 10)
    );
    assert!(web.seen().len() >= 9);
    assert_eq!(app.revisions(&customer, "acme.com").await, revision);
}

#[tokio::test]
async fn without_collectors_nobody_is_asked() {
    let web = acme();
    let (app, customer) = asking(&web).await;
    let app = app.with_variable("COLLECTORS", "");
    let answer = score(&app, &customer).await;
    assert!(answer.get("coverage").is_none());
    assert_eq!(answer["confidence"], "none");
    assert_eq!(web.seen(), Vec::<String>::new());
}

#[tokio::test]
async fn a_source_that_misbehaves_is_named_and_the_others_count() {
    let answers = |status, headers| Conduct::Answers(status, headers, "{}".to_owned());
    let ways = [
        ("late", Conduct::Hangs),
        ("late", Conduct::Drips),
        ("failed", Conduct::Resets),
        ("failed", answers(503, "")),
        ("refused", answers(403, "")),
        ("rate_limited", answers(429, "retry-after: 30")),
        ("rate_limited", answers(403, "retry-after: 60")),
        (
            "malformed",
            Conduct::Answers(200, "", "<html>Just a moment</html>".to_owned()),
        ),
        ("too_large", Conduct::Answers(200, "", "x".repeat(10 << 20))),
        (
            "blocked",
            answers(302, "location: https://169.254.169.254/latest/meta-data/"),
        ),
        ("blocked", answers(302, "location: http://acme.com/")),
        ("failed", answers(302, "location: /again")),
    ];
    let tries = ways.map(|(reason, conduct)| async move {
        let web = acme();
        web.tell("hn.algolia.com/", conduct);
        let (app, customer) = asking(&web).await;
        let budget = if reason == "late" { "3000" } else { PATIENT };
        let app = app.with_variable("COLLECTOR_BUDGET_MS", budget);
        let answer = score(&app, &customer).await;
        assert_eq!(missing(&answer), [("hn", reason)]);
        assert_eq!(answered(&answer).len(), 9, "{reason}");
        assert_eq!(sources_of_signals(&answer).len(), 8, "{reason}");
        assert_eq!(answer["confidence"], "medium", "{reason}");
        let again = &answer["coverage"]["missing"][0]["retry_at"];
        assert_eq!(
            &answer["expires_at"], again,
            "a score is kept until its missing sources are asked again"
        );
    });
    // One after another: all these webs at once would be slow for another reason.
    for one in tries {
        one.await;
    }
}

#[tokio::test]
async fn half_of_the_sources_down_is_low_confidence() {
    let web = acme();
    for (_, prefix) in SOURCES.iter().take(5) {
        web.tell(prefix, Conduct::Answers(500, "", String::new()));
    }
    let (app, customer) = asking(&web).await;
    let answer = score(&app, &customer).await;
    assert_eq!(missing(&answer).len(), 5);
    assert_eq!(
        (&answer["confidence"], &answer["credits_charged"]),
        (&"low".into(), &1.into())
    );
}

#[tokio::test]
async fn all_sources_hanging_is_an_answer_in_time() {
    let web = Web::start();
    web.tell("", Conduct::Hangs);
    let (app, customer) = asking(&web).await;
    let app = app.with_variable("COLLECTOR_BUDGET_MS", "");
    let began = Instant::now();
    let answer = score(&app, &customer).await;
    assert!(began.elapsed() < WORST, "{:?}", began.elapsed());
    assert_eq!(
        missing(&answer),
        SOURCES.map(|(source, _)| (source, "late"))
    );
    assert_eq!(
        (&answer["score"], &answer["confidence"]),
        (&0.into(), &"none".into())
    );
    assert_eq!(app.balance(&customer).await, Credits::whole(100));

    // Nobody waits for them again for a minute, on no instance.
    web.seen();
    app.clock.advance(59);
    let again = score(&app.restarted(), &customer).await;
    assert_eq!(missing(&again).len(), 10);
    assert_eq!(web.seen(), Vec::<String>::new());
}

#[tokio::test]
async fn all_sources_down_are_left_alone_for_a_minute_and_then_asked_again() {
    let web = Web::start();
    web.tell("", Conduct::Answers(500, "", String::new()));
    let (app, customer) = asking(&web).await;
    let answer = score(&app, &customer).await;
    assert_eq!(
        missing(&answer),
        SOURCES.map(|(source, _)| (source, "failed"))
    );
    web.seen();
    app.clock.advance(59);
    assert_eq!(missing(&score(&app, &customer).await).len(), 10);
    assert_eq!(web.seen(), Vec::<String>::new());

    app.clock.advance(1);
    let recovered = acme();
    let app = app.with_variable("COLLECTOR_BASE_URL", recovered.url());
    let answer = score(&app, &customer).await;
    assert_eq!((missing(&answer).len(), answered(&answer).len()), (0, 10));
    assert_eq!(answer["confidence"], "high");
}

#[tokio::test]
async fn what_comes_late_is_in_the_next_answer() {
    let web = acme();
    web.delay(Duration::from_millis(400));
    let (app, customer) = asking(&web).await;
    let app = app.with_variable("COLLECTOR_BUDGET_MS", "200");
    let first = score(&app, &customer).await;
    assert_eq!(missing(&first).len(), 10);
    wait_for_rows(&app, 10).await;
    app.clock.advance(1);
    let second = score(&app, &customer).await;
    assert_eq!((missing(&second).len(), answered(&second).len()), (0, 10));
    assert_eq!(second["cached"], false);
    assert_eq!(sources_of_signals(&second).len(), 9);
}

#[tokio::test]
async fn many_calls_at_once_ask_once_and_store_once() {
    let web = acme();
    web.delay(Duration::from_millis(50));
    let (app, customer) = asking(&web).await;
    let instances: Vec<TestApp> = (0..12).map(|_| app.restarted()).collect();
    let calls = instances.iter().map(|instance| score(instance, &customer));
    let answers = join_all(calls).await;
    for answer in &answers {
        assert_eq!(answer["score"], answers[0]["score"]);
        assert_eq!(answered(answer).len(), 10);
        assert_eq!(sources_of_signals(answer).len(), 9);
    }
    let mut asked: Vec<String> = web
        .seen()
        .iter()
        .map(|head| head.lines().next().unwrap().to_owned())
        .collect();
    let all = asked.len();
    asked.sort_unstable();
    asked.dedup();
    assert_eq!(asked.len(), all, "{asked:#?}");
}

#[tokio::test]
async fn a_company_of_which_nothing_is_found_is_not_asked_about_again() {
    let web = Web::start();
    web.answer("hn.algolia.com/", r#"{"hits":[]}"#);
    web.answer("dns.google/", r#"{"Status":3}"#);
    web.answer("www.sec.gov/", "{}");
    let (app, customer) = asking(&web).await;
    let answer = score(&app, &customer).await;
    assert_eq!(answered(&answer).len(), 10);
    assert_eq!(
        (&answer["score"], &answer["credits_charged"]),
        (&0.into(), &0.into())
    );
    assert!(!web.seen().is_empty());
    for _ in 0..3 {
        assert_eq!(answered(&score(&app, &customer).await).len(), 10);
    }
    assert_eq!(web.seen(), Vec::<String>::new());
    assert_eq!(app.balance(&customer).await, Credits::whole(100));
}
