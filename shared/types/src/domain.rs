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
    /// Nothing but white space, or a word for nothing such as `N/A`.
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
    /// A name that only exists in another network or for the network itself.
    #[error("{0} is not a name of the public web; give a company domain such as stripe.com")]
    Special(String),
    /// A page about somebody on a site that many share.
    #[error("this is a page on {0}, not the company's own domain; give that, such as stripe.com")]
    Profile(&'static str),
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
            Self::Special(_) => "domain_is_special",
            Self::Profile(_) => "domain_is_profile",
            Self::Malformed => "domain_malformed",
        }
    }
}

impl Domain {
    /// Parses what people paste: a URL, even with its scheme twice or half, `www.`, upper case, an international name, a
    /// trailing dot, a port, a path, a remark behind it, quotes or brackets around it, the link of a spreadsheet or of Markdown.
    ///
    /// The host is parsed by the URL standard (UTS 46 for international names) and reduced to the registrable domain.
    pub fn parse(text: &str) -> Result<Self, DomainError> {
        // What most callers send needs nothing of what follows.
        if is_plain(text) {
            return of_page(text, "");
        }
        let text: String = text.chars().filter(|c| !is_mark(*c)).collect();
        let text = text.trim();
        if text.is_empty() || is_placeholder(text) {
            return Err(DomainError::Empty);
        }
        if text.len() > 2048 {
            return Err(DomainError::TooLong);
        }
        let text = target_of_link(text).unwrap_or(text).trim_matches(AROUND);
        if text.is_empty() {
            return Err(DomainError::Empty);
        }
        if text.contains(ENDS) {
            return first_of(text);
        }
        let url = as_url(text)?;
        match url.host() {
            Some(Host::Domain(host)) => of_page(host, url.path()),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => Err(DomainError::IpAddress),
            None => Err(DomainError::Malformed),
        }
    }

    /// The domain as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that no host has, and that end one.
const ENDS: [char; 11] = [
    ' ', '\t', '\r', '\n', '\u{a0}', ',', ';', '<', '>', '"', '|',
];

/// Characters that people put around a domain.
const AROUND: [char; 20] = [
    '\'', '"', '`', '(', ')', '[', ']', '{', '}', '‘', '’', '‚', '“', '”', '„', '«', '»', '‹', '›',
    ' ',
];

/// What people write where there is no domain.
const PLACEHOLDERS: [&str; 14] = [
    "n/a", "#n/a", "n.a.", "na", "none", "null", "nil", "nan", "unknown", "tbd", "?", ".", "#ref!",
    "#value!",
];

/// Whether a text says that there is no domain: one of [`PLACEHOLDERS`], or only dashes.
fn is_placeholder(text: &str) -> bool {
    PLACEHOLDERS
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
        || text.chars().all(|c| matches!(c, '-' | '–' | '—' | '_'))
}

/// The first text in quotes of a spreadsheet's formula, such as `=HYPERLINK("https://stripe.com";"Stripe")` or `="stripe.com"`;
/// the target of a link in Markdown, such as `[Stripe](https://stripe.com)`.
fn target_of_link(text: &str) -> Option<&str> {
    if let Some(formula) = text.strip_prefix('=') {
        return formula.split('"').nth(1);
    }
    let (_, target) = text.strip_prefix('[')?.split_once("](")?;
    target.strip_suffix(')')
}

/// Whether a host as it was pasted has a punctuation mark or symbol that is not part of names: UTS 46 maps or keeps many, so
/// that `acme–group.com` (a dash), `acme§beta.com` or `acme™.com` would be read as other companies. Emoji are allowed.
fn has_symbol(text: &str) -> bool {
    let host = text.split(['/', '\\', '?', '#']).next().unwrap_or(text);
    host.chars().any(|c| {
        let is_letter = matches!(c, 'ª' | 'µ' | 'º' | '·');
        let is_emoji = matches!(c, '\u{2600}'..='\u{27bf}');
        let is_symbol = matches!(c, '\u{a1}'..='\u{bf}' | '×' | '÷' | '\u{2010}'..='\u{2bff}')
            || matches!(c, '\u{3001}' | '\u{3003}' | '\u{3008}'..='\u{301f}');
        is_symbol && !is_letter && !is_emoji
    })
}

/// Characters without a form of their own that come along when text is copied: marks of direction and byte order, blanks of no
/// width, soft hyphens.
pub const fn is_mark(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The domain that a text of several parts begins with, if it is the only one.
fn first_of(text: &str) -> Result<Domain, DomainError> {
    let parts = text.split(ENDS).filter(|part| !part.is_empty());
    let mut parsed = parts.map(Domain::parse);
    let first = parsed.next().unwrap_or(Err(DomainError::Malformed));
    let mut others = parsed.filter(|other| other != &first);
    match first {
        // `stripe.co m`, `acme.co uk`: what stands behind the blank may belong to the domain.
        Ok(domain) if is_torn(text, &domain) => Err(DomainError::Malformed),
        Ok(domain) if others.all(|other| !matches!(other, Ok(_) | Err(DomainError::Email))) => {
            Ok(domain)
        }
        Err(DomainError::Email) => Err(DomainError::Email),
        // `"Jane" <jane@acme.com>`
        Err(_) if others.any(|other| other == Err(DomainError::Email)) => Err(DomainError::Email),
        _ => Err(DomainError::Malformed),
    }
}

/// Whether the domain and what stands behind it are another domain, or a longer suffix, that was torn in two.
fn is_torn(text: &str, domain: &Domain) -> bool {
    let mut parts = text.split(ENDS).filter(|part| !part.is_empty());
    let (Some(host), Some(next)) = (parts.next(), parts.next()) else {
        return false;
    };
    if Domain::parse(next).is_ok() {
        return false;
    }
    let joined = Domain::parse(&format!("{host}{next}"));
    if joined.is_ok_and(|joined| joined != *domain) {
        return true;
    }
    let (_, suffix) = domain.0.split_once('.').unwrap_or_default();
    let longer = format!("{suffix}.{next}");
    psl::suffix(longer.as_bytes())
        .is_some_and(|known| known.is_known() && known == longer.as_bytes())
}

fn as_url(text: &str) -> Result<Url, DomainError> {
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(DomainError::Malformed);
    }
    if text.parse::<std::net::IpAddr>().is_ok() {
        return Err(DomainError::IpAddress);
    }
    if text.starts_with("mailto:") {
        return Err(DomainError::Email);
    }
    // A number of a row is no address, though it stands for one in a URL.
    if text.bytes().all(|c| c.is_ascii_digit()) {
        return Err(DomainError::Malformed);
    }
    let bare = without_scheme(text);
    if has_symbol(bare) {
        return Err(DomainError::Malformed);
    }
    let url = Url::parse(&format!("http://{bare}")).map_err(|_| DomainError::Malformed)?;
    if !url.username().is_empty() && bare.len() == text.len() {
        return Err(DomainError::Email);
    }
    Ok(url)
}

/// The text from the host on: `http://https://x`, `https//x` and `http:/x` are all the same.
fn without_scheme(text: &str) -> &str {
    let slashes = |c| matches!(c, ':' | '/' | '\\');
    if let Some((scheme, rest)) = text.split_once("://")
        && is_scheme(scheme)
    {
        return without_scheme(rest);
    }
    for scheme in ["https", "http"] {
        if let Some((start, rest)) = text.split_at_checked(scheme.len())
            && start.eq_ignore_ascii_case(scheme)
            && (rest.starts_with(':') || rest.starts_with("//"))
        {
            return without_scheme(rest.trim_start_matches(slashes));
        }
    }
    text.strip_prefix("//").unwrap_or(text)
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// Sites whose pages are about others, some only below a path: networks, shops, directories, short links.
const SHARED: [&str; 69] = [
    "about.me",
    "amazon.com/shops",
    "amazon.com/stores",
    "angel.co",
    "apps.apple.com",
    "apps.shopify.com",
    "beacons.ai",
    "behance.net",
    "bit.ly",
    "bitbucket.org",
    "bloomberg.com/profile",
    "bsky.app",
    "capterra.com",
    "crunchbase.com",
    "discord.com",
    "discord.gg",
    "docs.google.com",
    "drive.google.com",
    "ebay.com/str",
    "ebay.com/usr",
    "etsy.com/shop",
    "f6s.com",
    "facebook.com",
    "fb.com",
    "fb.me",
    "forms.gle",
    "g.page",
    "g2.com",
    "github.com",
    "gitlab.com",
    "glassdoor.com",
    "goo.gl",
    "google.com/maps",
    "google.com/search",
    "google.com/url",
    "indeed.com",
    "instagram.com",
    "itunes.apple.com",
    "kununu.com",
    "linkedin.com",
    "linktr.ee",
    "lnkd.in",
    "m.me",
    "maps.google.com",
    "medium.com",
    "pinterest.com",
    "play.google.com",
    "producthunt.com",
    "reddit.com",
    "sites.google.com",
    "slideshare.net",
    "t.me",
    "threads.net",
    "tiktok.com",
    "tinyurl.com",
    "trustpilot.com",
    "twitter.com",
    "vimeo.com",
    "vk.com",
    "wa.me",
    "web.archive.org",
    "weibo.com",
    "wellfound.com",
    "wikipedia.org",
    "x.com",
    "xing.com",
    "yelp.com/biz",
    "youtu.be",
    "youtube.com",
];

/// Sites that give each user a name below theirs, which the public suffix list does not have.
const TENANTS: [&str; 10] = [
    "atlassian.net",
    "bandcamp.com",
    "livejournal.com",
    "medium.com",
    "myworkdayjobs.com",
    "sharepoint.com",
    "substack.com",
    "tumblr.com",
    "wordpress.com",
    "zendesk.com",
];

/// Names below that of a site with users which are the site's own, such as `blog`.
const OWN: [&str; 24] = [
    "about",
    "api",
    "blog",
    "business",
    "careers",
    "changelog",
    "developer",
    "developers",
    "docs",
    "en",
    "engineering",
    "help",
    "investor",
    "investors",
    "m",
    "news",
    "newsroom",
    "on",
    "press",
    "research",
    "security",
    "status",
    "support",
    "www",
];

/// Whether a name below that of a site with users is the site's own, such as `blog` of `blog.medium.com`, and not a user's.
pub fn is_own_name(name: &str) -> bool {
    OWN.contains(&name)
}

/// The domain of a page, unless the page is somebody else's on a shared site.
fn of_page(host: &str, path: &str) -> Result<Domain, DomainError> {
    let host = host.strip_suffix('.').unwrap_or(host);
    // What stands before the name of a site, if the host is of that site.
    let before = |site: &str| match host.strip_suffix(site)? {
        "" => Some(""),
        before => before.strip_suffix('.'),
    };
    let path = path.trim_matches('/');
    let is_page = |site: &&&str| {
        let (name, folder) = site.split_once('/').unwrap_or((site, ""));
        let is_below = || match path.strip_prefix(folder) {
            Some(rest) => folder.is_empty() || rest.is_empty() || rest.starts_with('/'),
            None => false,
        };
        before(name).is_some() && is_below()
    };
    let is_tenant =
        |site: &&&str| before(site).is_some_and(|name| !name.is_empty() && !is_own_name(name));
    let shared = if path.is_empty() {
        None
    } else {
        SHARED.iter().find(is_page)
    };
    match shared.or_else(|| TENANTS.iter().find(is_tenant)) {
        Some(site) => Err(DomainError::Profile(site)),
        None => registrable(host),
    }
}

/// Names that are not for the public web (RFC 6761, RFC 6762, RFC 7686, RFC 9476; ICANN reserved `internal`).
const SPECIAL: [&str; 9] = [
    "alt",
    "arpa",
    "example",
    "internal",
    "invalid",
    "local",
    "localhost",
    "onion",
    "test",
];

fn registrable(host: &str) -> Result<Domain, DomainError> {
    let host = host.strip_suffix('.').unwrap_or(host);
    if host.len() > 253 || host.split('.').any(str::is_empty) {
        return Err(DomainError::Malformed);
    }
    let last = host.rsplit('.').next().unwrap_or(host);
    if SPECIAL.contains(&last) {
        return Err(DomainError::Special(host.to_owned()));
    }
    let suffix = psl::suffix(host.as_bytes()).ok_or(DomainError::Malformed)?;
    let is_public = || DomainError::PublicSuffix(host.to_owned());
    if !suffix.is_known() {
        return Err(if !is_name(host) {
            DomainError::Malformed
        } else if is_wildcard(host) {
            is_public()
        } else {
            DomainError::UnknownSuffix(host.to_owned())
        });
    }
    let domain = psl::domain_str(host).ok_or_else(is_public)?;
    // What comes before the domain may be no host name: `_dmarc`, `my_team`.
    if !is_name(domain) {
        return Err(DomainError::Malformed);
    }
    let is_private = suffix.typ() == Some(psl::Type::Private);
    if is_private && domain.starts_with("www.") {
        return Err(is_public());
    }
    Ok(Domain(domain.to_owned()))
}

/// Whether a name is a suffix of which the list has only `*.<name>`, such as `ck`.
fn is_wildcard(name: &str) -> bool {
    !name.contains('.')
        && psl::suffix(format!("x.{name}").as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// Whether a text is a host name that a URL has as it is: in lower case, without international labels, and no number.
fn is_plain(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or_default();
    is_name(text)
        && text.contains('.')
        && !text.contains("xn--")
        && last.starts_with(|c: char| c.is_ascii_lowercase())
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
        check("\u{200e}stripe.com\u{200f}", "stripe.com");
        check("str\u{ad}ipe\u{200b}.com\u{feff}", "stripe.com");
        for scheme in [
            "http://https://",
            "https//",
            "http:/",
            "https:",
            "HTTP:\\\\",
            "https:///",
            "http://http//",
        ] {
            check(&format!("{scheme}www.stripe.com/a"), "stripe.com");
        }
        check("https.com", "https.com");
        check("http.net/x", "http.net");
        check("stripe.com (main)", "stripe.com");
        check("stripe.com, Inc.", "stripe.com");
        check("<https://stripe.com>", "stripe.com");
        check("stripe.com; stripe.com/de", "stripe.com");
        check("_dmarc.stripe.com", "stripe.com");
        check("my_team.stripe.com", "stripe.com");
        check("acme.pythonanywhere.com", "acme.pythonanywhere.com");
        check("https://www.linkedin.com/", "linkedin.com");
        check("github.com", "github.com");
        check("notlinkedin.com/company/x", "notlinkedin.com");
    }

    #[test]
    fn a_page_on_a_shared_site_is_no_company_s_domain() {
        for page in [
            "https://www.linkedin.com/company/stripe",
            "de.linkedin.com/in/jane",
            "https://apps.apple.com/app/id978516833",
            "play.google.com/store/apps/details?id=com.stripe",
            "facebook.com/stripe",
            "https://m.facebook.com/stripe",
            "https://x.com/stripe",
            "github.com/stripe/stripe-node",
            "https://www.google.com/maps/place/Stripe",
            "amazon.com/stores/acme",
            "https://en.wikipedia.org/wiki/Stripe",
            "https://web.archive.org/web/2020/https://stripe.com",
            "https://acme.medium.com",
            "acme.substack.com",
            "acme.wordpress.com/about",
            "acme.sharepoint.com",
        ] {
            refuse(page, "domain_is_profile");
        }
        for (page, site) in [
            ("www.amazon.com/", "amazon.com"),
            ("amazon.com/storesfront", "amazon.com"),
            ("google.com/intl/de", "google.com"),
            ("https://blog.medium.com", "medium.com"),
            ("www.wordpress.com", "wordpress.com"),
            ("mymedium.com", "mymedium.com"),
        ] {
            check(page, site);
        }
    }

    #[test]
    fn what_stands_around_a_domain_is_dropped() {
        for text in [
            "'stripe.com'",
            "“stripe.com”",
            "«stripe.com»",
            "`stripe.com`",
            "(stripe.com)",
            "[stripe.com]",
            "[Stripe](https://stripe.com/x)",
            "=HYPERLINK(\"https://stripe.com\",\"Stripe\")",
            "=HYPERLINK(\"https://stripe.com\";\"Stripe\")",
            "=\"stripe.com\"",
            "*.stripe.com",
            "@stripe.com",
            "ｓｔｒｉｐｅ．ｃｏｍ",
            "stripe。com",
            "stripe.com - payments",
            "stripe.com\nhttps://www.stripe.com/de",
            "stripe.com https://www.linkedin.com/company/stripe",
        ] {
            check(text, "stripe.com");
        }
    }

    #[test]
    fn another_company_is_never_read_instead() {
        // Dashes and symbols that UTS 46 keeps or maps.
        for text in [
            "acme–group.com",
            "acme—group.com",
            "acme\u{2011}group.com",
            "acme−group.com",
            "acme™.com",
            "acme®.com",
            "Acme§acme.com",
            "Acme→acme.com",
            "Acme•acme.com",
        ] {
            refuse(text, "domain_malformed");
        }
        // A blank within the domain.
        refuse("stripe.co m", "domain_malformed");
        refuse("acme.co uk", "domain_malformed");
        check("stripe.com Inc", "stripe.com");
        check("stripe.com payments", "stripe.com");
        check("i❤.ws", "xn--i-7iq.ws");
        check("col·laboració.cat", "xn--collaboraci-7sa20f.cat");
    }

    #[test]
    fn a_word_for_nothing_is_empty() {
        for text in [
            "N/A", "#N/A", "n.a.", "-", "—", "none", "NULL", "?", "unknown", "''", "\"\"",
        ] {
            refuse(text, "domain_empty");
        }
        // A company may be called so.
        check("none.com", "none.com");
        check("unknown.io", "unknown.io");
        refuse("1", "domain_malformed");
        refuse("4711", "domain_malformed");
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
        refuse("\"Jane\" <jane@stripe.com>", "domain_is_email");
        refuse("stripe.com <jane@stripe.com>", "domain_malformed");
        refuse("stripe.com, adyen.com", "domain_malformed");
        refuse("stripe.com\0", "domain_malformed");
        refuse("stripe.com\u{7f}", "domain_malformed");
        refuse("mm", "domain_is_public_suffix");
        refuse("ck", "domain_is_public_suffix");
        refuse("www.pythonanywhere.com", "domain_is_public_suffix");
        refuse("a.www.github.io", "domain_is_public_suffix");
        refuse("expyuzz4wqqyqhjn.onion", "domain_is_special");
        refuse("1.0.0.127.in-addr.arpa", "domain_is_special");
        for name in [
            "localhost",
            "localhost:3000",
            "http://crm.local/x",
            "acme.test",
            "acme.internal",
        ] {
            refuse(name, "domain_is_special");
        }
        refuse("_.stripe..com", "domain_malformed");
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
        fn a_plain_name_is_read_as_in_a_url(
            text in "([a-z0-9-]{1,8}\\.){1,3}(com|co\\.uk|io|dev|github\\.io|onion|x9|medium\\.com|0x1|12|ck|[a-z0-9]{1,4})",
        ) {
            prop_assert_eq!(Domain::parse(&text), Domain::parse(&format!("http://{text}/")));
        }

        /// Whatever stands around a domain, it is that one or refused.
        #[test]
        fn no_other_domain_is_read(
            name in "acme[a-z0-9]{0,9}",
            suffix in prop::sample::select(vec!["com", "co.uk", "de", "github.io"]),
            before in prop::sample::select(vec!["", " ", "http://", "https://www.", "\"", "“", "(", "\u{200e}", "user:pw@", "HTTP:/"]),
            inside in prop::sample::select(vec!["", "", "", "\u{ad}", "\u{200b}", " ", "–", "™", "§", "|"]),
            after in prop::sample::select(vec!["", " ", "/", ":443", "/a?b#c", "\"", "”", ")", ".", ", Inc.", " (main)", "\u{feff}", "#x"]),
        ) {
            let domain = format!("{name}.{suffix}");
            for at in [2, name.len(), name.len() + 1, domain.len() - 1] {
                let (start, end) = domain.split_at(at);
                if let Ok(read) = Domain::parse(&format!("{before}{start}{inside}{end}{after}")) {
                    prop_assert_eq!(read.as_str(), &domain);
                }
            }
        }

        #[test]
        fn subdomain_port_and_path_are_dropped(name in "acme[a-z0-9]{0,20}", port in 1u16.., path in "[a-z/]{0,10}") {
            let plain = Domain::parse(&format!("{name}.com")).unwrap();
            prop_assert_eq!(Domain::parse(&format!("https://www.{name}.com:{port}/{path}")).unwrap(), plain);
        }
    }
}
