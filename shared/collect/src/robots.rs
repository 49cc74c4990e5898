//! Which pages of a site may be fetched: robots.txt, RFC 9309.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use outbound::Url;
use robotxt::Robots;
use tokio::sync::OnceCell;
use types::Timestamp;

use crate::source_error::SourceError;

/// The name by which a robots.txt addresses the collectors: the product of the `User-Agent`.
pub(crate) const AGENT: &str = "Assay";

/// How long a file is valid, in seconds: no longer than a day by RFC 9309, 2.4.
const VALID_FOR: i64 = 24 * 3600;
/// The most sites whose rules are kept in memory.
const MOST_SITES: usize = 500;
/// The most bytes that the kept rules may take, about. One file can have 500 KiB of them.
const MOST_BYTES: usize = 4 << 20;

/// The rules of the sites that were visited on the last day.
#[derive(Debug, Default)]
pub(crate) struct RobotsCache(Mutex<HashMap<String, Arc<Site>>>);

#[derive(Debug)]
struct Site {
    since: i64,
    rules: OnceCell<Robots>,
}

impl RobotsCache {
    /// Whether a page may be fetched, by the rules of its site, which `fetch` returns if none are kept. Of several calls at once
    /// one fetches. An error is not kept.
    pub(crate) async fn allows(
        &self,
        page: &Url,
        now: Timestamp,
        fetch: impl Future<Output = Result<Robots, SourceError>>,
    ) -> Result<bool, SourceError> {
        let site = self.site(&page.origin().ascii_serialization(), now.as_second());
        let rules = site.rules.get_or_try_init(|| fetch).await?;
        Ok(rules.is_url_allowed(page))
    }

    fn site(&self, origin: &str, now: i64) -> Arc<Site> {
        let mut sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = sites.get(origin);
        if let Some(site) = known.filter(|site| now - site.since < VALID_FOR) {
            return site.clone();
        }
        while sites.len() >= MOST_SITES
            || sites.values().map(|site| site.bytes()).sum::<usize>() > MOST_BYTES
        {
            let oldest = sites.iter().min_by_key(|(_, site)| site.since);
            let Some(oldest) = oldest.map(|(origin, _)| origin.clone()) else {
                break;
            };
            sites.remove(&oldest);
        }
        let site = Arc::new(Site {
            since: now,
            rules: OnceCell::new(),
        });
        sites.insert(origin.to_owned(), site.clone());
        site
    }
}

impl Site {
    /// What the rules take, about.
    fn bytes(&self) -> usize {
        let Some(rules) = self.rules.get() else {
            return 0;
        };
        let patterns = rules.rules().iter().map(|rule| 40 + rule.pattern().len());
        let sitemaps = rules.sitemaps().iter().map(|url| 100 + url.as_str().len());
        patterns.chain(sitemaps).sum()
    }
}

/// The rules for the collectors in a file.
pub(crate) fn parse(file: &[u8]) -> Robots {
    Robots::parse(file, AGENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(file: &str, path: &str) -> bool {
        let page = Url::parse(&format!("https://acme.com{path}")).unwrap();
        parse(file.as_bytes()).is_url_allowed(&page)
    }

    #[test]
    fn the_group_with_our_name_counts_and_else_that_of_everybody() {
        let file = "User-agent: *\nDisallow: /\n\nUser-agent: assay\nDisallow: /private\n";
        assert!(allows(file, "/"));
        assert!(!allows(file, "/private/x"));
        let file = "User-agent: Googlebot\nDisallow: /\n";
        assert!(allows(file, "/"));
        let file = "# none\r\nUSER-AGENT: *\r\nDISALLOW: / # all\r\n";
        assert!(!allows(file, "/"));
        assert!(allows(file, "/robots.txt"));
        let file = "User-agent: AssayImages\nDisallow: /\n";
        assert!(allows(file, "/"), "another product");
        let file = "User-agent: GPTBot\nUser-agent: Assay\nDisallow: /\n";
        assert!(!allows(file, "/"), "a group of several");
    }

    #[test]
    fn the_longest_rule_counts_and_wildcards_are_known() {
        let file = "User-agent: *\nDisallow: /\nAllow: /$\nAllow: /careers\nDisallow: /*.xml$\n";
        assert!(allows(file, "/"));
        assert!(allows(file, "/careers/berlin"));
        assert!(allows(file, "/careers/feed.xml"));
        assert!(!allows(file, "/feed.xml"));
        assert!(!allows(file, "/blog"));
        assert!(!allows("User-agent: *\nDisallow: /%61dmin", "/admin"));
        assert!(!allows("User-agent: *\nDisallow: /ä", "/%C3%A4"));
        assert!(allows("User-agent: *\nDisallow:\n", "/"), "an empty rule");
        assert!(allows("<!doctype html><p>Disallow: /</p>", "/"));
        assert!(
            !allows("\u{feff}User-agent: *\nDisallow: /", "/"),
            "a byte order mark"
        );
    }

    #[tokio::test]
    async fn rules_are_kept_for_a_day() {
        let cache = RobotsCache::default();
        let page = Url::parse("https://acme.com/a").unwrap();
        let denying = || async { Ok(Robots::disallow_all()) };
        let failing = || async { Err(SourceError::Failed) };
        let at = |second| Timestamp::from_second(second).unwrap();
        let failed = cache.allows(&page, at(1_000), failing()).await;
        assert_eq!(failed, Err(SourceError::Failed));
        assert_eq!(cache.allows(&page, at(1_000), denying()).await, Ok(false));
        assert_eq!(cache.allows(&page, at(87_399), failing()).await, Ok(false));
        assert_eq!(
            cache.allows(&page, at(87_400), failing()).await,
            Err(SourceError::Failed)
        );
        let other = Url::parse("https://www.acme.com/a").unwrap();
        assert_eq!(
            cache.allows(&other, at(1_000), failing()).await,
            Err(SourceError::Failed)
        );
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded_in_sites_and_bytes() {
        let large = format!("User-agent: *\n{}", "Disallow: /x\n".repeat(35_000));
        for (file, most) in [("", MOST_SITES), (&*large, 10)] {
            let cache = RobotsCache::default();
            for number in 0..600 {
                let page = Url::parse(&format!("https://a{number}.com/")).unwrap();
                let now = Timestamp::from_second(number).unwrap();
                if number > 15 && !file.is_empty() {
                    break;
                }
                let fetch = async { Ok(parse(file.as_bytes())) };
                cache.allows(&page, now, fetch).await.unwrap();
            }
            let sites = cache.0.lock().unwrap();
            assert!(sites.len() <= most, "{} sites", sites.len());
            let bytes: usize = sites.values().map(|site| site.bytes()).sum();
            assert!(bytes < 2 * MOST_BYTES, "{bytes} bytes");
        }
    }

    #[test]
    fn fuzz_robots() {
        let pages = [
            "https://acme.com/",
            "https://acme.com/jobs/1?x=%2F#y",
            "https://acme.com/robots.txt",
        ];
        let pages = pages.map(|page| Url::parse(page).unwrap());
        fuzzing::check("robots", |file| {
            let rules = parse(file);
            for page in &pages {
                let _ = rules.is_url_allowed(page);
            }
            assert!(
                rules.is_url_allowed(&pages[2]),
                "the file itself is always allowed"
            );
            // A group for others above says nothing; what stands in front of the first group is nobody's.
            if file.starts_with(b"\xef") {
                return;
            }
            let others = b"# User-agent: *\nUser-agent: somebody-else\nDisallow: /\n\n";
            let again = parse(&[others, file].concat());
            for page in &pages {
                assert_eq!(again.is_url_allowed(page), rules.is_url_allowed(page));
            }
        });
    }

    #[test]
    fn long_robots_take_time_in_proportion() {
        let page = Url::parse(&format!("https://acme.com/{}", "a".repeat(500))).unwrap();
        let shapes = [
            ("User-agent: *\nDisallow: /", "*a"),
            ("User-agent: *\nDisallow: /", "*"),
            ("User-agent: *\n", "Disallow: /*a*a*a$\n"),
            ("", "User-agent: Assay\n"),
            ("", ":"),
            ("User-agent: ", "a"),
        ];
        fuzzing::assert_linear(("User-agent: *\n", "Disallow: /jobs\n"), &shapes, |file| {
            let _ = parse(file).is_url_allowed(&page);
        });
    }
}
