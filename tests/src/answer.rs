use std::io::Read;

use brotli::Decompressor;
use flate2::read::GzDecoder;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use types::{JobId, RequestId};

/// A response with its whole body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub bytes: Vec<u8>,
    /// Its body as JSON; null if it is not JSON.
    pub json: Value,
}

impl Answer {
    /// Returns the response; fails the test if it has another status.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        clippy::return_self_not_must_use,
        reason = "it is an assertion"
    )]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        self
    }

    /// A header's text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Its body as text, decoded as its `Content-Encoding` says.
    pub fn text(&self) -> String {
        let mut content = self.bytes.as_slice();
        let mut text = String::new();
        match self.header("content-encoding") {
            "br" => Decompressor::new(content, 4096).read_to_string(&mut text),
            "gzip" => GzDecoder::new(content).read_to_string(&mut text),
            _ => content.read_to_string(&mut text),
        }
        .unwrap();
        text
    }

    /// The error's code and reason, in any dialect. Prospect lists have the reason in the field `code`.
    #[track_caller]
    pub fn error(&self) -> (&str, &str) {
        let graphql = &self.json["errors"][0]["extensions"];
        let found = [&self.json["error"], graphql, &self.json];
        let error = found.into_iter().find(|error| error["code"].is_string());
        let error = error.unwrap_or_else(|| panic!("no error: {}", self.json));
        let reason = &error["reason"]
            .as_str()
            .or(error["details"]["reason"].as_str());
        (error["code"].as_str().unwrap(), reason.unwrap_or(""))
    }

    /// Status and body for a snapshot. Ids are validated, and the request id compared with its header, before they are
    /// redacted.
    #[track_caller]
    pub fn shown(&self) -> Value {
        let mut body = self.json.clone();
        let request = self.header("x-request-id");
        request.parse::<RequestId>().expect("X-Request-Id");
        if let Some(id) = body.pointer_mut("/error/requestId") {
            assert_eq!(*id, request);
            *id = "[request]".into();
        }
        if let Some(id) = body.get("job_id").and_then(Value::as_str) {
            id.parse::<JobId>().expect("job_id");
            let (id, text) = (id.to_owned(), body.to_string());
            body = serde_json::from_str(&text.replace(&id, "[job]")).unwrap();
        }
        json!({ "status": self.status.as_u16(), "body": body })
    }
}
