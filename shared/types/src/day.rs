use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::date_of;

/// A UTC day, as the days since 1970. As text it is `yyyymmdd`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcDay(u16);

/// Text that is not a date in the form `yyyymmdd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a day from 1970 on like 20261126")]
pub struct NoDay;

impl UtcDay {
    /// The characters of [`UtcDay::code`].
    pub const CODE: usize = 3;

    /// The day that `at` falls into.
    pub fn of(at: Timestamp) -> Self {
        Self(u16::try_from(at.as_second().div_euclid(86_400)).unwrap_or(0))
    }

    /// Its date.
    pub fn date(self) -> Date {
        let start = Timestamp::from_second(i64::from(self.0) * 86_400);
        date_of(start.unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// Its number in base 36: three characters, in the order of the days, where text has to be short.
    pub fn code(self) -> String {
        base36::<{ Self::CODE }>(u32::from(self.0))
    }

    /// The day of a [`UtcDay::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        let valid = code.len() == Self::CODE
            && code
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        let number = valid.then(|| u16::from_str_radix(code, 36).ok())??;
        Some(Self(number))
    }
}

/// The last `N` digits of a number in base 36, in lower case.
pub fn base36<const N: usize>(number: u32) -> String {
    let digit = |index: usize| {
        let place = u32::try_from(N - 1 - index).ok()?;
        char::from_digit(number / 36_u32.checked_pow(place)? % 36, 36)
    };
    (0..N).map(|index| digit(index).unwrap_or('0')).collect()
}

impl From<Date> for UtcDay {
    fn from(date: Date) -> Self {
        Self::of(crate::midnight(date))
    }
}

impl fmt::Display for UtcDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date();
        write!(f, "{:04}{:02}{:02}", date.year(), date.month(), date.day())
    }
}

impl fmt::Debug for UtcDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for UtcDay {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let number = |digits: &str| digits.parse::<i16>().ok();
        let date = || {
            let (year, rest) = text.split_at_checked(4)?;
            let (month, day) = rest.split_at_checked(2)?;
            let (month, day) = (number(month)?, number(day)?);
            Date::new(number(year)?, month.try_into().ok()?, day.try_into().ok()?).ok()
        };
        let valid = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        let date = valid.then(date).flatten().ok_or(NoDay)?;
        let day = Self::from(date);
        // A day before 1970 is none of ours.
        if day.date() == date {
            Ok(day)
        } else {
            Err(NoDay)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_short_in_code_and_eight_digits_in_text() {
        let at: Timestamp = "2026-11-22T23:59:59Z".parse().unwrap();
        let day = UtcDay::of(at);
        assert_eq!(
            (day.to_string().as_str(), day.code().as_str()),
            ("20261122", "g17")
        );
        assert_eq!("20261122".parse(), Ok(day));
        assert_eq!(UtcDay::from_code(&day.code()), Some(day));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "",
            "2026112",
            "20261131",
            "2026+122",
            "19691231",
            "２０２６1122",
        ] {
            assert_eq!(text.parse::<UtcDay>(), Err(NoDay), "{text}");
        }
        for code in ["", "g2", "G17", "+g2", "g177"] {
            assert_eq!(UtcDay::from_code(code), None, "{code}");
        }
    }
}
