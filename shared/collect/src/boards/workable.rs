//! <https://help.workable.com/hc/en-us/articles/115012771647>

use serde::Deserialize;

use super::board::{Board, Posting};
use crate::observation::time;
use crate::source::Source;
use crate::source_error::SourceError;

const API: &str = "https://apply.workable.com/api/v1/widget/accounts/{}";

pub(crate) const BOARD: Board = Board {
    source: Source::Workable,
    links: &[
        ("apply.workable.com/api/v1/widget/accounts/", API),
        ("apply.workable.com/", API),
    ],
    api: API,
    page_size: None,
    read,
};

#[derive(Deserialize)]
struct Response {
    jobs: Vec<Job>,
}

#[derive(Deserialize)]
struct Job {
    title: String,
    shortcode: String,
    url: Option<String>,
    published_on: Option<String>,
    created_at: Option<String>,
    country: Option<String>,
    city: Option<String>,
}

fn read(body: &[u8]) -> Result<Vec<Posting>, SourceError> {
    let response: Response = serde_json::from_slice(body)?;
    let posting = |job: Job| {
        let location = [job.city, job.country].into_iter().flatten();
        let location: Vec<String> = location.filter(|part| !part.is_empty()).collect();
        Posting {
            id: job.shortcode,
            title: job.title,
            location: Some(location.join(", ")),
            at: job
                .published_on
                .or(job.created_at)
                .as_deref()
                .and_then(time),
            url: job.url,
        }
    };
    Ok(response.jobs.into_iter().map(posting).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_read() {
        let body = br#"{"name":"Acme","description":null,"jobs":[{"title":"Engineer","shortcode":"ABC","employment_type":"Full-time",
            "department":"R&D","url":"https://apply.workable.com/j/ABC","published_on":"2026-11-03","created_at":"2026-11-01",
            "country":"Greece","city":"Athens","state":"Attica"}]}"#;
        let postings = read(body).unwrap();
        assert_eq!(postings[0].location.as_deref(), Some("Athens, Greece"));
        assert_eq!(postings[0].at, time("2026-11-03"));
        assert_eq!(read(b"").unwrap_err(), SourceError::Malformed);
    }
}
