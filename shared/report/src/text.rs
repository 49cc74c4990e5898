//! Texts of others, made fit for a page.

use std::cell::Cell;

use crate::world::has_glyph;

/// What stands for characters that the fonts lack.
const SUBSTITUTE: char = '\u{fffd}';
/// Where a line may be broken inside a word.
const BREAK: char = '\u{200b}';
/// Characters of a word from which on it may be broken anywhere.
const LONG_WORD: usize = 24;
/// Characters between two places to break a long word.
const PIECE: usize = 6;
/// Accents that one letter may have of its own; more would reach into other lines.
const ACCENTS: usize = 2;

/// Makes texts fit, and remembers whether it had to substitute characters.
#[derive(Default)]
pub(crate) struct Fitter {
    substituted: Cell<bool>,
}

impl Fitter {
    /// `text` on one line, of at most `max` characters, all of which have glyphs and none of which is invisible. A run of
    /// characters without glyphs is one U+FFFD; what is cut ends in `…`.
    pub(crate) fn fit(&self, text: &str, max: usize) -> String {
        let (line, substituted) = visible(text);
        self.substituted.set(self.substituted.get() || substituted);
        breakable(&cut(&line, max))
    }

    /// Whether a text had characters without glyphs.
    pub(crate) fn has_substituted(&self) -> bool {
        self.substituted.get()
    }
}

/// Whether a text that was made fit has anything to read.
pub(crate) fn is_legible(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

fn visible(text: &str) -> (String, bool) {
    let mut line = String::new();
    let mut substituted = false;
    let mut accents = 0;
    for c in text.chars() {
        let c = match c {
            c if c.is_whitespace() || c.is_control() => ' ',
            c if is_invisible(c) => continue,
            c if has_glyph(c) => c,
            _ => SUBSTITUTE,
        };
        substituted |= c == SUBSTITUTE;
        let is_accent = matches!(c, '\u{300}'..='\u{36f}');
        accents = if is_accent { accents + 1 } else { 0 };
        let is_repeated = matches!(c, ' ' | SUBSTITUTE) && line.ends_with(c);
        if !is_repeated && accents <= ACCENTS {
            line.push(c);
        }
    }
    (line.trim().to_owned(), substituted)
}

/// Characters that show nothing, or turn the direction of others: of format (Unicode's category Cf, without tags and signs of
/// single scripts), and selectors of variants.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn cut(line: &str, max: usize) -> String {
    if line.chars().count() <= max {
        return line.to_owned();
    }
    let kept: String = line.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// With places to break inside of long words.
fn breakable(line: &str) -> String {
    let words: Vec<String> = line.split(' ').map(breakable_word).collect();
    words.join(" ")
}

fn breakable_word(word: &str) -> String {
    if word.chars().count() < LONG_WORD {
        return word.to_owned();
    }
    let mut broken = String::new();
    for (at, c) in word.chars().enumerate() {
        if at > 0 && at % PIECE == 0 {
            broken.push(BREAK);
        }
        broken.push(c);
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(text: &str, max: usize) -> (String, bool) {
        let fitter = Fitter::default();
        (fitter.fit(text, max), fitter.has_substituted())
    }

    #[test]
    fn texts_are_on_one_line_and_have_nothing_hidden() {
        assert_eq!(fit(" a\n\t b\u{2028}c ", 9), ("a b c".into(), false));
        assert_eq!(
            fit("a\u{202e}b\u{200b}c\u{feff}\u{ad}", 9),
            ("abc".into(), false)
        );
        assert_eq!(
            fit("e\u{301}\u{301}\u{301}\u{301}x", 9).0,
            "e\u{301}\u{301}x"
        );
    }

    #[test]
    fn what_has_no_glyph_is_marked_once() {
        assert_eq!(
            fit("Fund 日本国債 II", 20),
            ("Fund \u{fffd} II".into(), true)
        );
        assert_eq!(fit("🏦🏦", 20), ("\u{fffd}".into(), true));
        assert!(!is_legible("\u{fffd}"));
        assert!(is_legible("\u{fffd} 2"));
    }

    #[test]
    fn texts_are_cut_at_the_limit() {
        assert_eq!(fit("abcde", 5).0, "abcde");
        assert_eq!(fit("abcdef", 5).0, "abcd…");
        assert_eq!(fit("abc def", 5).0, "abc…");
        assert_eq!(fit("", 5).0, "");
    }

    #[test]
    fn long_words_can_be_broken() {
        let word = "x".repeat(LONG_WORD - 1);
        assert_eq!(fit(&word, 99).0, word);
        let word = "x".repeat(LONG_WORD);
        assert_eq!(fit(&word, 99).0, ["xxxxxx"; 4].join("\u{200b}"));
    }
}
