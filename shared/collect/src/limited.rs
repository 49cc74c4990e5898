//! Whether a response limits our requests, and for how long.

use std::time::UNIX_EPOCH;

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use outbound::OutboundResponse;
use types::Timestamp;

/// How long no request is sent to a host that limits us and does not say for how long, in seconds. The SEC's block lasts ten
/// minutes, GitHub asks for one at least.
const UNSAID: i64 = 600;
/// The longest wait that is kept, in seconds: a source is asked once a day anyway.
const LONGEST: i64 = 24 * 3600;
/// From this number on, a reset is a time in seconds since 1970, and not a number of seconds.
const EPOCH: i64 = 1_000_000_000;
/// The most bytes of an error's text that are searched.
const MOST_TEXT: usize = 2_000;

/// The requests that are left, and when there are more: as GitHub and others send it, and by the IETF's draft.
const COUNTERS: [(&str, &str); 2] = [
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ("ratelimit-remaining", "ratelimit-reset"),
];

/// Returns for how many seconds a host that refused a request is to be left alone, 1 to 86,400; none if it does not limit our
/// requests. Besides 429 that is 403 as GitHub and the SEC send it, and 503 with a `Retry-After` (RFC 9110, 15.6.4).
pub(crate) fn wait(host: &str, reply: &OutboundResponse, now: Timestamp) -> Option<i64> {
    let headers = &reply.headers;
    let says = retry_after(headers, now).or_else(|| used_up(headers, now));
    let is_limit = match reply.status {
        StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::FORBIDDEN => {
            says.is_some()
                || host == "sec.gov"
                || headers.contains_key(RETRY_AFTER)
                || remaining(headers).is_some()
                || mentions_limit(&reply.body)
        }
        StatusCode::SERVICE_UNAVAILABLE => headers.contains_key(RETRY_AFTER),
        _ => false,
    };
    is_limit.then(|| says.unwrap_or(UNSAID))
}

/// Returns for how many seconds there are no more requests, 1 to 86,400, if the response says that it was the last one.
pub(crate) fn used_up(headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    let reset = remaining(headers)?;
    let reset = number(headers, reset)?;
    Some(bounded(if reset >= EPOCH {
        reset.saturating_sub(now.as_second())
    } else {
        reset
    }))
}

/// The name of the header with the reset, if no requests are left.
fn remaining(headers: &HeaderMap) -> Option<&'static str> {
    COUNTERS
        .iter()
        .find(|(left, _)| number(headers, left) == Some(0))
        .map(|(_, reset)| *reset)
}

/// `Retry-After`: a number of seconds, or a date in any of the three formats of HTTP (RFC 9110, 10.2.3 and 5.6.7).
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    if let Some(seconds) = number(headers, RETRY_AFTER.as_str()) {
        return Some(bounded(seconds));
    }
    let date = httpdate::parse_http_date(text(headers, RETRY_AFTER.as_str())?).ok()?;
    let date = date.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let date = i64::try_from(date).unwrap_or(i64::MAX);
    Some(bounded(date.saturating_sub(now.as_second())))
}

fn bounded(seconds: i64) -> i64 {
    seconds.clamp(1, LONGEST)
}

/// A header of digits alone; one that is too large for the type is the largest.
fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    let text = text(headers, name)?;
    let is_number = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(i64::MAX))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// GitHub's secondary limit may say so in the body alone: “You have exceeded a secondary rate limit”.
fn mentions_limit(body: &[u8]) -> bool {
    let start = body.get(..MOST_TEXT).unwrap_or(body);
    String::from_utf8_lossy(start)
        .to_lowercase()
        .contains("rate limit")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    const HOUR: i64 = 3600;

    #[track_caller]
    fn check(host: &str, status: u16, headers: &[(&str, &str)], body: &str, expected: Option<i64>) {
        let now: Timestamp = "2026-11-15T12:00:00Z".parse().unwrap();
        let pair = |(name, value): &(&str, &str)| {
            let name: HeaderName = name.parse().unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        };
        let reply = OutboundResponse {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers.iter().map(pair).collect(),
            body: body.to_owned().into(),
            url: outbound::Url::parse("https://example.com/").unwrap(),
        };
        assert_eq!(
            wait(host, &reply, now),
            expected,
            "{status} {headers:?} {body}"
        );
    }

    #[test]
    fn a_403_is_a_limit_if_it_says_so() {
        let github = "api.github.com";
        let secondary = r#"{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}"#;
        check(github, 403, &[("retry-after", "60")], secondary, Some(60));
        check(github, 403, &[("retry-after", "60")], "{}", Some(60));
        check(github, 403, &[], secondary, Some(600));
        let left = ("x-ratelimit-remaining", "0");
        check(
            github,
            403,
            &[left, ("x-ratelimit-reset", "1794747600")],
            "",
            Some(HOUR),
        );
        check(github, 403, &[left], "", Some(600));
        check(
            github,
            403,
            &[left, ("x-ratelimit-reset", "soon")],
            "",
            Some(600),
        );
        check(
            "other.example",
            403,
            &[("ratelimit-remaining", "0"), ("ratelimit-reset", "90")],
            "",
            Some(90),
        );
        check("sec.gov", 403, &[], "Undeclared Automated Tool", Some(600));
        check(
            github,
            403,
            &[("retry-after", "30"), left, ("x-ratelimit-reset", "9")],
            "",
            Some(30),
        );

        check("acme.com", 403, &[], "Forbidden", None);
        check(
            github,
            403,
            &[("x-ratelimit-remaining", "59"), ("x-ratelimit-reset", "9")],
            r#"{"message":"Resource not accessible"}"#,
            None,
        );
        check("acme.com", 401, &[("retry-after", "60")], "", None);
    }

    #[test]
    fn a_wait_is_kept_in_seconds_and_as_a_date() {
        let waits = [
            ("30", 30),
            (" 30 ", 30),
            ("7200", 2 * HOUR),
            ("21600", 6 * HOUR),
            ("86400", 24 * HOUR),
            ("86401", 24 * HOUR),
            ("99999999999999999999999", 24 * HOUR),
            ("0", 1),
            ("Sun, 15 Nov 2026 15:00:00 GMT", 3 * HOUR),
            ("Sunday, 15-Nov-26 15:00:00 GMT", 3 * HOUR),
            ("Sun Nov 15 15:00:00 2026", 3 * HOUR),
            ("Sun, 15 Nov 2026 11:00:00 GMT", 1),
            ("Thu, 31 Dec 2099 23:59:59 GMT", 24 * HOUR),
            ("-5", 600),
            ("1.5", 600),
            ("later", 600),
            ("", 600),
        ];
        for (text, seconds) in waits {
            for status in [429, 403, 503] {
                check(
                    "acme.com",
                    status,
                    &[("retry-after", text)],
                    "",
                    Some(seconds),
                );
            }
        }
        check("acme.com", 429, &[], "", Some(600));
        check("acme.com", 503, &[], "", None);
        check("acme.com", 500, &[("retry-after", "60")], "", None);
    }
}
