//! What a source or a site asks of its callers is kept.

use tests::{Conduct, TestApp, Web};

use super::sources::{acme, answered, asking, missing, score};

/// The requests to a host and path with this beginning.
fn asked(web: &Web, prefix: &str) -> Vec<String> {
    let begins = format!("GET /{prefix}");
    let mut seen = web.seen();
    seen.retain(|head| head.starts_with(&begins));
    seen
}

fn conduct(status: u16, headers: &'static str) -> Conduct {
    Conduct::Answers(status, headers, "{}".to_owned())
}

#[tokio::test]
async fn a_site_that_disallows_us_is_not_read() {
    let web = acme();
    let rules = "User-agent: *\nAllow: /\n\nUser-agent: Assay\nDisallow: /\n";
    web.answer("acme.com/robots.txt", rules);
    let (app, customer) = asking(&web).await;
    let answer = score(&app, &customer).await;
    assert_eq!(missing(&answer), [("site", "refused")]);
    assert_eq!(answered(&answer).len(), 9);
    let pages = asked(&web, "acme.com/");
    assert!(
        pages.iter().all(|head| head.contains("/robots.txt ")),
        "{pages:?}"
    );

    // It is asked again when the source is due, and may have changed its mind.
    web.answer("acme.com/robots.txt", "User-agent: Assay\nDisallow:\n");
    app.clock.advance(60);
    let restarted = app.restarted();
    assert_eq!(missing(&score(&restarted, &customer).await), []);
}

#[tokio::test]
async fn what_is_documented_for_programs_is_not_asked_for_robots_txt() {
    let web = acme();
    let (app, customer) = asking(&web).await;
    score(&app, &customer).await;
    let seen = web.seen();
    let robots: Vec<&String> = seen
        .iter()
        .filter(|head| head.contains("robots.txt"))
        .collect();
    assert_eq!(robots.len(), 1, "{robots:?}");
    assert!(robots[0].starts_with("GET /acme.com/robots.txt"));
}

/// The moment from which a source is asked again, after this response to the first request.
async fn again(prefix: &str, status: u16, headers: &'static str) -> String {
    let web = acme();
    web.tell(prefix, conduct(status, headers));
    let (app, customer) = asking(&web).await;
    let answer = score(&app, &customer).await;
    let missing = &answer["coverage"]["missing"][0];
    assert_eq!(
        missing["reason"], "rate_limited",
        "{prefix} {status} {headers}"
    );
    missing["retry_at"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_limit_is_kept_for_as_long_as_the_source_says() {
    // It is 12:00:10.
    let github = "api.github.com/";
    let limits = [
        (github, 403, "retry-after: 7200", "2026-11-15T14:00:10Z"),
        (
            github,
            403,
            "x-ratelimit-remaining: 0|x-ratelimit-reset: 1794747600",
            "2026-11-15T13:00:00Z",
        ),
        (
            "hn.algolia.com/",
            429,
            "retry-after: Sun, 15 Nov 2026 18:00:00 GMT",
            "2026-11-15T18:00:00Z",
        ),
        (
            "hn.algolia.com/",
            503,
            "retry-after: 3600",
            "2026-11-15T13:00:10Z",
        ),
        (
            "hn.algolia.com/",
            429,
            "retry-after: 864000",
            "2026-11-16T12:00:10Z",
        ),
        ("hn.algolia.com/", 429, "", "2026-11-15T12:10:10Z"),
    ];
    for (prefix, status, headers, moment) in limits {
        assert_eq!(again(prefix, status, headers).await, moment, "{headers}");
    }
}

#[tokio::test]
async fn no_instance_asks_a_source_before_its_limit_ends() {
    let web = acme();
    web.tell("api.github.com/", conduct(403, "retry-after: 7200"));
    let (app, customer) = asking(&web).await;
    score(&app, &customer).await;
    assert_eq!(asked(&web, "api.github.com/").len(), 1);
    let asks = async |app: &TestApp| {
        score(app, &customer).await;
        asked(&web, "api.github.com/").len()
    };
    app.clock.advance(7_199);
    assert_eq!(asks(&app.restarted()).await, 0);
    app.clock.advance(1);
    assert_eq!(asks(&app.restarted()).await, 1);
}

#[tokio::test]
async fn a_site_under_www_alone_is_read() {
    let web = acme();
    web.tell("acme.com/", Conduct::Answers(404, "", String::new()));
    let page = "<link rel=alternate type=application/rss+xml href=/feed><a href=https://jobs.lever.co/acme>";
    web.answer("www.acme.com/", page);
    web.answer(
        "www.acme.com/feed",
        "<item><title>Introducing Boosters</title><link>https://www.acme.com/b</link><pubDate>Tue, 03 Nov 2026 10:00:00 GMT</pubDate></item>",
    );
    let (app, customer) = asking(&web).await;
    let answer = score(&app, &customer).await;
    assert_eq!(missing(&answer), []);
    let text = answer["signals"].to_string();
    assert!(
        text.contains("Introducing Boosters") && text.contains("Engineer"),
        "{text}"
    );
}
