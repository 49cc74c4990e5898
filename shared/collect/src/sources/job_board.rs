//! The company's board at one of the providers in `boards/`.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::boards::all::is_linked;
use crate::boards::board::{Board, Posting};
use crate::boards::postings::{MatchedBy, signals};
use crate::collector::{CollectContext, Collector};
use crate::company::Company;
use crate::found::Found;
use crate::source::Source;
use crate::source_error::SourceError;
use crate::web::{Fetched, Validators};

/// Collects the postings of one provider.
pub(crate) struct JobBoard(pub(crate) &'static Board);

/// Where a company's postings are listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Listing {
    api: String,
    matched_by: MatchedBy,
}

impl Collector for JobBoard {
    fn source(&self) -> Source {
        self.0.source
    }

    fn collect<'a>(
        &'a self,
        context: &'a CollectContext<'a>,
    ) -> BoxFuture<'a, Result<Found, SourceError>> {
        Box::pin(async move {
            let listing = match context.previous.recall::<Option<Listing>>() {
                Some(listing) => Some(listing),
                None => self.find(context).await,
            };
            let Some(listing) = listing else {
                return Ok(nothing(context));
            };
            let validators = &context.previous.validators;
            match context.web.get_if_changed(&listing.api, validators).await? {
                Fetched::Absent => Ok(nothing(context)),
                Fetched::Unchanged => Ok(Found::unchanged(context.previous)),
                Fetched::Page(reply) => {
                    let postings = (self.0.read)(&reply.body)?;
                    let Some(listing) = listing.confirmed(context.company, &postings) else {
                        return Ok(nothing(context));
                    };
                    let signals =
                        signals(self.source(), &postings, listing.matched_by, context.now);
                    Found::daily(signals)
                        .validated(Validators::of(&reply))
                        .remembering(&listing)
                }
            }
        })
    }
}

impl JobBoard {
    /// The company's board: the one that its pages link to, else the one with the name of its domain. None if its pages link
    /// to another provider.
    async fn find(&self, context: &CollectContext<'_>) -> Option<Listing> {
        let pages = context.site.with_careers().await;
        let pages = pages.as_deref().unwrap_or_default();
        if let Some(api) = self.0.linked(pages) {
            return Some(Listing {
                api,
                matched_by: MatchedBy::Link,
            });
        }
        (!is_linked(pages)).then(|| Listing {
            api: self.0.named(&context.company.label),
            matched_by: MatchedBy::Name,
        })
    }
}

/// No board; due again in a week, or tomorrow if the pages that would link to one could not be read.
fn nothing(context: &CollectContext<'_>) -> Found {
    if context.site.is_read() {
        Found::nothing()
    } else {
        Found::daily(Vec::new())
    }
}

impl Listing {
    /// The same listing, once its postings are known. A name alone is not enough if several companies may have it.
    fn confirmed(self, company: &Company, postings: &[Posting]) -> Option<Self> {
        let is_linked =
            |posting: &Posting| posting.url.as_deref().is_some_and(|url| company.owns(url));
        if self.matched_by == MatchedBy::Link || postings.iter().any(is_linked) {
            return Some(Self {
                matched_by: MatchedBy::Link,
                ..self
            });
        }
        company.is_named_by_label().then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Domain;

    #[test]
    fn a_name_alone_is_enough_only_under_com() {
        let confirmed = |domain: &str, url: Option<&str>, matched_by| {
            let posting = Posting {
                id: "1".to_owned(),
                title: "Engineer".to_owned(),
                location: None,
                at: None,
                url: url.map(str::to_owned),
            };
            let listing = Listing {
                api: String::new(),
                matched_by,
            };
            let company = Company::of(&Domain::parse(domain).unwrap());
            let listing = listing.confirmed(&company, &[posting]);
            listing.map(|listing| listing.matched_by)
        };
        let (link, name) = (MatchedBy::Link, MatchedBy::Name);
        assert_eq!(confirmed("acme.com", None, name), Some(name));
        assert_eq!(confirmed("acme.io", None, name), None);
        assert_eq!(
            confirmed("acme.io", Some("https://jobs.acme.io/1"), name),
            Some(link)
        );
        assert_eq!(confirmed("acme.io", None, link), Some(link));
    }
}
