//! The company's board at one of the providers in `boards/`.

use std::time::Duration;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::boards::all::is_linked;
use crate::boards::board::{Board, Posting};
use crate::boards::postings::signals;
use crate::collector::{CollectContext, Collector};
use crate::company::Company;
use crate::found::Found;
use crate::matched_by::MatchedBy;
use crate::source::Source;
use crate::source_error::SourceError;
use crate::web::{Fetched, Validators};

/// The most pages of a board that are read.
const MOST_PAGES: usize = 10;
/// How long the pages after the first may take together: less than a source may.
const PAGES_TIME: Duration = Duration::from_secs(5);

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
                    let mut postings = (self.0.read)(&reply.body)?;
                    let more = self.more(context, &listing.api, postings.len()).await;
                    // The validators are those of the first page, which says nothing of the others.
                    let validators = if more.is_empty() {
                        Validators::of(&reply)
                    } else {
                        Validators::default()
                    };
                    postings.extend(more);
                    let Some(listing) = listing.confirmed(context.company, &postings) else {
                        return Ok(nothing(context));
                    };
                    let signals =
                        signals(self.source(), &postings, listing.matched_by, context.now);
                    Found::daily(signals)
                        .validated(validators)
                        .remembering(&listing)
                }
            }
        })
    }
}

impl JobBoard {
    /// The postings after the first page, if that is full, as far as they can be read soon. What has been read is true without
    /// the rest.
    async fn more(&self, context: &CollectContext<'_>, api: &str, first: usize) -> Vec<Posting> {
        let mut postings = Vec::new();
        let Some(size) = self.0.page_size.filter(|size| first >= *size) else {
            return postings;
        };
        let reading = async {
            for page in 1..MOST_PAGES {
                let url = api.replace("skip=0", &format!("skip={}", page * size));
                let Ok(Fetched::Page(reply)) = context.web.get(&url).await else {
                    return;
                };
                let Ok(read) = (self.0.read)(&reply.body) else {
                    return;
                };
                let is_last = read.len() < size;
                postings.extend(read);
                if is_last {
                    return;
                }
            }
        };
        // What has been read is kept when the time is over.
        let _all_or_some = tokio::time::timeout(PAGES_TIME, reading).await;
        postings
    }

    /// The company's board: the one that its pages link to, else the one with the name of its domain. None if its pages link
    /// to another provider.
    async fn find(&self, context: &CollectContext<'_>) -> Option<Listing> {
        let pages = context.site.with_careers().await;
        let pages = pages.as_deref().unwrap_or_default();
        if let Some(api) = self.0.linked(pages, &context.company.label) {
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
    use crate::boards::lever;
    use crate::stub::Stub;
    use types::Domain;

    /// A page of Lever's postings with these numbers, as its API returns it.
    fn page(numbers: std::ops::Range<i64>) -> Vec<u8> {
        let job = |number| {
            let created = 1_790_000_000_000 + number * 1_000_000;
            serde_json::json!({
                "id": format!("id-{number}"), "text": "Engineer", "country": "DE", "workplaceType": "hybrid", "lists": [],
                "categories": {"location": "Berlin", "commitment": "Full-time", "team": "R&D", "allLocations": ["Berlin"]},
                "description": "<div></div>", "hostedUrl": format!("https://jobs.lever.co/acme/id-{number}"),
                "applyUrl": format!("https://jobs.lever.co/acme/id-{number}/apply"), "createdAt": created,
            })
        };
        serde_json::to_vec(&numbers.map(job).collect::<Vec<_>>()).unwrap()
    }

    async fn lever(stub: &Stub) -> Result<Found, SourceError> {
        stub.asked_by(&JobBoard(&lever::BOARD)).await
    }

    /// The URL of a page.
    fn from(skip: usize) -> String {
        format!("api.lever.co/v0/postings/acme?mode=json&skip={skip}&limit=100")
    }

    #[tokio::test]
    async fn a_board_of_several_pages_is_read_whole() {
        let stub = Stub::start();
        stub.answer("acme.com/", 200, "", b"<a href=https://jobs.lever.co/acme>");
        stub.answer(&from(0), 200, "etag: \"1\"", &page(0..100));
        stub.answer(&from(100), 200, "", &page(100..200));
        stub.answer(&from(200), 200, "", &page(200..230));
        let found = lever(&stub).await.unwrap();
        assert_eq!(
            found.signals[0].external_id, "id-229",
            "the newest of all pages"
        );
        assert_eq!(
            found.validators,
            Validators::default(),
            "a first page that is unchanged says nothing of the others"
        );
        assert_eq!(
            stub.asked()
                .iter()
                .filter(|path| path.contains("lever.co"))
                .count(),
            3
        );

        // A page that is full to the last posting may be the last one.
        stub.answer(&from(100), 200, "", b"[]");
        let found = lever(&stub).await.unwrap();
        assert_eq!(found.signals[0].external_id, "id-99");
        assert_ne!(found.validators, Validators::default());

        // A page that fails leaves what the others have.
        stub.answer(&from(100), 200, "", &page(100..200));
        stub.answer(&from(200), 500, "", b"");
        let found = lever(&stub).await.unwrap();
        assert_eq!(found.signals[0].external_id, "id-199");
    }

    #[tokio::test]
    async fn the_pages_of_a_board_are_bounded() {
        let stub = Stub::start();
        stub.answer("acme.com/", 200, "", b"<a href=https://jobs.lever.co/acme>");
        stub.answer("api.lever.co/", 200, "", &page(0..100));
        lever(&stub).await.unwrap();
        let asked = stub.asked();
        let pages = asked.iter().filter(|path| path.contains("lever.co"));
        assert_eq!(pages.count(), MOST_PAGES);
    }

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
