//! Responses with all the fields that each source returns, written by hand after its documentation.

use expect_test::expect;
use tests::{Conduct, Web};

use super::sources::{answered, asking, missing, score};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../fixtures/sources/", $name))
    };
}

/// A web in which every source has a full response on acme.com.
fn acme() -> Web {
    let web = Web::start();
    for (prefix, body) in [
        ("acme.com/", fixture!("home.html")),
        ("acme.com/robots.txt", fixture!("robots.txt")),
        ("acme.com/blog/feed.xml", fixture!("feed.xml")),
        (
            "boards-api.greenhouse.io/v1/boards/acmeco/jobs",
            fixture!("greenhouse.json"),
        ),
        ("api.lever.co/v0/postings/acme-eu?", fixture!("lever.json")),
        (
            "api.ashbyhq.com/posting-api/job-board/Acme%2DDesign",
            fixture!("ashby.json"),
        ),
        (
            "apply.workable.com/api/v1/widget/accounts/acme-inc",
            fixture!("workable.json"),
        ),
        ("hn.algolia.com/api/v1/search_by_date", fixture!("hn.json")),
        ("api.github.com/orgs/acme", fixture!("github_org.json")),
        (
            "api.github.com/orgs/acme/repos",
            fixture!("github_repos.json"),
        ),
        (
            "www.sec.gov/files/company_tickers.json",
            fixture!("company_tickers.json"),
        ),
        (
            "data.sec.gov/submissions/CIK0000000077.json",
            fixture!("submissions.json"),
        ),
        ("dns.google/resolve", fixture!("dns.json")),
        ("rdap.example/com/v1/domain/acme.com", fixture!("rdap.json")),
    ] {
        web.answer(prefix, body);
    }
    let registry = "location: https://rdap.example/com/v1/domain/acme.com";
    let redirect = Conduct::Answers(302, registry, String::new());
    web.tell("rdap.org/domain/acme.com", redirect);
    web
}

#[tokio::test]
async fn every_source_is_read_in_its_full_format() {
    let web = acme();
    let (app, customer) = asking(&web).await;
    let answer = score(&app, &customer).await;
    assert_eq!(missing(&answer), []);
    assert_eq!(answered(&answer).len(), 10);
    let signals = answer["signals"].as_array().unwrap();
    let mut lines: Vec<String> = signals
        .iter()
        .map(|signal| {
            let text = |name: &str| signal[name].as_str().unwrap_or_default();
            let day = text("observed_at").get(..10).unwrap_or_default();
            format!(
                "{} {} {} {day}: {}",
                text("source"),
                text("kind"),
                signal["strength"],
                text("evidence")
            )
        })
        .collect();
    lines.sort();
    expect![[r#"
        ashby hiring 0.5 2026-11-09: Job posting “Product Designer” in London
        github engineering 0.2 2026-11-12: 2 public repositories of acme pushed to in a month, the last one sdk (Rust)
        greenhouse leadership 0.7 2026-10-20: Job posting “Head of Sales” in Berlin, Germany
        hn funding 0.6 2026-11-03: On Hacker News: “Acme raises $20M to build rockets”
        hn news 0.4 2026-11-03: On Hacker News: “Why Acme raised its prices”
        lever hiring 0.5 2026-11-03: Job posting “Platform Engineer” in Paris
        rdap web 0.5 2026-10-01: The domain was registered
        sec leadership 0.48 2026-11-02: Form 8-K filed with the SEC: change of directors or officers, company known by name only
        site product 0.5 2026-11-13: On its site: “Introducing Rockets 2”
        site web 0.3 2026-11-03: On its site: “Why we raised our prices & what comes next”
        workable hiring 0.5 2026-11-08: Job posting “Recruiter” in Oslo, Norway"#]].assert_eq(&lines.join("\n"));
}
