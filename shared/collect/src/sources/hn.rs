//! <https://hn.algolia.com/api>

use futures::future::BoxFuture;
use intent::{Kind, Signal};
use serde::Deserialize;
use types::Timestamp;

use crate::collector::{CollectContext, Collector};
use crate::company::Company;
use crate::found::Found;
use crate::headline;
use crate::observation::{Observation, epoch, newest};
use crate::source::Source;
use crate::source_error::SourceError;
use crate::web::Fetched;

/// The age of the oldest stories in days: three half-lives of news.
const DAYS: i64 = 90;

#[derive(Debug)]
pub(crate) struct Hn;

impl Collector for Hn {
    fn source(&self) -> Source {
        Source::Hn
    }

    fn collect<'a>(
        &'a self,
        context: &'a CollectContext<'a>,
    ) -> BoxFuture<'a, Result<Found, SourceError>> {
        Box::pin(async move {
            let since = (context.now.as_second() / 86_400 - DAYS) * 86_400;
            let url = format!(
                "https://hn.algolia.com/api/v1/search_by_date?query={}&tags=story\
                 &numericFilters=created_at_i%3E{since}&hitsPerPage=100",
                context.company.domain
            );
            match context.web.get(&url).await? {
                Fetched::Page(reply) => Ok(Found::daily(read(
                    &reply.body,
                    context.company,
                    context.now,
                )?)),
                Fetched::Absent | Fetched::Unchanged => Err(SourceError::Failed),
            }
        })
    }
}

#[derive(Deserialize)]
struct Response {
    hits: Vec<Hit>,
}

#[derive(Deserialize)]
struct Hit {
    #[serde(rename = "objectID")]
    id: String,
    title: Option<String>,
    url: Option<String>,
    points: Option<u32>,
    created_at_i: i64,
}

/// Returns stories that link to the company's pages. A story that only names it may be about another one.
pub(crate) fn read(
    body: &[u8],
    company: &Company,
    now: Timestamp,
) -> Result<Vec<Signal>, SourceError> {
    let response: Response = serde_json::from_slice(body)?;
    let own = |hit: &&Hit| hit.url.as_deref().is_some_and(|url| company.owns(url));
    let signal = |hit: &Hit| {
        let title = hit.title.as_deref()?;
        let observation = Observation {
            kind: headline::kind(title, company).unwrap_or(Kind::News),
            strength: weight(hit.points.unwrap_or(0)),
            at: epoch(hit.created_at_i)?,
            id: &hit.id,
            evidence: format!("On Hacker News: “{}”", title.trim()),
            url: Some(&format!("https://news.ycombinator.com/item?id={}", hit.id)),
        };
        observation.signal(Source::Hn)
    };
    Ok(newest(
        response
            .hits
            .iter()
            .filter(own)
            .filter_map(signal)
            .collect(),
        now,
    ))
}

/// In steps, so that a story is not written again with every vote.
const fn weight(points: u32) -> f64 {
    match points {
        0..10 => 0.2,
        10..100 => 0.4,
        100..500 => 0.6,
        500.. => 0.8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Domain;

    #[test]
    fn stories_that_link_to_the_company_count() {
        let company = Company::of(&Domain::parse("acme.com").unwrap());
        let now: Timestamp = "2026-11-15T12:00:00Z".parse().unwrap();
        let body = br#"{"hits":[
            {"objectID":"1","title":"Acme raises $20M","url":"https://blog.acme.com/a","author":"x","points":120,"num_comments":3,"created_at":"2026-11-03T10:00:00Z","created_at_i":1793700000,"story_text":null,"_tags":["story"]},
            {"objectID":"2","title":"acme.com is down","url":"https://status.example/a","points":9,"created_at_i":1793700000},
            {"objectID":"3","title":"Ask HN: acme.com?","created_at_i":1793700000}
        ],"nbHits":3,"page":0,"nbPages":1,"hitsPerPage":100}"#;
        let signals = read(body, &company, now).unwrap();
        assert_eq!(signals.len(), 1);
        assert_eq!(
            (signals[0].kind, signals[0].strength.get()),
            (Kind::Funding, 0.6)
        );
        assert_eq!(
            signals[0].url.as_deref(),
            Some("https://news.ycombinator.com/item?id=1")
        );
        assert_eq!(
            read(b"[]", &company, now).unwrap_err(),
            SourceError::Malformed
        );
    }
}
