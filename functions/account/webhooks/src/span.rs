use api::{ApiError, cut};
use types::{Timestamp, parse_time_or_day, whole_second};

/// A time, or the beginning of a UTC day.
pub(crate) fn moment(field: &'static str, text: &str) -> Result<Timestamp, ApiError> {
    let at = parse_time_or_day(text).map(whole_second);
    at.ok_or_else(|| {
        let message = format!(
            "{field} is a time or a day in UTC, for example 2026-11-20T09:30:00Z or 2026-11-20, not {:?}",
            cut(text)
        );
        ApiError::invalid(field, message).reason("time_invalid")
    })
}

/// Refuses a span that ends before it begins.
pub(crate) fn in_order(since: Timestamp, until: Timestamp) -> Result<(), ApiError> {
    if since < until {
        return Ok(());
    }
    let message = format!("until is after since, which is {since}, and not {until}");
    Err(ApiError::invalid("until", message).reason("span_empty"))
}
