//! Patterns by which tools are detected: `rules/site.txt` and `rules/dns.txt`, lines of `kind | pattern | tool`.

use std::collections::BTreeSet;

const SITE: &str = include_str!("../rules/site.txt");
const DNS: &str = include_str!("../rules/dns.txt");

/// One line of a rules file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The kind of text that is searched.
    pub(crate) kind: &'static str,
    /// What is searched for, in lower case.
    pub(crate) pattern: &'static str,
    /// The tool that is detected.
    pub(crate) tool: &'static str,
}

/// The rules for a page and its headers.
pub(crate) fn site() -> impl Iterator<Item = Rule> {
    rules(SITE)
}

/// The rules for DNS records.
pub(crate) fn dns() -> impl Iterator<Item = Rule> {
    rules(DNS)
}

/// Returns the tools whose pattern is in one of these texts, each with its kind.
pub(crate) fn tools<'a>(
    rules: impl Iterator<Item = Rule>,
    texts: &[(&'a str, String)],
) -> BTreeSet<String> {
    rules
        .filter(|rule| {
            let found = |(kind, text): &(&'a str, String)| {
                *kind == rule.kind && text.contains(rule.pattern)
            };
            texts.iter().any(found)
        })
        .map(|rule| rule.tool.to_owned())
        .collect()
}

fn rules(file: &'static str) -> impl Iterator<Item = Rule> {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut fields = line.split('|').map(str::trim);
        Some(Rule {
            kind: fields.next()?,
            pattern: fields.next()?,
            tool: fields.next()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_rule() {
        let check = |file: &'static str, kinds: &[&str]| {
            let lines = file
                .lines()
                .filter(|line| !line.starts_with('#') && !line.is_empty());
            assert_eq!(rules(file).count(), lines.count());
            for rule in rules(file) {
                assert!(kinds.contains(&rule.kind), "{rule:?}");
                assert!(rule.pattern.len() > 3 && !rule.tool.is_empty(), "{rule:?}");
                assert_eq!(rule.pattern, rule.pattern.to_lowercase(), "{rule:?}");
            }
        };
        check(SITE, &["script", "header", "cookie", "generator", "link"]);
        check(DNS, &["mx", "txt"]);
    }
}
