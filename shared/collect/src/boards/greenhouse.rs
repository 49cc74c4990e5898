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
        ("boards-api.greenhouse.io/v1/boards/", API),
        ("job-boards.greenhouse.io/", API),
        ("job-boards.eu.greenhouse.io/", API),
        ("boards.eu.greenhouse.io/", API),
        ("boards.greenhouse.io/", API),
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
    id: u64,
    title: String,
    absolute_url: Option<String>,
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
        // Not `updated_at`: a correction of the text, or of the whole board, is no new posting.
        at: job.first_published.as_deref().and_then(time),
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
        let body = br#"{"jobs":[{"id":4711,"data_compliance":[{"type":"gdpr","requires_consent":false}],"internal_job_id":1,"title":"Head of Sales","absolute_url":"https://boards.greenhouse.io/acme/jobs/4711",
            "updated_at":"2026-11-03T10:00:00-05:00","first_published":"2026-10-01T10:00:00-05:00","requisition_id":"R1","location":{"name":"Berlin"},"company_name":"Acme","language":"en","education":"education_optional",
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
                        2026-10-01T15:00:00Z,
                    ),
                    url: Some(
                        "https://boards.greenhouse.io/acme/jobs/4711",
                    ),
                },
            ]
        "#]]
        .assert_debug_eq(&read(body).unwrap());
        for undated in ["null", "\"soon\"", "\"\""] {
            let body = format!(
                r#"{{"jobs":[{{"id":1,"title":"Engineer","updated_at":"2026-11-03T10:00:00Z","first_published":{undated}}}]}}"#
            );
            assert_eq!(read(body.as_bytes()).unwrap()[0].at, None, "{undated}");
        }
        let old = br#"{"jobs":[{"id":1,"title":"Engineer","updated_at":"2026-11-03T10:00:00Z"}]}"#;
        assert_eq!(read(old).unwrap()[0].at, None);
        assert_eq!(read(b"{\"jobs\":[]}").unwrap(), []);
        assert_eq!(read(b"<html>").unwrap_err(), SourceError::Malformed);
        assert_eq!(
            read(b"{\"error\":\"x\"}").unwrap_err(),
            SourceError::Malformed
        );
    }
}
