//! The English words for numbers and times.

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

const TIMES: [&str; 9] = [
    "second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade",
];

const CURRENCIES: [(&str, &[&str]); 4] = [
    ("usd", &["$", "usd", "dollar", "dollars"]),
    ("eur", &["€", "eur", "euro", "euros"]),
    ("gbp", &["£", "gbp", "pound", "pounds"]),
    ("yen", &["¥", "jpy", "yen", "cny", "rmb"]),
];

/// Words that state a number or a time by themselves.
const STANDALONE: [&str; 44] = [
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "hundred",
    "hundreds",
    "thousand",
    "thousands",
    "million",
    "millions",
    "billion",
    "billions",
    "dozen",
    "dozens",
    "couple",
    "half",
    "halved",
    "double",
    "doubled",
    "doubling",
    "triple",
    "tripled",
    "tripling",
    "quadruple",
    "quadrupled",
    "twice",
    "thrice",
    "today",
    "yesterday",
    "tomorrow",
    "tonight",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "weekend",
];

const RELATIVE: [&str; 9] = [
    "last",
    "next",
    "this",
    "past",
    "previous",
    "coming",
    "current",
    "recent",
    "following",
];

/// 1 to 12 for the name of a month, whole or as its first three letters.
pub(super) fn month(word: &str) -> Option<u8> {
    let short = word.len() == 3 || word == "sept";
    let at = MONTHS
        .iter()
        .position(|name| *name == word || (short && name.starts_with(word)))?;
    u8::try_from(at + 1).ok()
}

/// The value of a number word below twenty.
pub(super) fn small(word: &str) -> Option<u64> {
    let at = SMALL.iter().position(|name| *name == word)?;
    u64::try_from(at).ok()
}

/// The value of a number word for a multiple of ten.
pub(super) fn tens(word: &str) -> Option<u64> {
    let at = TENS.iter().position(|name| *name == word)?;
    Some(20 + 10 * u64::try_from(at).ok()?)
}

/// The power of ten of a word after a number.
pub(super) fn scale(word: &str) -> Option<i32> {
    match word {
        "hundred" => Some(2),
        "k" | "thousand" => Some(3),
        "m" | "mn" | "mio" | "million" => Some(6),
        "b" | "bn" | "billion" => Some(9),
        "tn" | "trillion" => Some(12),
        _ => None,
    }
}

/// The unit of a word or sign after a number, or before it.
pub(super) fn currency(word: &str) -> Option<&'static str> {
    let found = CURRENCIES.iter().find(|(_, words)| words.contains(&word));
    found.map(|(unit, _)| *unit)
}

/// Whether a unit is one of [`currency`].
pub(super) fn is_currency(unit: &str) -> bool {
    CURRENCIES.iter().any(|(known, _)| *known == unit)
}

/// The unit of a word after a number.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    if ["%", "percent", "percentage", "pct"].contains(&word) {
        return Some("%");
    }
    currency(word).or_else(|| time(word))
}

/// A unit of time, in the singular.
pub(super) fn time(word: &str) -> Option<&'static str> {
    let word = word.strip_suffix('s').unwrap_or(word);
    TIMES.iter().find(|time| **time == word).copied()
}

/// Whether a word states a number or a time by itself.
pub(super) fn is_standalone(word: &str) -> bool {
    STANDALONE.contains(&word)
}

/// Whether a word makes a unit of time after it relative to today.
pub(super) fn is_relative(word: &str) -> bool {
    RELATIVE.contains(&word)
}
