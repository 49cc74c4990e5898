use futures::future::BoxFuture;
use intent::Signal;
use serde::Serialize;
use types::Timestamp;

use crate::site_pages::SitePages;
use crate::web::{Fetched, Validators, Web};
use crate::{Company, Found, Kept, Missed, Source};

/// One look at one company.
pub(crate) struct Visit<'a> {
    pub(crate) company: &'a Company,
    pub(crate) kept: &'a Kept,
    pub(crate) now: Timestamp,
    pub(crate) web: &'a Web,
    /// Its pages, which several collectors read and one fetches.
    pub(crate) site: &'a SitePages,
}

impl Visit<'_> {
    /// What a page says that is looked at once a day, if it has changed since; `memory` is kept for the next look.
    pub(crate) async fn daily(
        &self,
        url: &str,
        memory: &(impl Serialize + Sync),
        read: impl FnOnce(&[u8]) -> Result<Vec<Signal>, Missed> + Send,
    ) -> Result<Found, Missed> {
        match self.web.get_if_changed(url, &self.kept.validators).await? {
            Fetched::Absent => Ok(Found::nothing()),
            Fetched::Unchanged => Ok(Found::unchanged(self.kept)),
            Fetched::Page(reply) => {
                let found = Found::daily(read(&reply.body)?).validated(Validators::of(&reply));
                found.remembering(memory)
            }
        }
    }
}

/// Reads one public source.
///
/// What an answer means is in pure functions beside it: the same answer gives the same signals, whenever it comes, so that
/// to collect again writes nothing.
pub(crate) trait Collector: Send + Sync {
    /// Which source it reads.
    fn source(&self) -> Source;

    /// What the source says of a company.
    fn collect<'a>(&'a self, visit: &'a Visit<'a>) -> BoxFuture<'a, Result<Found, Missed>>;
}
