//! No response makes a collector panic, whatever its bytes.

use proptest::prelude::*;
use types::{Domain, Timestamp};

use crate::boards::{all, postings};
use crate::company::Company;
use crate::page::{feed, tags};
use crate::sources::{dns, github, hn, rdap, sec, site};

/// Valid responses, at least one of each source.
const RESPONSES: [&str; 12] = [
    r#"{"jobs":[{"id":1,"title":"Head of Sales","absolute_url":"https://acme.com/1","first_published":"2026-11-03T10:00:00Z","location":{"name":"Berlin"}}]}"#,
    r#"[{"id":"1","text":"Engineer","categories":{"location":"Paris"},"hostedUrl":"https://x.com","createdAt":1793000000000}]"#,
    r#"{"jobs":[{"id":"1","title":"Engineer","publishedAt":"2026-11-03T10:00:00Z","isListed":true}]}"#,
    r#"{"name":"Acme","jobs":[{"title":"Engineer","shortcode":"A","published_on":"2026-11-03"}]}"#,
    r#"{"hits":[{"objectID":"1","title":"Acme raises","url":"https://acme.com/a","points":3,"created_at_i":1793000000}]}"#,
    r#"[{"name":"sdk","language":"Rust","pushed_at":"2026-11-03T10:00:00Z"}]"#,
    r#"{"login":"acme","blog":"https://acme.com"}"#,
    r#"{"0":{"cik_str":1,"ticker":"A","title":"Acme Inc."}}"#,
    r#"{"filings":{"recent":{"accessionNumber":["1-2"],"filingDate":["2026-11-03"],"form":["8-K"],"items":["5.02"],"primaryDocument":["a"]}}}"#,
    r#"{"Status":0,"Answer":[{"name":"a","type":15,"TTL":1,"data":"1 aspmx.l.google.com."}]}"#,
    r#"{"events":[{"eventAction":"registration","eventDate":"2026-11-03T10:00:00Z"}],"nameservers":[{"ldhName":"a.b.com"}]}"#,
    r#"<html><a href="/jobs">Jobs</a><link type="application/rss+xml" href="/f"><item><title><![CDATA[a]]></title><link>x</link><pubDate>Tue, 03 Nov 2026 10:00:00 GMT</pubDate></item>"#,
];

/// Parses one body with every parser.
fn read(body: &[u8]) {
    let company = Company::of(&Domain::parse("acme.com").unwrap());
    let now: Timestamp = "2026-11-15T12:00:00Z".parse().unwrap();
    for board in &all::ALL {
        let by = crate::matched_by::MatchedBy::Link;
        let parsed = (board.read)(body);
        let _signals = parsed.map(|parsed| postings::signals(board.source, &parsed, by, now));
    }
    let _parsed = hn::read(body, &company, now);
    let _parsed = github::organisation(body, &company);
    let _parsed = github::activity(body, "acme", now);
    let _parsed = sec::tickers(body);
    let _parsed = sec::filings(body, 1, &company, now);
    let _parsed = dns::read(body);
    let _parsed = rdap::read(body, now);
    let text = String::from_utf8_lossy(body);
    let _parsed = site::tools(&http::HeaderMap::new(), &text);
    let _parsed = site::news_signals(&text, "https://acme.com/feed", &company, now);
    let _parsed = feed::articles(&text);
    let _parsed = (crate::headline::kind(&text, &company), company.owns(&text));
    let _parsed = crate::robots::parse(body).is_allowed(&text);
    for board in &all::ALL {
        let _parsed = board.linked(&format!("https://jobs.lever.co/{text}"), "acme");
        let _parsed = board.linked(&format!("boards.greenhouse.io/embed{text}"), "acme");
    }
    let _parsed = crate::site_pages::careers_link(&text);
    for tag in tags::tags(&text) {
        let _parsed = (tag.attribute("href"), tag.attribute(""));
    }
}

#[test]
fn valid_responses_are_read() {
    for response in RESPONSES {
        read(response.as_bytes());
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        read(&body);
    }

    #[test]
    fn no_text_of_tags_panics(body in "[<>/=\"' a-z!&;\\-\\[\\]é]{0,120}") {
        read(body.as_bytes());
    }

    #[test]
    fn no_damaged_response_panics(
        which in 0..RESPONSES.len(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cuts in any::<bool>(),
    ) {
        let mut body = RESPONSES[which].as_bytes().to_vec();
        let index = at.index(body.len());
        body[index] = byte;
        if cuts {
            body.truncate(cut.index(body.len()));
        }
        read(&body);
    }

    #[test]
    fn no_value_of_another_kind_panics(which in 0..RESPONSES.len(), number in any::<i64>(), word in "\\PC{0,40}") {
        let response = RESPONSES[which];
        read(response.replace("1793000000", &number.to_string()).as_bytes());
        read(response.replace("2026-11-03", &word.replace(['"', '\\'], "")).as_bytes());
        read(response.replace("acme", &word).as_bytes());
    }
}
