//! The words of a headline.

/// A word of a headline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// In lower case; an amount as one word, such as `$1.5m`.
    pub(crate) text: String,
    /// Whether it is written with a capital.
    pub(crate) is_capital: bool,
    /// Whether nothing but blanks and hyphens is between it and the word before.
    pub(crate) is_joined: bool,
}

/// The longest headline that is read, in characters.
const LONGEST: usize = 500;
const CURRENCIES: [char; 5] = ['$', '€', '£', '¥', '₹'];
/// Words and endings that make a number one of an amount.
const SCALES: [&str; 14] = [
    "b", "billion", "bn", "cr", "crore", "m", "mil", "million", "mio", "mm", "mn", "t", "trillion",
    "tn",
];
/// From this number on an amount needs no scale.
const LARGE: f64 = 100_000.0;

/// Returns the words of a headline, split at everything but letters, digits, signs of currencies, and what is inside a number.
pub(crate) fn words(headline: &str) -> Vec<Word> {
    let characters: Vec<char> = headline.chars().take(LONGEST).collect();
    let is_digit = |at: Option<usize>| {
        let character = at.and_then(|at| characters.get(at));
        character.is_some_and(char::is_ascii_digit)
    };
    let mut words: Vec<Word> = Vec::new();
    let (mut text, mut is_capital) = (String::new(), false);
    let (mut is_joined, mut was_joined) = (false, false);
    for (at, character) in characters.iter().copied().chain([' ']).enumerate() {
        let is_inside =
            matches!(character, '.' | ',') && is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
        if character.is_alphanumeric() || CURRENCIES.contains(&character) {
            if text.is_empty() {
                is_capital = character.is_uppercase();
                was_joined = is_joined;
            }
            text.extend(character.to_lowercase());
            continue;
        }
        if is_inside {
            text.extend((character == '.').then_some('.'));
            continue;
        }
        if !text.is_empty() {
            words.push(Word {
                text: std::mem::take(&mut text),
                is_capital,
                is_joined: was_joined,
            });
            is_joined = true;
        }
        is_joined &= character.is_whitespace() || matches!(character, '-' | '’' | '\'');
    }
    words
}

/// Whether words begin with an amount of money as it is invested: `$20m`, `20 million`, `€100000`.
pub(crate) fn is_amount(words: &[Word]) -> bool {
    let Some(first) = words.first() else {
        return false;
    };
    let has_currency = first.text.contains(CURRENCIES);
    let number = first
        .text
        .trim_start_matches(|c: char| !c.is_ascii_digit())
        .trim_end_matches(CURRENCIES);
    let end = number.find(|c: char| !(c.is_ascii_digit() || c == '.'));
    let (digits, scale) = number.split_at(end.unwrap_or(number.len()));
    let Ok(value) = digits.parse::<f64>() else {
        return false;
    };
    let scale = if scale.is_empty() {
        words.get(1).map_or("", |word| word.text.as_str())
    } else {
        scale
    };
    let is_thousands = ["k", "thousand"].contains(&scale) && value * 1_000.0 >= LARGE;
    SCALES.contains(&scale) || is_thousands || (has_currency && value >= LARGE)
}

/// Whether words begin with a round's name: `Series A` to `Series K`, written as a name.
pub(crate) fn is_series(words: &[Word]) -> bool {
    let [first, second, ..] = words else {
        return false;
    };
    let is_letter = second.text.len() == 1 && ("a"..="k").contains(&second.text.as_str());
    first.text == "series" && is_letter && second.is_capital && second.is_joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_is_split_into_words() {
        let text = |headline| {
            let words = words(headline).into_iter();
            words.map(|word| word.text).collect::<Vec<_>>()
        };
        assert_eq!(
            text("Acme’s (new) pre-seed: $1,500,000.50, or €2.5M."),
            [
                "acme",
                "s",
                "new",
                "pre",
                "seed",
                "$1500000.50",
                "or",
                "€2.5m"
            ]
        );
        assert_eq!(text("  "), Vec::<String>::new());
        let found = words("Acme, the Rocket-maker");
        let flags = found.iter().map(|word| (word.is_capital, word.is_joined));
        assert_eq!(
            flags.collect::<Vec<_>>(),
            [(true, false), (false, false), (true, true), (false, true)]
        );
    }

    #[test]
    fn amounts_are_those_of_investments() {
        for amount in [
            "$20M",
            "$20m",
            "20M",
            "$20 million",
            "20 million",
            "€1.5bn",
            "US$20M",
            "$100,000",
            "20M€",
            "₹80 crore",
            "$250k",
            "$1B",
        ] {
            assert!(is_amount(&words(amount)), "{amount}");
        }
        for other in [
            "$5",
            "5",
            "$99,999",
            "$50k",
            "20 people",
            "million",
            "$",
            "v2.0",
            "",
            "3d",
        ] {
            assert!(!is_amount(&words(other)), "{other}");
        }
    }
}
