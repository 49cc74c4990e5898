//! <https://github.com/lever/postings-api>

use serde::Deserialize;

use super::board::{Board, Posting};
use crate::observation::epoch;
use crate::source::Source;
use crate::source_error::SourceError;

const API: &str = "https://api.lever.co/v0/postings/{}?mode=json&skip=0&limit=100";
const EU: &str = "https://api.eu.lever.co/v0/postings/{}?mode=json&skip=0&limit=100";

pub(crate) const BOARD: Board = Board {
    source: Source::Lever,
    links: &[
        ("jobs.lever.co/", API),
        ("api.lever.co/v0/postings/", API),
        ("jobs.eu.lever.co/", EU),
        ("api.eu.lever.co/v0/postings/", EU),
    ],
    api: API,
    // Each posting comes with its whole text, so one page has to stay below what is read of a response.
    page_size: Some(100),
    read,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    id: String,
    text: String,
    categories: Option<Categories>,
    hosted_url: Option<String>,
    created_at: Option<i64>,
}

#[derive(Deserialize)]
struct Categories {
    location: Option<String>,
}

fn read(body: &[u8]) -> Result<Vec<Posting>, SourceError> {
    let jobs: Vec<Job> = serde_json::from_slice(body)?;
    let posting = |job: Job| Posting {
        id: job.id,
        title: job.text,
        location: job.categories.and_then(|categories| categories.location),
        at: job.created_at.and_then(epoch),
        url: job.hosted_url,
    };
    Ok(jobs.into_iter().map(posting).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_read() {
        let body = br#"[{"id":"a-1","text":"Engineer","categories":{"location":"Paris","commitment":"Full-time","team":"R&D"},"country":"FR",
            "description":"","descriptionPlain":"","lists":[],"hostedUrl":"https://jobs.lever.co/acme/a-1","worklocationType":"remote",
            "createdAt":1793000000000}]"#;
        let postings = read(body).unwrap();
        assert_eq!(postings.len(), 1);
        assert_eq!(postings[0].location.as_deref(), Some("Paris"));
        assert_eq!(postings[0].at, epoch(1_793_000_000));
        assert_eq!(read(b"{\"ok\":false}").unwrap_err(), SourceError::Malformed);
    }
}
