use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use types::Timestamp;

use crate::source_error::SourceError;

/// The SEC takes 10 requests a second: <https://www.sec.gov/about/webmaster-frequently-asked-questions>.
const SEC_GAP: Duration = Duration::from_millis(110);
/// Between two requests to any other host.
const GAP: Duration = Duration::from_millis(20);
/// The most hosts whose pace is kept in memory.
const HOSTS: usize = 1_000;

/// When the next request to each host may be sent.
#[derive(Debug, Default)]
pub(crate) struct Paces(Mutex<HashMap<String, Pace>>);

#[derive(Clone, Copy, Debug)]
struct Pace {
    next: Instant,
    /// In seconds since 1970. By the clock and not by an [`Instant`], which stands still while an instance is frozen.
    blocked_until: i64,
}

impl Paces {
    /// Reserves the next request to a host, and returns when it may be sent.
    pub(crate) fn reserve(
        &self,
        host: &str,
        at: Instant,
        now: Timestamp,
    ) -> Result<Instant, SourceError> {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if paces.len() >= HOSTS && !paces.contains_key(host) {
            make_room(&mut paces, at, now);
        }
        let pace = paces.entry(host.to_owned()).or_insert(Pace {
            next: at,
            blocked_until: 0,
        });
        let blocked_for = pace.blocked_until - now.as_second();
        if blocked_for > 0 {
            return Err(SourceError::RateLimited {
                seconds: blocked_for,
            });
        }
        let at = pace.next.max(at);
        pace.next = at + if host == "sec.gov" { SEC_GAP } else { GAP };
        Ok(at)
    }

    /// Sends no request to a host for so many seconds.
    pub(crate) fn block(&self, host: &str, seconds: i64, now: Timestamp) {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pace) = paces.get_mut(host) {
            let until = now.as_second().saturating_add(seconds);
            pace.blocked_until = pace.blocked_until.max(until);
        }
    }
}

/// Forgets the hosts that may be asked at once, or else the one that may be asked first.
fn make_room(paces: &mut HashMap<String, Pace>, at: Instant, now: Timestamp) {
    paces.retain(|_, pace| pace.next > at || pace.blocked_until > now.as_second());
    if paces.len() >= HOSTS {
        let first = paces.iter().min_by_key(|(_, pace)| pace.blocked_until);
        if let Some(first) = first.map(|(host, _)| host.clone()) {
            paces.remove(&first);
        }
    }
}

/// The name that a host's requests are counted under: the SEC counts those to all its hosts together.
pub(crate) fn rate_limit_key(host: &str) -> &str {
    if host.ends_with(".sec.gov") {
        "sec.gov"
    } else {
        host
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn the_sec_gets_at_most_ten_requests_a_second() {
        let (paces, began, now) = (Paces::default(), Instant::now(), at(1_000));
        let hosts = ["www.sec.gov", "data.sec.gov"].into_iter().cycle();
        let times: Vec<Instant> = hosts
            .take(30)
            .map(|host| paces.reserve(rate_limit_key(host), began, now).unwrap())
            .collect();
        assert_eq!(times[0], began);
        assert!(
            times
                .windows(11)
                .all(|ten| ten[10] - ten[0] > Duration::from_secs(1))
        );
        assert_eq!(
            paces.reserve("dns.google", began, now),
            Ok(began),
            "another host does not wait for it"
        );
    }

    #[tokio::test]
    async fn a_host_that_limits_gets_no_requests_for_as_long_as_it_says() {
        let (paces, began) = (Paces::default(), Instant::now());
        paces.reserve("a", began, at(1_000)).unwrap();
        paces.block("a", 7_200, at(1_000));
        paces.block("a", 30, at(1_000));
        assert_eq!(
            paces.reserve("a", began, at(1_000)),
            Err(SourceError::RateLimited { seconds: 7_200 })
        );
        assert_eq!(
            paces.reserve("a", began, at(8_199)),
            Err(SourceError::RateLimited { seconds: 1 })
        );
        assert!(paces.reserve("a", began, at(8_200)).is_ok());
    }

    #[tokio::test]
    async fn the_hosts_in_memory_are_bounded() {
        let (paces, began, now) = (Paces::default(), Instant::now(), at(1_000));
        for host in 0..2 * HOSTS {
            let host = host.to_string();
            paces.reserve(&host, began, now).unwrap();
            paces.block(&host, 86_400 - i64::try_from(host.len()).unwrap(), now);
        }
        assert_eq!(paces.0.lock().unwrap().len(), HOSTS);
    }
}
