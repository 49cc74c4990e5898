use types::{Timestamp, date_of, parse_day, parse_time};

use crate::{ApiError, cut};

/// What a moment looks like.
const EXAMPLE: &str = "for example 2026-11-20T09:30:00Z or 2026-11-20";

/// The parameter `at`: a timestamp, or a UTC day, whose end it is; for today it is `now`. It may be in the future.
///
/// # Errors
/// 400 `time_invalid` for any other text.
pub fn moment(text: &str, now: Timestamp) -> Result<Timestamp, ApiError> {
    let end_of_day = || {
        let date = parse_day(text)?;
        if date == date_of(now) {
            return Some(now);
        }
        format!("{date}T23:59:59Z").parse().ok()
    };
    parse_time(text).or_else(end_of_day).ok_or_else(|| {
        let message = format!(
            "at is a timestamp or a day in UTC, {EXAMPLE}, not {:?}",
            cut(text)
        );
        ApiError::invalid("at", message).reason("time_invalid")
    })
}

impl ApiError {
    /// The parameter `at` is in the future, where it has to be in the past.
    pub fn in_future() -> Self {
        let message = format!("at is in the future; use a past time, {EXAMPLE}");
        Self::invalid("at", message).reason("time_in_future")
    }
}
