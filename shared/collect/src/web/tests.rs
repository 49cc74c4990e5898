use super::*;
use crate::stub::Stub;

fn body(fetched: Fetched) -> String {
    match fetched {
        Fetched::Page(reply) => String::from_utf8(reply.body.to_vec()).unwrap(),
        Fetched::Unchanged | Fetched::Absent => panic!("{fetched:?}"),
    }
}

#[tokio::test]
async fn a_page_is_fetched_if_its_robots_txt_allows_it() {
    let stub = Stub::start();
    stub.answer("acme.com/", 200, "", b"page");
    let rules = b"User-agent: *\nDisallow: /private\n";
    stub.answer("acme.com/robots.txt", 200, "", rules);
    let web = stub.client();
    assert_eq!(body(web.page("https://acme.com/").await.unwrap()), "page");
    let refused = web.page("https://acme.com/private/x").await;
    assert_eq!(refused.unwrap_err(), SourceError::Refused);
    web.page("https://acme.com/blog").await.unwrap();
    assert_eq!(
        stub.asked(),
        ["acme.com/robots.txt", "acme.com/", "acme.com/blog"],
        "robots.txt once"
    );
    // A day later it is asked again, and every clone of the client keeps it.
    let next_day = web.at("2026-11-16T12:00:00Z".parse().unwrap());
    next_day.page("https://acme.com/").await.unwrap();
    web.clone().page("https://acme.com/").await.unwrap();
    assert_eq!(
        stub.asked(),
        ["acme.com/robots.txt", "acme.com/", "acme.com/"]
    );
    // What is documented for programs has no such file.
    web.get("https://acme.com/private/x").await.unwrap();
    assert_eq!(stub.asked(), ["acme.com/private/x"]);
}

#[tokio::test]
async fn pages_at_once_ask_for_robots_txt_once() {
    let stub = Stub::start();
    stub.answer("acme.com/", 200, "", b"page");
    let web = stub.client();
    let pages = (0..5).map(|_| web.page("https://acme.com/a"));
    for page in futures::future::join_all(pages).await {
        page.unwrap();
    }
    let asked = stub.asked();
    let robots = asked.iter().filter(|path| path.ends_with("robots.txt"));
    assert_eq!((robots.count(), asked.len()), (1, 6), "{asked:?}");
}

#[tokio::test]
async fn without_a_readable_robots_txt_a_page_is_allowed_or_not_as_rfc_9309_says() {
    let allowed = [200, 204, 400, 401, 403, 404, 410, 451];
    for status in allowed {
        let stub = Stub::start();
        stub.answer("acme.com/", 200, "", b"page");
        stub.answer("acme.com/robots.txt", status, "", b"");
        let page = stub.client().page("https://acme.com/").await;
        assert!(page.is_ok(), "{status}: {page:?}");
    }
    let refused = [
        (500, "", SourceError::Failed),
        (503, "", SourceError::Failed),
        (304, "", SourceError::Failed),
        (
            503,
            "retry-after: 7200",
            SourceError::RateLimited { seconds: 7200 },
        ),
        (429, "", SourceError::RateLimited { seconds: 600 }),
        (
            301,
            "location: http://acme.com/robots.txt",
            SourceError::Blocked,
        ),
    ];
    for (status, headers, expected) in refused {
        let stub = Stub::start();
        stub.answer("acme.com/", 200, "", b"page");
        stub.answer("acme.com/robots.txt", status, headers, b"");
        let page = stub.client().page("https://acme.com/").await;
        assert_eq!(page.unwrap_err(), expected, "{status} {headers}");
        assert_eq!(stub.asked().len(), 1, "{status}: only robots.txt");
    }
    let stub = Stub::start();
    stub.answer("acme.com/", 200, "", b"page");
    stub.close("acme.com/robots.txt");
    let page = stub.client().page("https://acme.com/").await;
    assert_eq!(page.unwrap_err(), SourceError::Unreachable);
}

#[tokio::test]
async fn robots_txt_is_followed_through_five_redirects() {
    for (redirects, reason) in [(5, Some(SourceError::Refused)), (6, None)] {
        let stub = Stub::start();
        stub.answer("acme.com/", 200, "", b"page");
        for number in 0..redirects {
            let from = if number == 0 {
                "acme.com/robots.txt".to_owned()
            } else {
                format!("r{number}.example/robots.txt")
            };
            let to = format!("location: https://r{}.example/robots.txt", number + 1);
            stub.answer(&from, 302, &to, b"");
        }
        let last = format!("r{redirects}.example/robots.txt");
        stub.answer(&last, 200, "", b"User-agent: Assay\nDisallow: /");
        let page = stub.client().page("https://acme.com/").await;
        assert_eq!(page.err(), reason, "{redirects} redirects");
    }
}

#[tokio::test]
async fn a_redirect_leads_nowhere_that_its_site_does_not_allow() {
    let stub = Stub::start();
    let to = "location: https://other.example/private";
    stub.answer("acme.com/", 302, to, b"");
    stub.answer("acme.com/robots.txt", 404, "", b"");
    stub.answer("other.example/", 200, "", b"page");
    let rules = b"User-agent: *\nDisallow: /private";
    stub.answer("other.example/robots.txt", 200, "", rules);
    let page = stub.client().page("https://acme.com/").await;
    assert_eq!(page.unwrap_err(), SourceError::Refused);
    let asked = stub.asked();
    assert!(
        !asked.contains(&"other.example/private".to_owned()),
        "{asked:?}"
    );

    // An API's redirect is followed as before, three times.
    assert_eq!(
        body(stub.client().get("https://acme.com/").await.unwrap()),
        "page"
    );
    stub.answer("acme.com/", 302, "location: /again", b"");
    stub.asked();
    let endless = stub.client().get("https://acme.com/").await;
    assert_eq!(endless.unwrap_err(), SourceError::Failed);
    assert_eq!(stub.asked().len(), 1 + REDIRECTS);
}

#[tokio::test]
async fn a_limit_is_kept_for_the_host_that_sent_it() {
    let stub = Stub::start();
    stub.answer("api.github.com/", 403, "retry-after: 7200", b"{}");
    let web = stub.client();
    let limited = SourceError::RateLimited { seconds: 7200 };
    let first = web.get("https://api.github.com/orgs/acme").await;
    assert_eq!(first.unwrap_err(), limited);
    stub.asked();
    // Another collection, of another company, does not ask again.
    let soon = web.at("2026-11-15T13:59:00Z".parse().unwrap());
    let second = soon.get("https://api.github.com/orgs/other").await;
    assert_eq!(
        second.unwrap_err(),
        SourceError::RateLimited { seconds: 60 }
    );
    assert_eq!(stub.asked(), Vec::<String>::new());
    stub.answer("api.github.com/", 200, "", b"{}");
    let later = web.at("2026-11-15T14:00:00Z".parse().unwrap());
    later
        .get("https://api.github.com/orgs/other")
        .await
        .unwrap();

    // The host that a redirect leads to is the one that limits.
    stub.answer("rdap.org/", 302, "location: https://rdap.example/x", b"");
    stub.answer("rdap.example/", 429, "", b"");
    let redirected = web.get("https://rdap.org/domain/acme.com").await;
    assert_eq!(
        redirected.unwrap_err(),
        SourceError::RateLimited { seconds: 600 }
    );
    stub.answer("rdap.org/", 200, "", b"{}");
    web.get("https://rdap.org/domain/acme.org").await.unwrap();
}

#[tokio::test]
async fn the_last_request_that_is_left_is_the_last_one() {
    let stub = Stub::start();
    let last = "x-ratelimit-remaining: 0|x-ratelimit-reset: 1794747600";
    stub.answer("api.github.com/", 200, last, b"{}");
    let web = stub.client();
    web.get("https://api.github.com/orgs/acme").await.unwrap();
    let next = web.get("https://api.github.com/orgs/acme/repos").await;
    assert_eq!(
        next.unwrap_err(),
        SourceError::RateLimited { seconds: 3600 }
    );
    assert_eq!(stub.asked().len(), 1);
}
