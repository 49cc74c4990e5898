//! <https://developers.greenhouse.io/job-board.html>

use serde::Deserialize;

use super::board::{Board, Posting};
use crate::observation::time;
use crate::source::Source;
use crate::source_error::SourceError;

const API: &str = "https://boards-api.greenhouse.io/v1/boards/{}/jobs";

pub(crate) const BOARD: Board = Board {
    source: Source::Greenhouse,
    links: &[
        ("job_board/js?for=", API),
        ("job_board?for=", API),
        ("boards-api.greenhouse.io/v1/boards/", API),
        ("job-boards.eu.greenhouse.io/", API),
        ("boards.eu.greenhouse.io/", API),
        ("boards.greenhouse.io/", API),
    ],
    api: API,
    read,
};

#[derive(Deserialize)]
struct Response {
    jobs: Vec<Job>,
}

#[derive(Deserialize)]
struct Job {
    id: u64,
    title: String,
    absolute_url: Option<String>,
    updated_at: Option<String>,
    first_published: Option<String>,
    location: Option<Location>,
}

#[derive(Deserialize)]
struct Location {
    name: Option<String>,
}

fn read(body: &[u8]) -> Result<Vec<Posting>, SourceError> {
    let response: Response = serde_json::from_slice(body)?;
    let posting = |job: Job| Posting {
        id: job.id.to_string(),
        title: job.title,
        location: job.location.and_then(|location| location.name),
        at: job
            .updated_at
            .or(job.first_published)
            .as_deref()
            .and_then(time),
        url: job.absolute_url,
    };
    Ok(response.jobs.into_iter().map(posting).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn a_response_is_read() {
        let body = br#"{"jobs":[{"id":4711,"internal_job_id":1,"title":"Head of Sales","absolute_url":"https://boards.greenhouse.io/acme/jobs/4711",
            "updated_at":"2026-11-03T10:00:00-05:00","first_published":"2026-10-01T10:00:00-05:00","requisition_id":"R1","location":{"name":"Berlin"},
            "departments":[{"id":1,"name":"Sales"}],"offices":[],"metadata":null}],"meta":{"total":1}}"#;
        expect![[r#"
            [
                Posting {
                    id: "4711",
                    title: "Head of Sales",
                    location: Some(
                        "Berlin",
                    ),
                    at: Some(
                        2026-11-03T15:00:00Z,
                    ),
                    url: Some(
                        "https://boards.greenhouse.io/acme/jobs/4711",
                    ),
                },
            ]
        "#]]
        .assert_debug_eq(&read(body).unwrap());
        assert_eq!(read(b"{\"jobs\":[]}").unwrap(), []);
        assert_eq!(read(b"<html>").unwrap_err(), SourceError::Malformed);
        assert_eq!(
            read(b"{\"error\":\"x\"}").unwrap_err(),
            SourceError::Malformed
        );
    }
}
