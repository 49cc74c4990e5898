use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

/// The longest wait between two attempts that nobody has asked for, in seconds.
const LONGEST_PAUSE: u64 = 30;
/// The longest wait that the API may ask for, in seconds. It is longer if the calls of the month are used up.
const LONGEST_WAIT: u64 = 600;

/// Why a call of the API has failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum FailedCall {
    /// It fails however often it is sent.
    #[error("{why}")]
    Refused {
        /// The status, if there was a response.
        status: Option<StatusCode>,
        /// For whoever reads it.
        why: String,
    },
    /// It may succeed later.
    #[error("{why}")]
    Passing {
        /// For whoever reads it.
        why: String,
        /// Seconds that the API asks to wait.
        wait: Option<u64>,
    },
}

impl FailedCall {
    /// What a response other than 2xx says.
    pub(super) fn of(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let why = match message(body) {
            Some(message) => format!("the API returned {}: {message}", status.as_u16()),
            None => format!("the API returned {}", status.as_u16()),
        };
        let wait = headers.get(RETRY_AFTER).and_then(|text| text.to_str().ok());
        let wait = wait.and_then(|text| text.parse().ok());
        let passes = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
        if passes && wait.is_none_or(|wait| wait <= LONGEST_WAIT) {
            return Self::Passing { why, wait };
        }
        Self::Refused {
            status: Some(status),
            why,
        }
    }
}

/// How long to wait after this many failures in a row: twice as long each time, and as long as was asked for.
pub(super) fn pause(failures: u32, asked: Option<u64>) -> Duration {
    let doubled = 1_u64.checked_shl(failures.saturating_sub(1));
    let own = doubled.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
    Duration::from_secs(own.max(asked.unwrap_or(0)))
}

/// The message of an error of ours, or of the gateway's.
fn message(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let message = body.pointer("/error/message").or(body.get("message"))?;
    Some(message.as_str()?.replace(char::is_control, " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(status: u16, wait: Option<&'static str>, body: &str) -> FailedCall {
        let mut headers = HeaderMap::new();
        headers.extend(wait.map(|wait| (RETRY_AFTER, wait.parse().unwrap())));
        let status = StatusCode::from_u16(status).unwrap();
        FailedCall::of(status, &headers, body.as_bytes())
    }

    #[test]
    fn what_passes_is_tried_again() {
        for (status, wait, asked) in [
            (429, Some("600"), Some(600)),
            (429, None, None),
            (503, Some("1"), Some(1)),
            (500, Some("soon"), None),
            (502, None, None),
        ] {
            let FailedCall::Passing { wait, .. } = failed(status, wait, "") else {
                panic!("{status} is final")
            };
            assert_eq!(wait, asked, "{status}");
        }
        // Above all the calls of a month, until the next.
        for (status, wait) in [
            (429, Some("601")),
            (401, None),
            (402, None),
            (403, Some("1")),
            (404, None),
            (301, None),
        ] {
            let failed = failed(status, wait, "");
            assert!(matches!(failed, FailedCall::Refused { .. }), "{status}");
        }
    }

    #[test]
    fn the_message_is_shown() {
        let ours = r#"{"error":{"code":"FORBIDDEN","message":"not\u001b[2J this"}}"#;
        let shown = failed(403, None, ours).to_string();
        assert_eq!(shown, "the API returned 403: not [2J this");
        let gateway = failed(404, None, r#"{"message":"Not Found"}"#).to_string();
        assert_eq!(gateway, "the API returned 404: Not Found");
        assert_eq!(
            failed(502, None, "<html>").to_string(),
            "the API returned 502"
        );
    }

    #[test]
    fn pauses_double_up_to_30_seconds_or_what_is_asked_for() {
        let seconds = |failures| pause(failures, None).as_secs();
        assert_eq!([1, 2, 3, 5, 6, 70].map(seconds), [1, 2, 4, 16, 30, 30]);
        assert_eq!(pause(1, Some(40)).as_secs(), 40);
        assert_eq!(pause(4, Some(1)).as_secs(), 8);
    }
}
