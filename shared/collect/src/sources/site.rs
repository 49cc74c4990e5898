//! The company's own site: the tools that its home page uses, and what is new in its feed or sitemap.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use http::HeaderMap;
use intent::{Kind, Signal};
use outbound::OutboundResponse;
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::change::{Change, changes};
use crate::collector::{CollectContext, Collector};
use crate::company::Company;
use crate::found::Found;
use crate::headline;
use crate::observation::{Observation, newest};
use crate::page::charset::decoded;
use crate::page::feed::{Article, articles, last_change};
use crate::page::tags::{tags, unescaped};
use crate::rules;
use crate::source::Source;
use crate::source_error::SourceError;
use crate::web::{Fetched, Validators};

/// The most tags of a page that are read.
const MOST_TAGS: usize = 5_000;
/// The longest URL of a feed, in bytes: it is stored.
const LONGEST_URL: usize = 2_048;

#[derive(Debug)]
pub(crate) struct Site;

/// The tools of the last fetch, and the URL of the feed or sitemap.
#[derive(Default, Serialize, Deserialize)]
struct Memory {
    tools: BTreeSet<String>,
    news: String,
}

impl Collector for Site {
    fn source(&self) -> Source {
        Source::Site
    }

    fn collect<'a>(
        &'a self,
        context: &'a CollectContext<'a>,
    ) -> BoxFuture<'a, Result<Found, SourceError>> {
        Box::pin(async move {
            let Some(home) = context.site.home().await? else {
                return Ok(Found::nothing());
            };
            let page = decoded(&home);
            let tools = tools(&home.headers, &page);
            let before: Option<Memory> = context.previous.recall();
            let change = Change {
                source: Source::Site,
                kind: Kind::Technology,
                strength: 0.4,
                what: "on its site",
                since: before.as_ref().and(context.previous.fetched_at),
                now: context.now,
            };
            let before = before.unwrap_or_default();
            let mut signals = changes(&change, &before.tools, &tools);
            let news = news_url(&home, &page).ok_or(SourceError::Malformed)?;
            // The validators are those of the feed or sitemap, so they are valid as long as its URL is the same.
            let known = Validators::default();
            let known = if before.news == news {
                &context.previous.validators
            } else {
                &known
            };
            let validators = match context.web.page_if_changed(&news, known).await {
                Ok(Fetched::Page(reply)) => {
                    let text = decoded(&reply);
                    signals.extend(news_signals(&text, &news, context.company, context.now));
                    Validators::of(&reply)
                }
                Ok(Fetched::Unchanged) => known.clone(),
                // The home page has been read, which is enough for a response.
                Ok(Fetched::Absent) | Err(_) => Validators::default(),
            };
            Found::daily(signals)
                .validated(validators)
                .remembering(&Memory { tools, news })
        })
    }
}

/// Returns the tools that are detected in a page and its headers.
pub(crate) fn tools(headers: &HeaderMap, page: &str) -> BTreeSet<String> {
    let mut texts: Vec<(&str, String)> = Vec::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes()).to_lowercase();
        if name == "set-cookie" {
            let cookie = value.split('=').next().unwrap_or_default();
            texts.push(("cookie", cookie.to_owned()));
        } else {
            texts.push(("header", format!("{name}: {value}")));
        }
    }
    for tag in tags(page).take(MOST_TAGS) {
        let (kind, text) = if tag.is("script") {
            ("script", tag.attribute("src"))
        } else if tag.is("link") {
            ("link", tag.attribute("href"))
        } else if tag.is("meta")
            && tag
                .attribute("name")
                .is_some_and(|n| n.eq_ignore_ascii_case("generator"))
        {
            ("generator", tag.attribute("content"))
        } else {
            continue;
        };
        texts.extend(text.map(|text| (kind, text.to_lowercase())));
    }
    rules::tools(rules::site(), &texts)
}

/// Returns the URL of the feed that the home page names, or else of the sitemap.
fn news_url(home: &OutboundResponse, page: &str) -> Option<String> {
    let feed = tags(page).find_map(|tag| {
        let kind = tag.attribute("type").filter(|_| tag.is("link"))?;
        let is_feed = ["application/rss+xml", "application/atom+xml"].contains(&kind);
        let address = tag
            .attribute("href")
            .filter(|href| is_feed && href.len() < LONGEST_URL);
        address.map(unescaped)
    });
    let address = home
        .url
        .join(feed.as_deref().unwrap_or("/sitemap.xml"))
        .ok()?;
    Some(address.into())
}

/// Returns the signals of a feed or a sitemap at this URL.
pub(crate) fn news_signals(
    text: &str,
    url: &str,
    company: &Company,
    now: Timestamp,
) -> Vec<Signal> {
    let articles = articles(text);
    let fresh = if articles.is_empty() {
        last_change(text)
            .and_then(|at| changed(at, url))
            .into_iter()
            .collect()
    } else {
        let published = |article| published(article, company);
        articles.iter().filter_map(published).collect()
    };
    newest(fresh, now)
}

fn published(article: &Article, company: &Company) -> Option<Signal> {
    let known = headline::kind(&article.title, company);
    let observation = Observation {
        kind: known.unwrap_or(Kind::Web),
        strength: if known.is_some() { 0.5 } else { 0.3 },
        at: article.at,
        id: &article.url,
        evidence: format!("On its site: “{}”", article.title.trim()),
        url: Some(&article.url),
    };
    observation.signal(Source::Site)
}

/// At most one signal a month: a changed page says little.
fn changed(at: Timestamp, url: &str) -> Option<Signal> {
    let observation = Observation {
        kind: Kind::Web,
        strength: 0.2,
        at,
        id: &format!("changed-{}", types::month_of(at)),
        evidence: "A page of its site changed".to_owned(),
        url: Some(url),
    };
    observation.signal(Source::Site)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::Stub;
    use http::HeaderValue;

    /// What the collector finds for acme.com on this server.
    async fn collect(stub: &Stub) -> Result<Found, SourceError> {
        stub.asked_by(&Site).await
    }

    #[tokio::test]
    async fn a_feed_is_decoded_by_its_declared_charset() {
        let stub = Stub::start();
        let home = b"<link rel=alternate type=application/rss+xml href=/feed>";
        stub.answer("acme.com/", 200, "", home);
        stub.answer("acme.com/robots.txt", 404, "", b"");
        let feed = |start: &[u8]| {
            let item = b"<rss version=\"2.0\"><channel><title>Acme</title><item><title>Caf\xe9 M\xfcnchen</title>\
                <link>https://acme.com/caf\xe9</link><guid>1</guid><pubDate>Tue, 03 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>";
            [start, item].concat()
        };
        let declared = feed(b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>");
        for (headers, body) in [
            ("content-type: application/rss+xml", &declared),
            ("content-type: text/xml; charset=ISO-8859-1", &feed(b"")),
            ("", &declared),
        ] {
            stub.answer("acme.com/feed", 200, headers, body);
            let signals = collect(&stub).await.unwrap().signals;
            assert_eq!(
                signals[0].evidence, "On its site: “Café München”",
                "{headers}"
            );
            assert_eq!(signals[0].url.as_deref(), Some("https://acme.com/café"));
        }
    }

    #[tokio::test]
    async fn a_site_that_allows_its_home_page_alone_is_read_without_its_feed() {
        let stub = Stub::start();
        let home = b"<script src=https://js.hs-scripts.com/1.js></script><link rel=alternate type=application/rss+xml href=/feed>\
                     <a href=/careers>Careers</a>";
        stub.answer("acme.com/", 200, "", home);
        let rules = b"User-agent: *\nAllow: /$\nDisallow: /\n";
        stub.answer("acme.com/robots.txt", 200, "", rules);
        let found = collect(&stub).await.unwrap();
        assert!(
            found.memory.to_string().contains("HubSpot"),
            "{}",
            found.memory
        );
        assert_eq!(stub.asked(), ["acme.com/robots.txt", "acme.com/"]);
        let rules = b"User-agent: Assay\nDisallow: /\n";
        stub.answer("acme.com/robots.txt", 200, "", rules);
        assert_eq!(collect(&stub).await.unwrap_err(), SourceError::Refused);
        assert_eq!(stub.asked(), ["acme.com/robots.txt"]);
    }

    #[test]
    fn tools_are_detected_in_headers_and_tags() {
        let mut headers = HeaderMap::new();
        headers.insert("server", HeaderValue::from_static("Vercel"));
        headers.insert(
            "set-cookie",
            HeaderValue::from_static("ajs_anonymous_id=1; path=/"),
        );
        let page = "<script async src=https://js.hs-scripts.com/1.js></script><meta name=Generator content='WordPress 6'>\
                    <p>js.stripe.com</p>";
        let found: Vec<String> = tools(&headers, page).into_iter().collect();
        assert_eq!(found, ["HubSpot", "Segment", "Vercel", "WordPress"]);
    }

    #[test]
    fn news_is_read_from_a_feed_or_a_sitemap() {
        let now: Timestamp = "2026-11-15T12:00:00Z".parse().unwrap();
        let acme = Company::of(&types::Domain::parse("acme.com").unwrap());
        let feed = "<item><title>Introducing Rockets</title><link>https://acme.com/a</link><pubDate>Tue, 03 Nov 2026 10:00:00 GMT</pubDate></item>\
                    <item><title>Next year</title><link>https://acme.com/b</link><pubDate>Wed, 03 Nov 2027 10:00:00 GMT</pubDate></item>";
        let signals = news_signals(feed, "https://acme.com/feed", &acme, now);
        assert_eq!(signals.len(), 1, "what is dated in the future is left out");
        assert_eq!(
            (signals[0].kind, signals[0].external_id.as_str()),
            (Kind::Product, "https://acme.com/a")
        );
        let sitemap = "<urlset><url><lastmod>2026-11-02</lastmod></url></urlset>";
        assert_eq!(
            news_signals(sitemap, "https://acme.com/sitemap.xml", &acme, now)[0].external_id,
            "changed-202611"
        );
        assert_eq!(news_signals("nothing", "x", &acme, now), []);
    }
}
