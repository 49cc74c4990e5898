use futures::future::BoxFuture;
use intent::Signal;
use serde::Serialize;
use types::Timestamp;

use crate::company::Company;
use crate::found::{Found, Previous};
use crate::site_pages::SitePages;
use crate::source::Source;
use crate::source_error::SourceError;
use crate::web::{Fetched, Validators, WebClient};

/// What a collector works with in one collection of one company.
pub(crate) struct CollectContext<'a> {
    pub(crate) company: &'a Company,
    pub(crate) previous: &'a Previous,
    pub(crate) now: Timestamp,
    pub(crate) web: &'a WebClient,
    /// The company's pages: several collectors read them, but they are fetched once.
    pub(crate) site: &'a SitePages,
}

impl CollectContext<'_> {
    /// Fetches a page that is due once a day, and reads it if it has changed since; `memory` is stored for the next fetch.
    pub(crate) async fn daily(
        &self,
        url: &str,
        memory: &(impl Serialize + Sync),
        read: impl FnOnce(&[u8]) -> Result<Vec<Signal>, SourceError> + Send,
    ) -> Result<Found, SourceError> {
        let validators = &self.previous.validators;
        match self.web.get_if_changed(url, validators).await? {
            Fetched::Absent => Ok(Found::nothing()),
            Fetched::Unchanged => Ok(Found::unchanged(self.previous)),
            Fetched::Page(reply) => {
                let found = Found::daily(read(&reply.body)?).validated(Validators::of(&reply));
                found.remembering(memory)
            }
        }
    }
}

/// Collects from one public source.
///
/// Responses are parsed by pure functions: the same response gives the same signals at any time, so that collecting again
/// writes nothing.
pub(crate) trait Collector: Send + Sync {
    /// The source that it collects from.
    fn source(&self) -> Source;

    /// Returns what the source says about a company.
    fn collect<'a>(
        &'a self,
        context: &'a CollectContext<'a>,
    ) -> BoxFuture<'a, Result<Found, SourceError>>;
}
