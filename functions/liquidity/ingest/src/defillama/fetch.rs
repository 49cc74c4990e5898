use std::collections::BTreeMap;
use std::time::Duration;

use collect::{Fetched, SourceError, Validators};
use jiff::SignedDuration;
use liquidity_store::{Description, ProtocolSource, Stated};
use runtime::Failure;
use types::{Timestamp, whole_second};

use super::history::history;
use super::list::{List, list};
use super::plan::aum;
use super::refresher::{NAME, ProtocolRefresher};
use super::yields::yields;

/// The documents, by the name that their entity tags are kept under.
pub(super) const LIST: (&str, &str) = ("protocols", "https://api.llama.fi/protocols");
pub(super) const POOLS: (&str, &str) = ("pools", "https://yields.llama.fi/pools");
/// What `/protocol/{slug}` is appended to.
const DETAILS: &str = "https://api.llama.fi/protocol/";
/// Of one response: the time until its last byte, and its size. The list has some 10 MB.
pub(super) const FETCH: Duration = Duration::from_mins(1);
pub(super) const MOST_BYTES: usize = 32 << 20;

/// A document that has changed.
pub(super) struct Document<T> {
    pub(super) content: T,
    pub(super) etag: Option<String>,
}

/// What was fetched of the two documents; of each none if it has not changed.
pub(super) struct Answer {
    pub(super) list: Option<Document<List>>,
    pub(super) pools: Option<Document<BTreeMap<String, f64>>>,
}

impl ProtocolRefresher {
    /// Both documents. The list is needed; without the pools, what the list says is recorded all the same before the run fails.
    pub(super) async fn fetch(
        &self,
        source: &ProtocolSource,
    ) -> Result<(Answer, Option<Failure>), Failure> {
        let list = self.document(LIST, source, list).await?;
        let (pools, failure) = match self.document(POOLS, source, yields).await {
            Ok(pools) => (pools, None),
            Err(failure) => (None, Some(failure)),
        };
        Ok((Answer { list, pools }, failure))
    }

    async fn document<T>(
        &self,
        (name, url): (&str, &str),
        source: &ProtocolSource,
        read: impl Fn(&[u8]) -> Result<T, serde_json::Error>,
    ) -> Result<Option<Document<T>>, Failure> {
        // What was begun needs the document again, changed or not.
        let etag = source.etags.get(name).filter(|_| source.begun.is_empty());
        let known = Validators {
            etag: etag.cloned(),
            last_modified: None,
        };
        match self.get(url, &known).await {
            Ok(Fetched::Unchanged) => Ok(None),
            Ok(Fetched::Page(reply)) => {
                let content = read(&reply.body).map_err(|error| format!("{url}: {error}"))?;
                let etag = Validators::of(&reply).etag;
                Ok(Some(Document { content, etag }))
            }
            Ok(Fetched::Absent) => Err(format!("{url}: there is no such document").into()),
            Err(error) => Err(self.refused(url, error).await),
        }
    }

    async fn get(&self, url: &str, known: &Validators) -> Result<Fetched, SourceError> {
        let web = self.web.at(self.clock.now());
        web.get_if_changed(url, known).await
    }

    /// Remembers a pause that the source asked for, and returns why the run fails.
    async fn refused(&self, url: &str, error: SourceError) -> Failure {
        if let SourceError::RateLimited { seconds } = error {
            let until = whole_second(self.clock.now()) + SignedDuration::from_secs(seconds);
            let pause = |source: &mut ProtocolSource| {
                source.paused_until = source.paused_until.max(Some(until));
            };
            if let Err(error) = self.protocols.change_source(NAME, pause).await {
                return error.into();
            }
        }
        format!("{url}: {error}").into()
    }

    /// A protocol's past. One that is absent, or cannot be read, is left out: it would never become better.
    pub(super) async fn history(
        &self,
        foreign: &str,
        at: Timestamp,
    ) -> Result<Vec<Stated>, Failure> {
        let url = format!("{DETAILS}{foreign}");
        let points = match self.get(&url, &Validators::default()).await {
            Ok(Fetched::Page(reply)) => {
                history(&reply.body, at).map_err(|_| SourceError::Malformed)
            }
            Ok(Fetched::Absent | Fetched::Unchanged) => Ok(Vec::new()),
            Err(error) => Err(error),
        };
        let points = match points {
            Ok(points) => points,
            Err(error @ (SourceError::TooLarge | SourceError::Malformed)) => {
                tracing::warn!(slug = foreign, %error, "a protocol is created without its history");
                Vec::new()
            }
            Err(error) => return Err(self.refused(&url, error).await),
        };
        let stated = points.into_iter().map(|(at, usd)| Stated {
            description: Description::default(),
            statement: aum(at, Some(usd)),
        });
        Ok(stated.collect())
    }
}
