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

use crate::source_error::SourceError;

/// Limits of one request. A collector's requests together have a time limit of their own.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(8),
    body: 4 << 20,
    redirects: 3,
};
/// The SEC takes 10 requests a second: <https://www.sec.gov/about/webmaster-frequently-asked-questions>.
const SEC_GAP: Duration = Duration::from_millis(110);
/// Between two requests to any other host.
const GAP: Duration = Duration::from_millis(20);
/// How long no request is sent to a host that limits us, unless it says otherwise. The SEC's block lasts ten minutes.
const BLOCK: Duration = Duration::from_mins(10);
/// The longest validator that is stored, in bytes.
const LONGEST_VALIDATOR: usize = 200;
/// The most hosts whose pace is kept in memory.
const HOSTS: usize = 1_000;

/// The validators of a response, for a conditional request: RFC 9110, 13.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Validators {
    /// The entity tag.
    pub(crate) etag: Option<String>,
    /// The date of the last change, as the source sent it.
    pub(crate) last_modified: Option<String>,
}

impl Validators {
    /// Those of a response.
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

/// The result of a request.
#[derive(Debug)]
pub(crate) enum Fetched {
    /// A response.
    Page(Box<OutboundResponse>),
    /// It has not changed since the validators were sent.
    Unchanged,
    /// Nothing exists at this URL.
    Absent,
}

/// The HTTP client of the collectors. It keeps the rate limit of each host.
#[derive(Clone, Debug)]
pub(crate) struct WebClient {
    outbound: Outbound,
    agent: HeaderValue,
    paces: Arc<Mutex<HashMap<String, Pace>>>,
}

/// When the next request to a host may be sent.
#[derive(Clone, Copy, Debug)]
struct Pace {
    next: Instant,
    blocked_until: Instant,
}

impl WebClient {
    /// `contact` is an address for the hosts' operators, sent in the `User-Agent`.
    pub(crate) fn new(outbound: Outbound, contact: Option<&str>) -> Self {
        let agent = match contact {
            Some(contact) => HeaderValue::from_str(&format!("Assay/0.1 ({contact})")),
            None => Ok(HeaderValue::from_static("Assay/0.1")),
        };
        Self {
            outbound,
            agent: agent.unwrap_or(HeaderValue::from_static("Assay/0.1")),
            paces: Arc::default(),
        }
    }

    /// Fetches a URL.
    pub(crate) async fn get(&self, url: &str) -> Result<Fetched, SourceError> {
        self.get_if_changed(url, &Validators::default()).await
    }

    /// Fetches a URL, unless it has not changed since the response that these validators are of.
    pub(crate) async fn get_if_changed(
        &self,
        url: &str,
        known: &Validators,
    ) -> Result<Fetched, SourceError> {
        let url = Url::parse(url).map_err(|_| SourceError::Blocked)?;
        let host = rate_limit_key(url.host_str().unwrap_or_default());
        tokio::time::sleep_until(self.reserve(&host, Instant::now())?).await;
        let mut ask = OutboundRequest::get(url);
        ask.headers = self.headers(known);
        let reply = self.outbound.send(ask, LIMITS).await?;
        match reply.status.as_u16() {
            200 => Ok(Fetched::Page(Box::new(reply))),
            304 => Ok(Fetched::Unchanged),
            404 | 410 => Ok(Fetched::Absent),
            429 => {
                self.block(&host, &reply.headers);
                Err(SourceError::RateLimited)
            }
            403 if limits_by_403(&host, &reply.headers) => {
                self.block(&host, &reply.headers);
                Err(SourceError::RateLimited)
            }
            401 | 403 | 451 => Err(SourceError::Refused),
            _ => Err(SourceError::Failed),
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

    /// Reserves the next request to a host, and returns when it may be sent.
    fn reserve(&self, host: &str, now: Instant) -> Result<Instant, SourceError> {
        let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
        if paces.len() >= HOSTS {
            paces.retain(|_, pace| pace.next > now || pace.blocked_until > now);
        }
        let pace = paces.entry(host.to_owned()).or_insert(Pace {
            next: now,
            blocked_until: now,
        });
        if pace.blocked_until > now {
            return Err(SourceError::RateLimited);
        }
        let at = pace.next.max(now);
        pace.next = at + if host == "sec.gov" { SEC_GAP } else { GAP };
        Ok(at)
    }

    /// Sends no request to a host for as long as its response says.
    fn block(&self, host: &str, headers: &HeaderMap) {
        let value = headers
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok());
        let seconds = value.and_then(|value| value.parse().ok());
        let wait = seconds.map_or(BLOCK, |s| Duration::from_secs(s).min(6 * BLOCK));
        let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pace) = paces.get_mut(host) {
            pace.blocked_until = Instant::now() + wait;
        }
    }
}

/// The name that a host's requests are counted under: the SEC counts those to all its hosts together.
fn rate_limit_key(host: &str) -> String {
    if host.ends_with(".sec.gov") {
        "sec.gov"
    } else {
        host
    }
    .to_owned()
}

/// Whether a 403 means that our requests are limited: the SEC and GitHub return it instead of 429.
fn limits_by_403(host: &str, headers: &HeaderMap) -> bool {
    let left = headers.get("x-ratelimit-remaining");
    host == "sec.gov" || left.is_some_and(|left| left == "0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use outbound::Policy;

    #[test]
    fn the_sec_gets_at_most_ten_requests_a_second() {
        let (web, now) = (
            WebClient::new(Outbound::new(Policy::default()), None),
            Instant::now(),
        );
        let hosts = ["www.sec.gov", "data.sec.gov"].into_iter().cycle();
        let times: Vec<Instant> = hosts
            .take(30)
            .map(|host| web.reserve(&rate_limit_key(host), now).unwrap())
            .collect();
        assert_eq!(times[0], now);
        assert!(
            times
                .windows(11)
                .all(|ten| ten[10] - ten[0] > Duration::from_secs(1))
        );
        assert_eq!(
            web.reserve("dns.google", now),
            Ok(now),
            "another host does not wait for it"
        );
    }

    #[test]
    fn a_host_that_limits_gets_no_requests_for_as_long_as_it_says() {
        let (web, now) = (
            WebClient::new(Outbound::new(Policy::default()), None),
            Instant::now(),
        );
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("30"));
        web.reserve("api.github.com", now).unwrap();
        web.block("api.github.com", &headers);
        assert_eq!(
            web.reserve("api.github.com", now),
            Err(SourceError::RateLimited)
        );
        assert!(
            web.reserve("api.github.com", Instant::now() + Duration::from_secs(31))
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
