use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use outbound::OutboundResponse;

use crate::boards::all::is_linked;
use crate::company::Company;
use crate::page::charset::decoded;
use crate::page::tags::{tags, unescaped};
use crate::source_error::SourceError;
use crate::web::{Fetched, WebClient};

/// How long a job board waits for the company's pages to link to it, before its name is guessed.
const WAIT: Duration = Duration::from_millis(900);

type Home = Result<Option<Arc<OutboundResponse>>, SourceError>;

/// A company's own pages, fetched at most once in a collection, when first used.
pub(crate) struct SitePages {
    home: Shared<BoxFuture<'static, Home>>,
    careers: Shared<BoxFuture<'static, Option<Arc<str>>>>,
}

impl SitePages {
    /// The pages of a company.
    pub(crate) fn of(company: &Company, web: &WebClient) -> Self {
        let home = home(company.clone(), web.clone()).boxed().shared();
        let careers = careers(home.clone(), web.clone()).boxed().shared();
        Self { home, careers }
    }

    /// The home page; none if the domain has no site.
    pub(crate) async fn home(&self) -> Home {
        self.home.clone().await
    }

    /// Whether the home page, and the careers page that it links to, have been read.
    pub(crate) fn is_read(&self) -> bool {
        self.careers.peek().is_some_and(Option::is_some)
    }

    /// The text of the home page and the careers page, as far as they arrive soon.
    pub(crate) async fn with_careers(&self) -> Option<Arc<str>> {
        let soon = tokio::time::timeout(WAIT, self.careers.clone()).await;
        soon.unwrap_or_else(|_| Some(text(self.home.peek()?.as_ref().ok()?.as_deref()?)))
    }
}

/// The home page of the domain, or of its `www.` if the domain itself has no site. One that is somebody else's counts as none.
async fn home(company: Company, web: WebClient) -> Home {
    let apex = web.page(&format!("https://{}/", company.domain)).await;
    let page = match apex {
        Ok(Fetched::Page(page)) => page,
        Ok(Fetched::Absent | Fetched::Unchanged)
        | Err(SourceError::Unreachable | SourceError::Blocked) => {
            let www = format!("https://www.{}/", company.domain);
            match web.page(&www).await {
                Ok(Fetched::Page(page)) => page,
                Ok(Fetched::Absent | Fetched::Unchanged) | Err(_) => {
                    return apex.map(|_| None);
                }
            }
        }
        Err(error) => return Err(error),
    };
    Ok(company.redirects_to(&page.url).then(|| Arc::from(page)))
}

/// The text of the home page and, unless that links to a job board, of the careers page that it links to.
async fn careers(home: Shared<BoxFuture<'static, Home>>, web: WebClient) -> Option<Arc<str>> {
    let home = home.await.ok()??;
    let page = text(&home);
    let link = careers_link(&page).filter(|_| !is_linked(&page));
    let careers = match link.and_then(|link| home.url.join(&link).ok()) {
        Some(url) => web.page(url.as_str()).await.ok(),
        None => None,
    };
    Some(match careers {
        // The URL too: a redirect to a job board counts like a link to it.
        Some(Fetched::Page(careers)) => {
            let text = decoded(&careers);
            format!("{page}\n{}\n{text}", careers.url).into()
        }
        Some(Fetched::Absent | Fetched::Unchanged) | None => page,
    })
}

fn text(page: &OutboundResponse) -> Arc<str> {
    decoded(page).into()
}

/// The first link whose URL or text is about jobs.
pub(crate) fn careers_link(page: &str) -> Option<String> {
    let links = tags(page).filter(|tag| tag.is("a"));
    links
        .filter_map(|tag| Some((tag.attribute("href")?, tag.text)))
        .find(|(href, text)| {
            let words = format!("{href} {text}").to_lowercase();
            ["career", "jobs", "join-us", "join us", "hiring"]
                .iter()
                .any(|word| words.contains(word))
        })
        .map(|(href, _)| unescaped(href))
}

impl fmt::Debug for SitePages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SitePages")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::Stub;
    use types::Domain;

    async fn home(stub: &Stub) -> Result<Option<String>, SourceError> {
        let company = Company::of(&Domain::parse("acme.com").unwrap());
        let home = SitePages::of(&company, &stub.client()).home().await?;
        Ok(home.map(|page| page.url.to_string()))
    }

    #[tokio::test]
    async fn www_is_tried_where_the_domain_itself_has_no_site() {
        let www = Ok(Some("https://www.acme.com/".to_owned()));
        let stub = Stub::start();
        stub.answer("www.acme.com/", 200, "", b"home");
        assert_eq!(home(&stub).await, www, "404");
        stub.answer("acme.com/", 410, "", b"");
        assert_eq!(home(&stub).await, www, "410");
        stub.close("acme.com/");
        assert_eq!(home(&stub).await, www, "no connection");
        stub.answer("acme.com/", 301, "location: http://www.acme.com/", b"");
        assert_eq!(home(&stub).await, www, "only http");

        // A site that fails, limits or refuses is a site.
        for (status, error) in [
            (500, SourceError::Failed),
            (403, SourceError::Refused),
            (429, SourceError::RateLimited { seconds: 600 }),
        ] {
            stub.answer("acme.com/", status, "", b"");
            stub.answer("acme.com/robots.txt", 404, "", b"");
            stub.asked();
            assert_eq!(home(&stub).await, Err(error));
            let asked = stub.asked();
            assert!(
                !asked.iter().any(|path| path.starts_with("www.")),
                "{asked:?}"
            );
        }
        stub.answer("acme.com/", 200, "", b"home");
        let apex = Ok(Some("https://acme.com/".to_owned()));
        assert_eq!(home(&stub).await, apex);
    }

    #[tokio::test]
    async fn without_either_it_is_as_the_domain_itself_says() {
        let stub = Stub::start();
        assert_eq!(home(&stub).await, Ok(None));
        stub.close("www.acme.com/");
        assert_eq!(home(&stub).await, Ok(None));
        stub.close("acme.com/");
        assert_eq!(home(&stub).await, Err(SourceError::Unreachable));
        stub.answer("www.acme.com/", 404, "", b"");
        assert_eq!(home(&stub).await, Err(SourceError::Unreachable));
    }

    #[tokio::test]
    async fn a_home_page_of_somebody_else_is_none() {
        let stub = Stub::start();
        stub.answer("sedo.com/", 200, "", b"buy this domain");
        stub.answer("acme.io/", 200, "", b"home");
        let to = "location: https://sedo.com/?domain=acme.com";
        stub.answer("acme.com/", 302, to, b"");
        assert_eq!(home(&stub).await, Ok(None));
        stub.answer("acme.com/", 302, "location: https://acme.io/", b"");
        assert_eq!(home(&stub).await, Ok(Some("https://acme.io/".to_owned())));
    }

    #[test]
    fn the_careers_link_is_found_by_url_or_text() {
        let page = "<a href=/about>About</a><a href='/company?a=1&amp;b=2'>Careers</a><a href=/jobs>Jobs</a>";
        assert_eq!(careers_link(page).unwrap(), "/company?a=1&b=2");
        assert_eq!(careers_link("<a href=/pricing>Pricing</a>"), None);
    }
}
