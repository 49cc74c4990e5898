use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use outbound::OutboundResponse;
use types::Domain;

use crate::boards::all::is_linked;
use crate::company::Company;
use crate::page::tags::{tags, unescaped};
use crate::source_error::SourceError;
use crate::web::{Fetched, WebClient};

/// How long a job board waits for the company's pages to link to it, before its name is guessed.
const WAIT: Duration = Duration::from_millis(700);

type Home = Result<Option<Arc<OutboundResponse>>, SourceError>;

/// A company's own pages, fetched at most once in a collection, when first used.
pub(crate) struct SitePages {
    home: Shared<BoxFuture<'static, Home>>,
    careers: Shared<BoxFuture<'static, Option<Arc<str>>>>,
}

impl SitePages {
    /// The pages of a company.
    pub(crate) fn of(company: &Company, web: &WebClient) -> Self {
        let home = home(company.domain.clone(), web.clone()).boxed().shared();
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

async fn home(domain: Domain, web: WebClient) -> Home {
    match web.get(&format!("https://{domain}/")).await? {
        Fetched::Page(page) => Ok(Some(Arc::from(page))),
        Fetched::Absent | Fetched::Unchanged => Ok(None),
    }
}

/// The text of the home page and, unless that links to a job board, of the careers page that it links to.
async fn careers(home: Shared<BoxFuture<'static, Home>>, web: WebClient) -> Option<Arc<str>> {
    let home = home.await.ok()??;
    let page = text(&home);
    let link = careers_link(&page).filter(|_| !is_linked(&page));
    let careers = match link.and_then(|link| home.url.join(&link).ok()) {
        Some(url) => web.get(url.as_str()).await.ok(),
        None => None,
    };
    Some(match careers {
        // The URL too: a redirect to a job board counts like a link to it.
        Some(Fetched::Page(careers)) => {
            let text = String::from_utf8_lossy(&careers.body);
            format!("{page}\n{}\n{text}", careers.url).into()
        }
        Some(Fetched::Absent | Fetched::Unchanged) | None => page,
    })
}

fn text(page: &OutboundResponse) -> Arc<str> {
    String::from_utf8_lossy(&page.body).into()
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

    #[test]
    fn the_careers_link_is_found_by_url_or_text() {
        let page = "<a href=/about>About</a><a href='/company?a=1&amp;b=2'>Careers</a><a href=/jobs>Jobs</a>";
        assert_eq!(careers_link(page).unwrap(), "/company?a=1&b=2");
        assert_eq!(careers_link("<a href=/pricing>Pricing</a>"), None);
    }
}
