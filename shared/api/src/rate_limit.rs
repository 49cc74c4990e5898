use std::fmt::Write as _;

use http::{HeaderMap, HeaderName, HeaderValue};
use quota::{Limits, WindowLimit};
use types::Timestamp;

/// Adds the caller's limits to a response: the `X-RateLimit` headers for the minute, with the reset as Unix time, and the
/// fields of the IETF draft (draft-ietf-httpapi-ratelimit-headers) for each window, with seconds to the reset.
pub(crate) fn put(headers: &mut HeaderMap, limits: &Limits, now: Timestamp) {
    if let Some(minute) = limits.minute {
        set(headers, "x-ratelimit-limit", &minute.limit.to_string());
        set(
            headers,
            "x-ratelimit-remaining",
            &minute.remaining.to_string(),
        );
        set(
            headers,
            "x-ratelimit-reset",
            &minute.reset.as_second().to_string(),
        );
    }
    let windows = [
        ("minute", limits.minute, ";w=60"),
        ("month", limits.month, ""),
    ];
    let mut policy = String::new();
    let mut state = String::new();
    for (name, window, width) in windows
        .into_iter()
        .filter_map(|(name, window, width)| Some((name, window?, width)))
    {
        let WindowLimit {
            limit, remaining, ..
        } = window;
        let comma = if policy.is_empty() { "" } else { ", " };
        let _ = write!(policy, "{comma}\"{name}\";q={limit}{width}");
        let _ = write!(
            state,
            "{comma}\"{name}\";r={remaining};t={}",
            window.seconds_left(now)
        );
    }
    if !policy.is_empty() {
        set(headers, "ratelimit-policy", &policy);
        set(headers, "ratelimit", &state);
    }
}

/// Adds the minute's limit to a response as one field, `RateLimit: limit=60, remaining=59, reset=42`, with seconds to the
/// reset (draft-ietf-httpapi-ratelimit-headers-06).
pub(crate) fn put_as_one_field(headers: &mut HeaderMap, limits: &Limits, now: Timestamp) {
    let Some(minute) = limits.minute else {
        return;
    };
    let WindowLimit {
        limit, remaining, ..
    } = minute;
    let reset = minute.seconds_left(now);
    let value = format!("limit={limit}, remaining={remaining}, reset={reset}");
    set(headers, "ratelimit", &value);
}

/// Sets a header to text that is known to be valid in one.
pub(crate) fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
