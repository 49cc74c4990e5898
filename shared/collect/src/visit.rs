use futures::future::BoxFuture;
use types::Timestamp;

use crate::site_pages::SitePages;
use crate::web::Web;
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
