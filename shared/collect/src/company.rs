use outbound::Url;
use types::Domain;

use crate::shared_site::is_users_page;

/// Words that a company adds to its name for a domain: `getacme`, `acmehq`.
const BEFORE: [&str; 8] = ["get", "go", "hello", "join", "the", "try", "use", "with"];
const AFTER: [&str; 14] = [
    "ai",
    "app",
    "co",
    "corp",
    "group",
    "hq",
    "inc",
    "io",
    "labs",
    "ltd",
    "software",
    "team",
    "tech",
    "technologies",
];
/// The shortest part of a label that is taken for the name, in bytes.
const SHORTEST_NAME: usize = 3;

/// A company as sources know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Company {
    /// Its domain.
    pub(crate) domain: Domain,
    /// The name before the public suffix, such as `stripe`.
    pub(crate) label: String,
}

impl Company {
    /// The company of a domain.
    pub(crate) fn of(domain: &Domain) -> Self {
        let label = domain.as_str().split('.').next().unwrap_or_default();
        Self {
            domain: domain.clone(),
            label: label.to_owned(),
        }
    }

    /// Whether a URL, with or without a scheme, is a page of the company: on its own domain, and not the page of a user there.
    pub(crate) fn owns(&self, url: &str) -> bool {
        let url = url.trim();
        let parsed = if url.contains("://") {
            Url::parse(url)
        } else {
            Url::parse(&format!("https://{url}"))
        };
        let Some(url) = parsed.ok().filter(|url| url.host_str().is_some()) else {
            return false;
        };
        let host = url.host_str().unwrap_or_default();
        Domain::parse(host).is_ok_and(|domain| domain == self.domain)
            && !is_users_page(&self.domain, host, url.path())
    }

    /// Whether a page that the domain redirects to is the company's: on its domain, or on one with the same name. Domains that
    /// are for sale or were bought redirect to pages of somebody else.
    pub(crate) fn redirects_to(&self, page: &Url) -> bool {
        let domain = Domain::parse(page.host_str().unwrap_or_default());
        domain.is_ok_and(|domain| domain == self.domain || Self::of(&domain).label == self.label)
    }

    /// Whether a name alone identifies this company: only if its domain is that name under `.com`.
    pub(crate) fn is_named_by_label(&self) -> bool {
        self.domain.as_str().strip_suffix(".com") == Some(self.label.as_str())
    }

    /// Whether words in lower case, written together, are the company's name as its domain has it.
    pub(crate) fn is_called(&self, words: &str) -> bool {
        let label: String = self.label.chars().filter(|c| *c != '-').collect();
        if words == label {
            return !label.is_empty();
        }
        let is_addition =
            |word: &str| AFTER.contains(&word) || word.bytes().all(|c| c.is_ascii_digit());
        words.len() >= SHORTEST_NAME
            && (label.strip_prefix(words).is_some_and(is_addition)
                || label
                    .strip_suffix(words)
                    .is_some_and(|word| BEFORE.contains(&word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company(domain: &str) -> Company {
        Company::of(&Domain::parse(domain).unwrap())
    }

    #[test]
    fn pages_on_its_domain_are_its_own() {
        let acme = company("acme.com");
        for own in [
            "https://acme.com/a",
            "http://www.acme.com",
            "acme.com",
            " www.acme.com/eng ",
            "https://jobs.acme.com/1",
            "https://acme.com/authors/jane",
        ] {
            assert!(acme.owns(own), "{own}");
        }
        for other in [
            "https://acme.org",
            "https://notacme.com",
            "https://acme.com.evil.example/",
            "https://evil.example/acme.com",
            "https://acme.com@evil.example/",
            "https://acme.com/@jane/post",
            "https://acme.com/~jane/",
            "",
            "https://",
            "data:acme.com",
            "https://127.0.0.1/",
        ] {
            assert!(!acme.owns(other), "{other}");
        }
    }

    #[test]
    fn a_redirect_to_another_name_is_somebody_else_s() {
        let acme = company("acme.com");
        let to = |url: &str| acme.redirects_to(&Url::parse(url).unwrap());
        assert!(
            to("https://www.acme.com/en") && to("https://acme.io/") && to("https://acme.co.uk/")
        );
        assert!(!to(
            "https://www.hugedomains.com/domain_profile.cfm?d=acme.com"
        ));
        assert!(!to("https://bigcorp.com/products/acme") && !to("https://acme.bigcorp.com/"));
    }

    #[test]
    fn a_name_is_that_of_the_domain() {
        for (domain, words, is_name) in [
            ("acme.com", "acme", true),
            ("acme-rockets.com", "acmerockets", true),
            ("getacme.com", "acme", true),
            ("acmehq.com", "acme", true),
            ("acme-2.com", "acme", true),
            ("acme.com", "acm", false),
            ("acmesteel.com", "acme", false),
            ("acme.com", "acmesteel", false),
            ("getup.com", "up", false),
            ("acme.com", "", false),
        ] {
            assert_eq!(
                company(domain).is_called(words),
                is_name,
                "{domain} {words}"
            );
        }
    }
}
