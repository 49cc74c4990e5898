use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use config::Env;
use http::header::{
    ACCEPT, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, USER_AGENT,
};
use http::{HeaderMap, HeaderValue};
use outbound::{Limits, Outbound, OutboundRequest, OutboundResponse, Policy, PolicyError, Url};
use robotxt::Robots;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use types::Timestamp;

use crate::limited;
use crate::pace::{Paces, rate_limit_key};
use crate::robots::{AGENT, RobotsCache, parse};
use crate::source_error::SourceError;

/// Limits of one request. A collector's requests together have a time limit of their own. Redirects are followed here, since
/// each of them has a rate limit and a robots.txt of its own.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(8),
    body: 4 << 20,
    cut: false,
    redirects: 0,
};
/// The most redirects that are followed.
const REDIRECTS: usize = 3;
/// The most redirects that are followed to a robots.txt: at least as many by RFC 9309, 2.3.1.2.
const ROBOTS_REDIRECTS: usize = 5;
/// The longest validator that is stored, in bytes.
const LONGEST_VALIDATOR: usize = 200;

/// The validators of a response, for a conditional request: RFC 9110, 13.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// The entity tag.
    pub etag: Option<String>,
    /// The date of the last change, as the source sent it.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Those of a response; one that is longer than 200 bytes is left out.
    pub fn of(reply: &OutboundResponse) -> Self {
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
pub enum Fetched {
    /// A response.
    Page(Box<OutboundResponse>),
    /// It has not changed since the validators were sent.
    Unchanged,
    /// Nothing exists at this URL.
    Absent,
}

/// Whether a URL is one that a program is meant to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// An endpoint that its operator documents for programs, with limits of its own.
    Api,
    /// A page of a site, which is fetched if its robots.txt allows it: docs/decisions/0030.
    Page,
}

/// The HTTP client of the collectors. It keeps the rate limit of each host, and the robots.txt of each site. Clones share them.
#[derive(Clone)]
pub struct WebClient {
    outbound: Outbound,
    limits: Limits,
    agent: HeaderValue,
    shared: Arc<Shared>,
    /// When the collection began.
    now: Timestamp,
}

#[derive(Default)]
struct Shared {
    paces: Paces,
    robots: RobotsCache,
}

impl WebClient {
    /// `contact` is an address for the hosts' operators, sent in the `User-Agent`.
    pub(crate) fn new(outbound: Outbound, contact: Option<&str>) -> Self {
        let version = format!("{AGENT}/0.1");
        let named = contact.map(|contact| format!("{version} ({contact})"));
        let agent = named.and_then(|named| HeaderValue::from_str(&named).ok());
        let agent = agent.or_else(|| HeaderValue::from_str(&version).ok());
        Self {
            outbound,
            limits: LIMITS,
            agent: agent.unwrap_or(HeaderValue::from_static(AGENT)),
            shared: Arc::default(),
            now: Timestamp::UNIX_EPOCH,
        }
    }

    /// From `COLLECTOR_CONTACT`, `COLLECTOR_BASE_URL` and `OUTBOUND_ALLOWED_ORIGINS`.
    pub fn from_env(env: &Env) -> Result<Self, PolicyError> {
        let policy = Policy::from_env(env, "COLLECTOR_BASE_URL")?;
        let contact = env.optional("COLLECTOR_CONTACT");
        Ok(Self::new(Outbound::new(policy), contact.as_deref()))
    }

    /// The same client with other limits on the time and the size of each response.
    #[must_use]
    pub fn limited(self, time: Duration, body: usize) -> Self {
        let limits = Limits {
            time,
            body,
            ..self.limits
        };
        Self { limits, ..self }
    }

    /// The client in a collection that begins now.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Self {
        Self {
            now,
            ..self.clone()
        }
    }

    /// Fetches an API's URL.
    ///
    /// # Errors
    /// As [`WebClient::get_if_changed`].
    pub async fn get(&self, url: &str) -> Result<Fetched, SourceError> {
        self.get_if_changed(url, &Validators::default()).await
    }

    /// Fetches an API's URL, unless it has not changed since the response that these validators are of.
    ///
    /// # Errors
    /// [`SourceError::RateLimited`] if the host limits us, also for as long as it has asked for; others if there is no response that can
    /// be read.
    pub async fn get_if_changed(
        &self,
        url: &str,
        known: &Validators,
    ) -> Result<Fetched, SourceError> {
        self.follow(url, known, Access::Api).await
    }

    /// Fetches a page of a site: [`SourceError::Refused`] if its robots.txt does not allow it.
    pub(crate) async fn page(&self, url: &str) -> Result<Fetched, SourceError> {
        self.page_if_changed(url, &Validators::default()).await
    }

    /// Fetches a page as [`WebClient::page`], unless it has not changed since the response that these validators are of.
    pub(crate) async fn page_if_changed(
        &self,
        url: &str,
        known: &Validators,
    ) -> Result<Fetched, SourceError> {
        self.follow(url, known, Access::Page).await
    }

    async fn follow(
        &self,
        url: &str,
        known: &Validators,
        access: Access,
    ) -> Result<Fetched, SourceError> {
        let mut url = Url::parse(url).map_err(|_| SourceError::Blocked)?;
        for _ in 0..=REDIRECTS {
            if access == Access::Page {
                self.ask_robots(&url).await?;
            }
            let reply = self.exchange(&url, known).await?;
            match reply.redirect() {
                Some(next) => url = next,
                None => return fetched(reply),
            }
        }
        Err(SourceError::Failed)
    }

    /// Sends one request, when the pace of its host allows it.
    async fn exchange(
        &self,
        url: &Url,
        known: &Validators,
    ) -> Result<OutboundResponse, SourceError> {
        let host = rate_limit_key(url.host_str().unwrap_or_default());
        let paces = &self.shared.paces;
        tokio::time::sleep_until(paces.reserve(host, Instant::now(), self.now)?).await;
        let mut ask = OutboundRequest::get(url.clone());
        ask.headers = self.headers(known);
        // Boxed, since every collector's future contains it several times.
        let reply = Box::pin(self.outbound.send(ask, self.limits)).await?;
        if let Some(seconds) = limited::wait(host, &reply, self.now) {
            paces.block(host, seconds, self.now);
            return Err(SourceError::RateLimited { seconds });
        }
        if let Some(seconds) = limited::used_up(&reply.headers, self.now) {
            paces.block(host, seconds, self.now);
        }
        Ok(reply)
    }

    async fn ask_robots(&self, page: &Url) -> Result<(), SourceError> {
        let robots = self.shared.robots.allows(page, self.now, self.robots(page));
        if robots.await? {
            Ok(())
        } else {
            Err(SourceError::Refused)
        }
    }

    /// Fetches the robots.txt of a page's site. Without one, or if it is refused, everything is allowed; if the site cannot be
    /// reached or fails, nothing is: RFC 9309, 2.3.1.
    async fn robots(&self, page: &Url) -> Result<Robots, SourceError> {
        let mut url = robotxt::robots_url(page).map_err(|_| SourceError::Blocked)?;
        for _ in 0..=ROBOTS_REDIRECTS {
            let reply = self.exchange(&url, &Validators::default()).await?;
            if let Some(next) = reply.redirect() {
                url = next;
                continue;
            }
            return match reply.status.as_u16() {
                200 => Ok(parse(&reply.body)),
                201..=299 | 400..=499 => Ok(Robots::allow_all()),
                _ => Err(SourceError::Failed),
            };
        }
        Ok(Robots::allow_all())
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
}

fn fetched(reply: OutboundResponse) -> Result<Fetched, SourceError> {
    match reply.status.as_u16() {
        200 => Ok(Fetched::Page(Box::new(reply))),
        304 => Ok(Fetched::Unchanged),
        404 | 410 => Ok(Fetched::Absent),
        401 | 403 | 451 => Err(SourceError::Refused),
        _ => Err(SourceError::Failed),
    }
}

impl fmt::Debug for WebClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WebClient").field(&self.outbound).finish()
    }
}

#[cfg(test)]
mod tests;
