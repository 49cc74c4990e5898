/// Whether a text is on one line: it has no control characters, and no separators of lines or paragraphs.
pub fn is_one_line(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_a_line_is_not_on_one() {
        for text in [
            "a\nb",
            "a\rb",
            "a\tb",
            "a\u{b}b",
            "a\u{85}b",
            "a\u{2028}b",
            "a\u{2029}b",
            "a\0",
        ] {
            assert!(!is_one_line(text), "{text:?}");
        }
        for text in ["", "a b", "Caf\u{e9} \u{2013} \u{65e5}\u{672c}", "a\u{a0}b"] {
            assert!(is_one_line(text), "{text:?}");
        }
    }
}
