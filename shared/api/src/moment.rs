use types::{Timestamp, date_of, parse_day, parse_time, whole_second};

use crate::{ApiError, cut};

/// What a moment looks like.
const EXAMPLE: &str = "for example 2026-11-20T09:30:00Z or 2026-11-20";

/// The parameter `at` of what is read of the past, to the whole second: a timestamp, or a UTC day, whose end it is; for today it
/// is `now`.
///
/// # Errors
/// 400 `time_invalid` for any other text, `time_in_future` for a moment after `now`.
pub fn past_moment(text: &str, now: Timestamp) -> Result<Timestamp, ApiError> {
    let end_of_day = || {
        let date = parse_day(text)?;
        if date == date_of(now) {
            return Some(now);
        }
        format!("{date}T23:59:59Z").parse().ok()
    };
    let Some(at) = parse_time(text).or_else(end_of_day).map(whole_second) else {
        let message = format!(
            "at is a timestamp or a day in UTC, {EXAMPLE}, not {:?}",
            cut(text)
        );
        return Err(ApiError::invalid("at", message).reason("time_invalid"));
    };
    if at > now {
        let message = format!("at is in the future; use a past time, {EXAMPLE}");
        return Err(ApiError::invalid("at", message).reason("time_in_future"));
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let now = "2026-11-22T12:00:00.5Z".parse().unwrap();
        let found = match past_moment(text, now) {
            Ok(at) => at.to_string(),
            Err(error) => format!("{error:?}"),
        };
        assert!(found.contains(expected), "{text}: {found}");
    }

    #[test]
    fn times_and_days() {
        check("2026-11-20T09:30:00Z", "2026-11-20T09:30:00Z");
        check("2026-11-20T10:30:00.9+01:00", "2026-11-20T09:30:00Z");
        check("2026-11-20", "2026-11-20T23:59:59Z");
        check("2026-11-22", "2026-11-22T12:00:00Z");
        check("2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z");
        check("2026-11-22T12:00:00.9Z", "2026-11-22T12:00:00Z");
    }

    #[test]
    fn what_is_no_past_moment() {
        check("2026-11-22T12:00:01Z", "time_in_future");
        check("2026-11-23", "time_in_future");
        for text in [
            "",
            "yesterday",
            "2026-11",
            "20261120",
            "2026-13-01",
            "1795310940",
        ] {
            check(text, "time_invalid");
        }
    }
}
