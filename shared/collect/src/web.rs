use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::header::{
    ACCEPT, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER,
    USER_AGENT,
};
use http::{HeaderMap, HeaderValue};
use outbound::{Limits, Outbound, OutboundRequest, OutboundResponse, Url};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::Missed;

/// How far a request of a collector may go. The whole run of a source has an end of its own.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(8),
    body: 4 << 20,
    redirects: 3,
};
/// The SEC takes 10 requests a second: <https://www.sec.gov/about/webmaster-frequently-asked-questions>.
const SEC_GAP: Duration = Duration::from_millis(110);
/// Between two requests to any other host.
const GAP: Duration = Duration::from_millis(20);
/// How long a host that limits us is left alone, unless it says otherwise. The SEC's block lasts ten minutes.
const CLOSED: Duration = Duration::from_mins(10);
/// The longest validator that is remembered, in bytes.
const LONGEST_VALIDATOR: usize = 200;
/// Hosts whose turn is remembered.
const HOSTS: usize = 1_000;

/// What shows a source that its last answer is known: RFC 9110, 13.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Validators {
    /// The entity tag.
    pub(crate) etag: Option<String>,
    /// The date of the last change, as the source wrote it.
    pub(crate) last_modified: Option<String>,
}

impl Validators {
    /// Those of an answer.
    pub(crate) fn of(reply: &OutboundResponse) -> Self {
        let text = |name: HeaderName| {
            let value = reply.headers.get(name)?.to_str().ok()?;
            (value.len() <= LONGEST_VALIDATOR).then(|| value.to_owned())
        };
        Self {
            etag: text(ETAG),
            last_modified: text(LAST_MODIFIED),
        }
    }
}

/// What a request brought.
#[derive(Debug)]
pub(crate) enum Fetched {
    /// An answer.
    Page(Box<OutboundResponse>),
    /// The answer that is known.
    Unchanged,
    /// There is nothing of that name.
    Absent,
}

/// The way of the collectors to the internet, at the pace that each host wants.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    outbound: Outbound,
    agent: HeaderValue,
    turns: Arc<Mutex<HashMap<String, Turn>>>,
}

#[derive(Clone, Copy, Debug)]
struct Turn {
    next: Instant,
    closed_until: Instant,
}

impl Web {
    /// A way under this name; `contact` is who the host may write to.
    pub(crate) fn new(outbound: Outbound, contact: Option<&str>) -> Self {
        let agent = match contact {
            Some(contact) => HeaderValue::from_str(&format!("Assay/0.1 ({contact})")),
            None => Ok(HeaderValue::from_static("Assay/0.1")),
        };
        Self {
            outbound,
            agent: agent.unwrap_or(HeaderValue::from_static("Assay/0.1")),
            turns: Arc::default(),
        }
    }

    /// What is at an address.
    pub(crate) async fn get(&self, url: &str) -> Result<Fetched, Missed> {
        self.get_if_changed(url, &Validators::default()).await
    }

    /// What is at an address, if it is not what these validators are of.
    pub(crate) async fn get_if_changed(
        &self,
        url: &str,
        known: &Validators,
    ) -> Result<Fetched, Missed> {
        let url = Url::parse(url).map_err(|_| Missed::Blocked)?;
        let host = turn_of(url.host_str().unwrap_or_default());
        tokio::time::sleep_until(self.turn(&host, Instant::now())?).await;
        let mut ask = OutboundRequest::get(url);
        ask.headers = self.headers(known);
        let reply = self.outbound.send(ask, LIMITS).await?;
        match reply.status.as_u16() {
            200 => Ok(Fetched::Page(Box::new(reply))),
            304 => Ok(Fetched::Unchanged),
            404 | 410 => Ok(Fetched::Absent),
            429 => {
                self.close(&host, &reply.headers);
                Err(Missed::RateLimited)
            }
            403 if limits_by_403(&host, &reply.headers) => {
                self.close(&host, &reply.headers);
                Err(Missed::RateLimited)
            }
            401 | 403 | 451 => Err(Missed::Refused),
            _ => Err(Missed::Failed),
        }
    }

    fn headers(&self, known: &Validators) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, self.agent.clone());
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        let validators = [
            (IF_NONE_MATCH, &known.etag),
            (IF_MODIFIED_SINCE, &known.last_modified),
        ];
        for (name, value) in validators {
            if let Some(value) = value.as_deref().and_then(|v| HeaderValue::from_str(v).ok()) {
                headers.insert(name, value);
            }
        }
        headers
    }

    /// When a request to a host may be sent.
    fn turn(&self, host: &str, now: Instant) -> Result<Instant, Missed> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() >= HOSTS {
            turns.retain(|_, turn| turn.next > now || turn.closed_until > now);
        }
        let turn = turns.entry(host.to_owned()).or_insert(Turn {
            next: now,
            closed_until: now,
        });
        if turn.closed_until > now {
            return Err(Missed::RateLimited);
        }
        let at = turn.next.max(now);
        turn.next = at + if host == "sec.gov" { SEC_GAP } else { GAP };
        Ok(at)
    }

    /// Leaves a host alone for as long as it says.
    fn close(&self, host: &str, headers: &HeaderMap) {
        let said = headers
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok());
        let seconds = said.and_then(|value| value.parse().ok());
        let wait = seconds.map_or(CLOSED, |s| Duration::from_secs(s).min(6 * CLOSED));
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = turns.get_mut(host) {
            turn.closed_until = Instant::now() + wait;
        }
    }
}

/// Whose pace a host keeps: both of the SEC's count together.
fn turn_of(host: &str) -> String {
    if host.ends_with(".sec.gov") {
        "sec.gov"
    } else {
        host
    }
    .to_owned()
}

/// The SEC and GitHub say with 403 what others say with 429.
fn limits_by_403(host: &str, headers: &HeaderMap) -> bool {
    let left = headers.get("x-ratelimit-remaining");
    host == "sec.gov" || left.is_some_and(|left| left == "0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use outbound::Policy;

    #[test]
    fn the_sec_is_asked_at_most_ten_times_a_second() {
        let (web, now) = (
            Web::new(Outbound::new(Policy::default()), None),
            Instant::now(),
        );
        let hosts = ["www.sec.gov", "data.sec.gov"].into_iter().cycle();
        let turns: Vec<Instant> = hosts
            .take(30)
            .map(|host| web.turn(&turn_of(host), now).unwrap())
            .collect();
        assert_eq!(turns[0], now);
        assert!(
            turns
                .windows(11)
                .all(|ten| ten[10] - ten[0] > Duration::from_secs(1))
        );
        assert_eq!(
            web.turn("dns.google", now),
            Ok(now),
            "another host does not wait for it"
        );
    }

    #[test]
    fn a_host_that_limits_is_left_alone_for_as_long_as_it_says() {
        let (web, now) = (
            Web::new(Outbound::new(Policy::default()), None),
            Instant::now(),
        );
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("30"));
        web.turn("api.github.com", now).unwrap();
        web.close("api.github.com", &headers);
        assert_eq!(web.turn("api.github.com", now), Err(Missed::RateLimited));
        assert!(
            web.turn("api.github.com", Instant::now() + Duration::from_secs(31))
                .is_ok()
        );
        headers.insert("x-ratelimit-remaining", HeaderValue::from_static("0"));
        assert!(
            limits_by_403("api.github.com", &headers)
                && limits_by_403("sec.gov", &HeaderMap::new())
        );
        assert!(!limits_by_403("acme.com", &HeaderMap::new()));
    }
}
