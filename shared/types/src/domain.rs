use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use url::{Host, Url};

/// A company's registrable domain by the public suffix list: lower case, A-labels, no `www.`, such as `stripe.com`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Domain(String);

/// Why a text is not a company domain. The message is fit for the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    /// Nothing but white space.
    #[error("domain is empty; give a company domain such as stripe.com")]
    Empty,
    /// Longer than a URL that a person would paste.
    #[error("domain is longer than 2,048 characters; give a company domain such as stripe.com")]
    TooLong,
    /// An e-mail address.
    #[error("this is an e-mail address; give the company domain after the @, such as stripe.com")]
    Email,
    /// An IPv4 or IPv6 address.
    #[error("this is an IP address; give a company domain such as stripe.com")]
    IpAddress,
    /// A suffix under which anyone can register, with nothing before it.
    #[error(
        "{0} is a public suffix, not a company domain; give a name under it, such as stripe.com"
    )]
    PublicSuffix(String),
    /// The last label is not a top-level domain.
    #[error(
        "{0} does not end in a known top-level domain; give a company domain such as stripe.com"
    )]
    UnknownSuffix(String),
    /// Not a host name at all.
    #[error("this is not a domain name; give a company domain such as stripe.com")]
    Malformed,
}

impl DomainError {
    /// A stable word for programs: `reason` in responses and error files.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "domain_empty",
            Self::TooLong => "domain_too_long",
            Self::Email => "domain_is_email",
            Self::IpAddress => "domain_is_ip",
            Self::PublicSuffix(_) => "domain_is_public_suffix",
            Self::UnknownSuffix(_) => "domain_suffix_unknown",
            Self::Malformed => "domain_malformed",
        }
    }
}

impl Domain {
    /// Parses what people paste: a URL, `www.`, upper case, an international name, a trailing dot, a port, a path.
    ///
    /// The host is parsed by the URL standard (UTS 46 for international names) and reduced to the registrable domain.
    pub fn parse(text: &str) -> Result<Self, DomainError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DomainError::Empty);
        }
        if text.len() > 2048 {
            return Err(DomainError::TooLong);
        }
        let url = as_url(text)?;
        match url.host() {
            Some(Host::Domain(host)) => registrable(host),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => Err(DomainError::IpAddress),
            None => Err(DomainError::Malformed),
        }
    }

    /// The domain as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn as_url(text: &str) -> Result<Url, DomainError> {
    if text.contains(char::is_whitespace) {
        return Err(DomainError::Malformed);
    }
    if text.parse::<std::net::IpAddr>().is_ok() {
        return Err(DomainError::IpAddress);
    }
    let url = match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => format!("http://{rest}"),
        _ => format!("http://{}", text.strip_prefix("//").unwrap_or(text)),
    };
    if text.starts_with("mailto:") {
        return Err(DomainError::Email);
    }
    let url = Url::parse(&url).map_err(|_| DomainError::Malformed)?;
    if !url.username().is_empty() && !text.contains("://") {
        return Err(DomainError::Email);
    }
    Ok(url)
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

fn registrable(host: &str) -> Result<Domain, DomainError> {
    let host = host.strip_suffix('.').unwrap_or(host);
    if !is_name(host) {
        return Err(DomainError::Malformed);
    }
    let suffix = psl::suffix(host.as_bytes()).ok_or(DomainError::Malformed)?;
    if !suffix.is_known() {
        return Err(DomainError::UnknownSuffix(host.to_owned()));
    }
    psl::domain_str(host)
        .map(|domain| Domain(domain.to_owned()))
        .ok_or_else(|| DomainError::PublicSuffix(host.to_owned()))
}

/// Whether a text is a host name in lower case.
fn is_name(host: &str) -> bool {
    host.len() <= 253 && host.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Domain {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Reads stored text, which was parsed before. The public suffix list is not consulted again: a newer list must not make
/// stored text unreadable, and the look-up takes longer than everything else that is read with a domain.
impl<'de> Deserialize<'de> for Domain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if is_name(&text) && text.contains('.') {
            Ok(Self(text))
        } else {
            Err(serde::de::Error::custom(DomainError::Malformed))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(pasted: &str, domain: &str) {
        assert_eq!(Domain::parse(pasted).unwrap().as_str(), domain, "{pasted}");
    }

    #[track_caller]
    fn refuse(pasted: &str, reason: &str) {
        assert_eq!(
            Domain::parse(pasted).unwrap_err().reason(),
            reason,
            "{pasted}"
        );
    }

    #[test]
    fn parses_what_people_paste() {
        check("stripe.com", "stripe.com");
        check("  https://www.Stripe.com/pricing?x=1#y ", "stripe.com");
        check("HTTP://user:pw@STRIPE.COM:8443/a", "stripe.com");
        check("//stripe.com/a", "stripe.com");
        check("stripe.com.", "stripe.com");
        check("stripe.com:443/path", "stripe.com");
        check("blog.shop.example.co.uk", "example.co.uk");
        check("www.bücher.de", "xn--bcher-kva.de");
        check("xn--bcher-kva.de", "xn--bcher-kva.de");
        check("例え.jp", "xn--r8jz45g.jp");
        check("acme.github.io", "acme.github.io");
        check("stripe.com/contact@sales", "stripe.com");
    }

    #[test]
    fn says_what_is_wrong() {
        refuse("", "domain_empty");
        refuse(" \t ", "domain_empty");
        refuse("com", "domain_is_public_suffix");
        refuse("co.uk", "domain_is_public_suffix");
        refuse("jane@stripe.com", "domain_is_email");
        refuse("mailto:jane@stripe.com", "domain_is_email");
        refuse("10.0.0.1", "domain_is_ip");
        refuse("https://[::1]:80/", "domain_is_ip");
        refuse("::1", "domain_is_ip");
        refuse("0x7f.1", "domain_is_ip");
        refuse("stripe", "domain_suffix_unknown");
        refuse("stripe.notatld", "domain_suffix_unknown");
        refuse("stripe .com", "domain_malformed");
        refuse("-stripe.com", "domain_malformed");
        refuse("str_ipe.com", "domain_malformed");
        refuse("!!!", "domain_malformed");
        refuse("https://", "domain_malformed");
        refuse(&"a".repeat(3000), "domain_too_long");
    }

    #[test]
    fn stored_text_is_checked_for_its_form_only() {
        let read = |text: &str| serde_json::from_value::<Domain>(text.into());
        // A name under a suffix that a later list may know, or no longer know.
        for stored in ["stripe.com", "xn--bcher-kva.de", "acme.notatld"] {
            assert_eq!(read(stored).unwrap().as_str(), stored);
        }
        for foreign in [
            "",
            "com",
            "Stripe.com",
            "https://stripe.com",
            "a b.com",
            "stripe..com",
        ] {
            read(foreign).unwrap_err();
        }
    }

    proptest! {
        #[test]
        fn any_text_parses_or_is_refused(text in "\\PC{0,60}") {
            if let Ok(domain) = Domain::parse(&text) {
                prop_assert_eq!(&Domain::parse(domain.as_str()).unwrap(), &domain);
                let stored = serde_json::to_value(&domain).unwrap();
                prop_assert_eq!(serde_json::from_value::<Domain>(stored).unwrap(), domain);
            }
        }

        #[test]
        fn subdomain_port_and_path_are_dropped(name in "acme[a-z0-9]{0,20}", port in 1u16.., path in "[a-z/]{0,10}") {
            let plain = Domain::parse(&format!("{name}.com")).unwrap();
            prop_assert_eq!(Domain::parse(&format!("https://www.{name}.com:{port}/{path}")).unwrap(), plain);
        }
    }
}
