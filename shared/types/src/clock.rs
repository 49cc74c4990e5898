use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::UtcDay;

/// Where `now` comes from. Functions read it once at the edge and pass it down, so that a test can move it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the edge the others take `now` from"
        )]
        Self(Arc::new(Timestamp::now))
    }

    /// A clock that returns what `read` returns, so that tests can set the time.
    pub fn from_fn(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// When the handling of a request must have ended. The runtime adds it to the request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(pub Timestamp);
/// The UTC date that `at` falls into.
pub fn date_of(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// The UTC day that `at` falls into, as `yyyymmdd`.
pub fn day_of(at: Timestamp) -> String {
    UtcDay::of(at).to_string()
}

/// The UTC month that `at` falls into, as `yyyymm`.
pub fn month_of(at: Timestamp) -> String {
    date_of(at).strftime("%Y%m").to_string()
}

/// The first instant of the UTC day after the one that `at` falls into.
pub fn next_day(at: Timestamp) -> Timestamp {
    midnight(date_of(at).tomorrow().unwrap_or(Date::MAX))
}

/// The first instant of the UTC month after the one that `at` falls into.
pub fn next_month(at: Timestamp) -> Timestamp {
    midnight(date_of(at).last_of_month().tomorrow().unwrap_or(Date::MAX))
}

/// The first instant of a UTC date.
pub fn midnight(date: Date) -> Timestamp {
    TimeZone::UTC
        .to_timestamp(date.to_datetime(jiff::civil::Time::midnight()))
        .unwrap_or(Timestamp::MAX)
}

/// `at` without its fraction of a second: as responses show it and rows store it.
pub fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// The number of the whole minute since 1970 that `at` falls into.
pub fn minute_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

/// A time as RFC 3339 writes it, or with less: without seconds, or without separators. A leap second is none: it would be the
/// second before.
pub fn parse_time(text: &str) -> Option<Timestamp> {
    let time = text.get(text.find(['T', 't', ' '])? + 1..)?;
    let digits = time.split(['.', ',', 'Z', 'z', '+', '-', '[']).next()?;
    let mut digits = digits.chars().filter(char::is_ascii_digit).skip(4);
    let is_leap_second = digits.next() == Some('6') && digits.next() == Some('0');
    text.parse().ok().filter(|_| !is_leap_second)
}

/// The same, or the first instant of a UTC day such as `2026-05-28`.
pub fn parse_time_or_day(text: &str) -> Option<Timestamp> {
    let start = || {
        let day = parse_day(text)?.to_datetime(jiff::civil::Time::midnight());
        TimeZone::UTC.to_timestamp(day).ok()
    };
    parse_time(text).or_else(start)
}

/// A day such as `2026-05-28`, and in no other form.
pub fn parse_day(text: &str) -> Option<Date> {
    text.parse().ok().filter(|_| text.len() == 10)
}

/// The UTC hour that `at` falls into, in whole hours since 1970.
pub fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(3_600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_second_is_no_time() {
        for text in [
            "2026-11-20T09:30:00Z",
            "2026-11-20t09:30:59.60z",
            "2026-11-20 09:30+01:00",
            "20261120T093000Z",
            "2026-11-20T09:30:00-06:00",
        ] {
            assert_eq!(parse_time(text), text.parse().ok(), "{text}");
            assert!(parse_time(text).is_some(), "{text}");
        }
        for text in [
            "2016-12-31T23:59:60Z",
            "2016-12-31T23:59:60.5+00:00",
            "20161231T235960Z",
            "2016-12-31t23:59:60z",
            "2026-11-20T09:30:61Z",
            "2026-11-20",
            "",
            "T",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn windows_end_with_the_utc_calendar() {
        let at: Timestamp = "2026-12-31T23:59:59.9Z".parse().unwrap();
        assert_eq!(day_of(at), "20261231");
        assert_eq!(month_of(at), "202612");
        assert_eq!(next_day(at).to_string(), "2027-01-01T00:00:00Z");
        assert_eq!(next_month(at).to_string(), "2027-01-01T00:00:00Z");
        assert_eq!(minute_of(at) * 60, at.as_second() - 59);
        assert_eq!(hour_of(at), minute_of(at) / 60);
        assert_eq!(whole_second(at).to_string(), "2026-12-31T23:59:59Z");
    }
}
