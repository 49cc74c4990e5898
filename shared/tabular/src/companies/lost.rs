//! Files whose line ends were lost on the way, as `curl -d` drops them: one line with all rows, of which a reader would see one.

use types::Domain;

use super::columns::{DOMAIN_WORDS, is_known, long_words};

/// Whether the fields of the only line of a file are those of several lines.
pub(super) fn line_ends(names: &[String]) -> bool {
    match names {
        [] => false,
        [only] => begins_with_name(only) || is_list(only),
        [first, rest @ ..] => {
            let is_dotted = |name: &String| name.contains('.');
            let dotted = names.iter().position(is_dotted).unwrap_or(names.len());
            let header = names.get(..dotted).unwrap_or_default();
            let last = names
                .get(dotted)
                .filter(|name| Domain::parse(name).is_err());
            let is_row = rest.iter().any(is_dotted);
            // With two columns, the first three fields are the header and the first name glued to its end.
            let is_longer = rest.len() > 1;
            is_row && (is_known(first) || header.iter().any(|name| is_name(name)))
                || is_longer && header.iter().chain(last).any(|name| is_glued(name))
                || is_longer && names.iter().any(|name| has_glued_suffix(name))
        }
    }
}

/// Whether a field is a word for a column of domains.
fn is_name(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = DOMAIN_WORDS.iter().copied().flatten();
    words.any(|word| *word == name)
}

/// Whether a field is the name of a column with what stood on the next line, such as `domainacme.com`.
fn begins_with_name(text: &str) -> bool {
    let text: String = text
        .to_lowercase()
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_'))
        .collect();
    // `domain.com` is a domain.
    let continues = |rest: &str| rest.contains('.') && !rest.starts_with('.');
    let begins = |name: &str| text.strip_prefix(name).is_some_and(continues);
    // `webflow.com` is a company, `webacme.combeta.com` none.
    let mut short = ["url", "site", "web", "name", "company"].into_iter();
    long_words().any(begins) || (glued_labels(&text) > 0 && short.any(begins))
}

/// Whether a word of a field is the name of a column with the first field of the next line, such as `WebsiteAcme`.
fn is_glued(name: &str) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let is_word = |word: &str| is_known(word) || is_name(word);
    let glued = |word: &str| {
        let lower = word.to_lowercase();
        let begins = long_words().any(|known| lower.starts_with(known));
        let after = word
            .get(..3)
            .filter(|start| start.eq_ignore_ascii_case("url"));
        let url = after
            .and_then(|_| word.chars().nth(3))
            .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
        (begins || url) && !is_word(word)
    };
    words.into_iter().any(glued)
}

/// The longest label of a host name (RFC 1035, 2.3.4): what is longer is no suffix of a domain.
const MAX_LABEL: usize = 63;

/// Whether a field is a domain with the first field of the next line, such as `acme.comBeta` or `acme.com2`.
fn has_glued_suffix(name: &str) -> bool {
    let chars: Vec<(usize, char)> = name.char_indices().collect();
    let dot = name.rfind('.').unwrap_or(name.len());
    let changes = chars.windows(2).filter_map(|pair| match pair {
        [(_, a), (at, b)]
            if (dot + 1..=dot + 1 + MAX_LABEL).contains(at)
                && a.is_lowercase()
                && (b.is_uppercase() || b.is_ascii_digit()) =>
        {
            Some(*at)
        }
        _ => None,
    });
    let is_domain = |at: usize| {
        name.get(..at)
            .is_some_and(|start| Domain::parse(start).is_ok())
    };
    Domain::parse(name).is_err() && changes.into_iter().any(is_domain)
}

/// Whether a field is several domains or URLs without anything between them, such as `acme.combeta.comgamma.com`.
fn is_list(text: &str) -> bool {
    text.matches("://").count() > 1 || glued_labels(text) > 1
}

/// How many labels of a host begin with its last one, such as `combeta` in `acme.combeta.com`.
fn glued_labels(text: &str) -> usize {
    let host = text.split('/').next().unwrap_or(text);
    if host.contains(char::is_whitespace) {
        return 0;
    }
    let labels: Vec<&str> = host.split('.').collect();
    let Some((last, before)) = labels.split_last() else {
        return 0;
    };
    let is_glued = |label: &&&str| label.len() > last.len() && label.starts_with(last);
    before.iter().skip(1).filter(is_glued).count()
}
