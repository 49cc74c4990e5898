use std::fmt;

use types::{KeyId, UtcDay, base36};

/// Digits of a number of minutes since 1970 in base 36, until the year 2084.
const MINUTE_DIGITS: usize = 5;

/// Digits of a number of hours since 1970 in base 36, until the year 2161.
const HOUR_DIGITS: usize = 4;

/// Characters of a key's tag ([`types::Id::tag`]).
const TAG: usize = 6;

/// Routes whose calls of a day are in one number, each in nine of its 27 decimal digits. One item takes 1,000 writes a
/// second, which are 86,400,000 a day, so no count runs into the next.
const ROUTES: u8 = 3;

/// What the number of the second and the third route of an attribute are multiplied with: 10⁹ to the power of its index.
const SPACING: u128 = 1_000_000_000;

/// An attribute of a meter that counts. Names are short, and minutes and days in base 36, as a meter of more than 1 KB costs
/// two write units a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counter<'a> {
    /// `w<tag><minute>`: calls of a key in a minute, which is counted since 1970.
    Minute(&'a str, i64),
    /// `d<tag><day>`: calls of a key on a day.
    Key(&'a str, UtcDay),
    /// `r<group><day>`: calls of three routes on a day: those with the codes 3 × group to 3 × group + 2.
    Routes(u8, UtcDay),
    /// `s<day>`: credits in tenths that single calls spent on a day.
    Spent(UtcDay),
    /// `m<yyyymm>`: calls of a month.
    Month(&'a str),
    /// `k<hour>`: keys that were made in an hour, which is counted since 1970.
    KeysMade(i64),
}

impl Counter<'_> {
    /// The attribute that counts `key` in `minute`.
    pub(crate) fn minute(key: KeyId, minute: i64) -> String {
        Counter::Minute(&key.tag(), minute).to_string()
    }

    /// The attribute that counts a route on a day, and what one call adds to it.
    pub(crate) fn route(code: u8, day: UtcDay) -> (String, u128) {
        let (group, one) = pack(code, 1);
        (Counter::Routes(group, day).to_string(), one)
    }
}

impl<'a> Counter<'a> {
    /// The counter that an attribute is, if it is one.
    pub(crate) fn parse(attribute: &'a str) -> Option<Self> {
        let rest = attribute.get(1..)?;
        match (attribute.as_bytes().first()?, rest.len()) {
            (b'w', len) if len == TAG + MINUTE_DIGITS => {
                let (tag, minute) = rest.split_at_checked(TAG)?;
                Some(Self::Minute(tag, i64::from_str_radix(minute, 36).ok()?))
            }
            (b'd', len) if len == TAG + UtcDay::CODE => {
                let (tag, day) = rest.split_at_checked(TAG)?;
                Some(Self::Key(tag, UtcDay::from_code(day)?))
            }
            (b'r', len) if len == 1 + UtcDay::CODE => {
                let (group, day) = rest.split_at_checked(1)?;
                let group = u8::from_str_radix(group, 36).ok()?;
                Some(Self::Routes(group, UtcDay::from_code(day)?))
            }
            (b's', len) if len == UtcDay::CODE => Some(Self::Spent(UtcDay::from_code(rest)?)),
            (b'k', len) if len == HOUR_DIGITS => {
                Some(Self::KeysMade(i64::from_str_radix(rest, 36).ok()?))
            }
            (b'm', 6) if rest.bytes().all(|byte| byte.is_ascii_digit()) => Some(Self::Month(rest)),
            _ => None,
        }
    }
}

impl fmt::Display for Counter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minute(tag, minute) => {
                let minute = u32::try_from(*minute).unwrap_or(0);
                write!(f, "w{tag}{}", base36::<MINUTE_DIGITS>(minute))
            }
            Self::Key(tag, day) => write!(f, "d{tag}{}", day.code()),
            Self::Routes(group, day) => {
                write!(f, "r{}{}", base36::<1>(u32::from(*group)), day.code())
            }
            Self::Spent(day) => write!(f, "s{}", day.code()),
            Self::Month(month) => write!(f, "m{month}"),
            Self::KeysMade(hour) => {
                let hour = u32::try_from(*hour).unwrap_or(0);
                write!(f, "k{}", base36::<HOUR_DIGITS>(hour))
            }
        }
    }
}

/// The routes of a group with calls, and how many.
pub(crate) fn unpack(group: u8, counts: u128) -> impl Iterator<Item = (u8, u64)> {
    let each = (0..ROUTES).map(move |index| {
        let calls = counts / SPACING.pow(u32::from(index)) % SPACING;
        (group * ROUTES + index, u64::try_from(calls).unwrap_or(0))
    });
    each.filter(|(_, calls)| *calls > 0)
}

/// The group of a route, and its calls as part of the group's number.
pub(crate) fn pack(code: u8, calls: u64) -> (u8, u128) {
    let spacing = SPACING.pow(u32::from(code % ROUTES));
    (code / ROUTES, u128::from(calls) * spacing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> UtcDay {
        text.parse().unwrap()
    }

    #[test]
    fn names_are_short_and_read_back() {
        for (counter, name) in [
            (Counter::Minute("0r5zqd", 29_920_170), "w0r5zqdhtaju"),
            (Counter::Key("0r5zqd", day("20261122")), "d0r5zqdg17"),
            (Counter::Routes(5, day("20261122")), "r5g17"),
            (Counter::Spent(day("20261122")), "sg17"),
            (Counter::Month("202611"), "m202611"),
            (Counter::KeysMade(498_669), "kaorx"),
        ] {
            assert_eq!(counter.to_string(), name);
            assert_eq!(Counter::parse(name), Some(counter), "{name}");
        }
    }

    #[test]
    fn other_attributes_are_no_counters() {
        for name in [
            "", "s", "shard", "shards", "session", "sk", "credits", "r€a", "m20261", "mxxxxxx",
            "x1",
        ] {
            assert_eq!(Counter::parse(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn counts_of_three_routes_are_one_number(counts: [u32; 3], group in 0_u8..8) {
            let counts = counts.map(|count| u64::from(count % 1_000_000_000));
            let codes = (0..3).map(|index| group * 3 + index);
            let packed: u128 = codes.clone().zip(counts).map(|(code, calls)| pack(code, calls).1).sum();
            let expected: Vec<(u8, u64)> = codes.zip(counts).filter(|(_, calls)| *calls > 0).collect();
            prop_assert_eq!(unpack(group, packed).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn any_text_is_read(text in ".{0,14}") {
            let _ = Counter::parse(&text);
        }
    }
}
