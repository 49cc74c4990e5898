use types::Timestamp;

use super::tags::{Tag, tags, unescaped};
use crate::observation::time;

/// An article of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Article {
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) at: Timestamp,
}

/// Returns the dated articles of a feed in RSS 2.0 or Atom (RFC 4287).
pub(crate) fn articles(feed: &str) -> Vec<Article> {
    let mut articles = Vec::new();
    let mut draft = Draft::default();
    for tag in tags(feed) {
        if tag.is("item") || tag.is("entry") {
            articles.extend(std::mem::take(&mut draft).article());
            draft.is_open = true;
        } else if draft.is_open {
            draft.read(&tag);
        }
    }
    articles.extend(draft.article());
    articles
}

#[derive(Default)]
struct Draft {
    is_open: bool,
    title: Option<String>,
    url: Option<String>,
    at: Option<Timestamp>,
}

impl Draft {
    fn read(&mut self, tag: &Tag<'_>) {
        if tag.is("title") && self.title.is_none() {
            self.title = Some(unescaped(tag.text));
        } else if tag.is("link") && self.url.is_none() {
            let url = tag.attribute("href").unwrap_or(tag.text).trim();
            self.url = (!url.is_empty()).then(|| unescaped(url));
        } else if ["pubDate", "published", "updated", "dc:date"]
            .iter()
            .any(|name| tag.is(name))
        {
            self.at = self.at.or_else(|| time(tag.text));
        }
    }

    fn article(self) -> Option<Article> {
        Some(Article {
            title: self.title.filter(|title| !title.trim().is_empty())?,
            url: self.url?,
            at: self.at?,
        })
    }
}

/// Returns the latest `lastmod` of a sitemap (sitemaps.org).
pub(crate) fn last_change(sitemap: &str) -> Option<Timestamp> {
    let changes = tags(sitemap).filter(|tag| tag.is("lastmod"));
    changes.filter_map(|tag| time(tag.text)).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_feed_are_read() {
        let rss = "<rss><channel><title>Blog</title><link>https://acme.com</link><item><title>We raised &amp; hired</title>\
            <link>https://acme.com/a</link><pubDate>Tue, 03 Nov 2026 10:00:00 GMT</pubDate></item><item><title>No date</title>\
            <link>https://acme.com/b</link></item></channel></rss>";
        let atom = "<feed><updated>2026-11-04T00:00:00Z</updated><entry><title>We raised &amp; hired</title>\
            <link href=\"https://acme.com/a\"/><updated>2026-11-03T10:00:00Z</updated></entry></feed>";
        for feed in [rss, atom] {
            let found = articles(feed);
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].title, "We raised & hired");
            assert_eq!(found[0].url, "https://acme.com/a");
            assert_eq!(found[0].at.to_string(), "2026-11-03T10:00:00Z");
        }
    }

    #[test]
    fn a_sitemap_has_a_last_change() {
        let map = "<urlset><url><loc>x</loc><lastmod>2026-10-01</lastmod></url><url><lastmod>2026-11-02T08:00:00+00:00</lastmod></url></urlset>";
        assert_eq!(
            last_change(map).unwrap().to_string(),
            "2026-11-02T08:00:00Z"
        );
        assert_eq!(last_change("<html>"), None);
    }
}
