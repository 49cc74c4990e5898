//! No answer makes a collector panic, whatever its bytes.

use proptest::prelude::*;
use types::{Domain, Timestamp};

use crate::Company;
use crate::page::{feed, tags};
use crate::sources::{board, dns, github, hn, rdap, sec, site};

/// Answers as they should be, one of each source.
const ANSWERS: [&str; 12] = [
    r#"{"jobs":[{"id":1,"title":"Head of Sales","absolute_url":"https://acme.com/1","updated_at":"2026-11-03T10:00:00Z","location":{"name":"Berlin"}}]}"#,
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

/// Every reader on one body.
fn read(body: &[u8]) {
    let company = Company::of(&Domain::parse("acme.com").unwrap());
    let now: Timestamp = "2026-11-15T12:00:00Z".parse().unwrap();
    for of in &board::ALL {
        let _answer = of.postings(body, now);
    }
    let _answer = hn::read(body, &company, now);
    let _answer = github::organisation(body, &company);
    let _answer = github::activity(body, "acme", now);
    let _answer = sec::tickers(body);
    let _answer = sec::filings(body, 1, now);
    let _answer = dns::read(body);
    let _answer = rdap::read(body, now);
    let text = String::from_utf8_lossy(body);
    let _answer = site::tools(&http::HeaderMap::new(), &text);
    let _answer = site::told(&text, "https://acme.com/feed", now);
    let _answer = feed::articles(&text);
    let _answer = crate::site_pages::careers_link(&text);
    for tag in tags::tags(&text) {
        let _answer = (tag.attribute("href"), tag.attribute(""));
    }
}

#[test]
fn answers_as_they_should_be_are_read() {
    for answer in ANSWERS {
        read(answer.as_bytes());
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
    fn no_damaged_answer_panics(
        which in 0..ANSWERS.len(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        with in any::<u8>(),
        cuts in any::<bool>(),
    ) {
        let mut body = ANSWERS[which].as_bytes().to_vec();
        let place = at.index(body.len());
        body[place] = with;
        if cuts {
            body.truncate(cut.index(body.len()));
        }
        read(&body);
    }

    #[test]
    fn no_value_of_another_kind_panics(which in 0..ANSWERS.len(), number in any::<i64>(), word in "\\PC{0,40}") {
        let answer = ANSWERS[which];
        read(answer.replace("1793000000", &number.to_string()).as_bytes());
        read(answer.replace("2026-11-03", &word.replace(['"', '\\'], "")).as_bytes());
        read(answer.replace("acme", &word).as_bytes());
    }
}
