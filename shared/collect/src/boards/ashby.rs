//! <https://developers.ashbyhq.com/docs/public-job-posting-api>

use serde::Deserialize;

use super::board::{Board, Posting};
use crate::observation::time;
use crate::source::Source;
use crate::source_error::SourceError;

const API: &str = "https://api.ashbyhq.com/posting-api/job-board/{}";

pub(crate) const BOARD: Board = Board {
    source: Source::Ashby,
    links: &[
        ("jobs.ashbyhq.com/", API),
        ("api.ashbyhq.com/posting-api/job-board/", API),
    ],
    api: API,
    page_size: None,
    read,
};

#[derive(Deserialize)]
struct Response {
    jobs: Vec<Opening>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opening {
    id: String,
    title: String,
    location: Option<String>,
    published_at: Option<String>,
    #[serde(default = "listed")]
    is_listed: bool,
    job_url: Option<String>,
}

const fn listed() -> bool {
    true
}

fn read(body: &[u8]) -> Result<Vec<Posting>, SourceError> {
    let response: Response = serde_json::from_slice(body)?;
    let posting = |job: Opening| Posting {
        id: job.id,
        title: job.title,
        location: job.location,
        at: job.published_at.as_deref().and_then(time),
        url: job.job_url,
    };
    let listed = response.jobs.into_iter().filter(|job| job.is_listed);
    Ok(listed.map(posting).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_read() {
        let body = br#"{"apiVersion":"1","jobs":[{"id":"u-1","title":"Engineer","department":"R&D","team":"Core","employmentType":"FullTime",
            "location":"Oslo","secondaryLocations":[],"isRemote":true,"publishedAt":"2026-11-03T10:00:00.000+00:00","isListed":true,
            "jobUrl":"https://jobs.ashbyhq.com/acme/u-1","descriptionPlain":"","compensation":{}},
            {"id":"u-2","title":"Secret","isListed":false}]}"#;
        let postings = read(body).unwrap();
        assert_eq!(postings.len(), 1);
        assert_eq!(postings[0].at, time("2026-11-03T10:00:00Z"));
        assert_eq!(read(b"[]").unwrap_err(), SourceError::Malformed);
    }
}
