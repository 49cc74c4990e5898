use intent::Kind;

/// Words in headlines, by the kind that they indicate. The first kind with a match is taken.
const WORDS: [(Kind, &[&str]); 5] = [
    (
        Kind::Funding,
        &[
            "raises",
            "raised",
            "funding",
            "series a",
            "series b",
            "series c",
            "series d",
            "seed round",
        ],
    ),
    (
        Kind::Expansion,
        &[
            "acquires",
            "acquired",
            "acquisition",
            "opens office",
            "new office",
            "expands",
            "expansion",
        ],
    ),
    (
        Kind::Leadership,
        &[
            "appoints",
            "names new",
            "joins as",
            "new ceo",
            "new cto",
            "new cfo",
            "steps down",
        ],
    ),
    (
        Kind::Product,
        &[
            "launches",
            "launch",
            "launched",
            "introducing",
            "introduces",
            "announcing",
            "now available",
            "show hn",
            "release",
        ],
    ),
    (
        Kind::Technology,
        &["migrated to", "migrating to", "moving to", "switched to"],
    ),
];

/// Returns what a headline is about; none if no word matches.
pub(crate) fn kind(headline: &str) -> Option<Kind> {
    let line: String = headline
        .chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<&str> = line.split_whitespace().collect();
    let line = format!(" {} ", words.join(" "));
    let has = |word: &&str| line.contains(&format!(" {word} "));
    WORDS
        .iter()
        .find(|(_, words)| words.iter().any(has))
        .map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headlines_are_classified_by_whole_words() {
        let kinds = [
            ("Acme raises $20M", Some(Kind::Funding)),
            ("Show HN: Acme, a thing", Some(Kind::Product)),
            ("Introducing: Acme 2", Some(Kind::Product)),
            ("Acme opens office in Berlin", Some(Kind::Expansion)),
            ("Acme appoints a CFO", Some(Kind::Leadership)),
            ("Why we migrated to Rust", Some(Kind::Technology)),
            ("How relaunched pages appraised", None),
        ];
        for (headline, expected) in kinds {
            assert_eq!(kind(headline), expected, "{headline}");
        }
    }
}
