//! A server that stands in for every host, for tests of the requests of collectors.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use outbound::{Outbound, Policy, Url};
use types::{Domain, Timestamp};

use crate::collector::{CollectContext, Collector};
use crate::company::Company;
use crate::found::{Found, Previous};
use crate::site_pages::SitePages;
use crate::source_error::SourceError;
use crate::web::WebClient;

/// 15 November 2026, 12:00 UTC.
pub(crate) const NOW: &str = "2026-11-15T12:00:00Z";

/// Serves `/<host>/<path>` by rules: the latest one whose prefix fits.
#[derive(Clone)]
pub(crate) struct Stub {
    origin: String,
    rules: Arc<Mutex<Vec<Rule>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

/// A prefix of host and path, and the response; an empty one closes the connection.
type Rule = (String, Vec<u8>);

impl Stub {
    /// A server that returns 404 for everything.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stub = Self {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            rules: Arc::default(),
            asked: Arc::default(),
        };
        stub.answer("", 404, "", b"none");
        let serving = stub.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                std::thread::spawn(move || serving.serve(stream));
            }
        });
        stub
    }

    /// What a collector finds here for acme.com, which it asks about for the first time.
    pub(crate) async fn asked_by(&self, collector: &impl Collector) -> Result<Found, SourceError> {
        let company = Company::of(&Domain::parse("acme.com").unwrap());
        let (web, previous) = (self.client(), Previous::default());
        let context = CollectContext {
            company: &company,
            previous: &previous,
            now: NOW.parse().unwrap(),
            web: &web,
            site: &SitePages::of(&company, &web),
        };
        collector.collect(&context).await
    }

    /// Sets the response for a prefix of host and path. Headers are separated by `|`.
    pub(crate) fn answer(&self, prefix: &str, status: u16, headers: &str, body: &[u8]) {
        let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
        for header in headers.split('|').filter(|header| !header.is_empty()) {
            write!(head, "{header}\r\n").unwrap();
        }
        head.push_str("\r\n");
        let response = [head.as_bytes(), body].concat();
        self.rules
            .lock()
            .unwrap()
            .push((prefix.to_owned(), response));
    }

    /// Closes the connection for a prefix of host and path.
    pub(crate) fn close(&self, prefix: &str) {
        let rule = (prefix.to_owned(), Vec::new());
        self.rules.lock().unwrap().push(rule);
    }

    /// Host and path of the requests since the last call of this function.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// A client that sends every request to this server.
    pub(crate) fn client(&self) -> WebClient {
        let policy = Policy {
            stub_server: Some(Url::parse(&self.origin).unwrap()),
            ..Policy::default()
        };
        let now: Timestamp = NOW.parse().unwrap();
        WebClient::new(Outbound::new(policy), None).at(now)
    }

    fn serve(&self, mut stream: TcpStream) {
        let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(length) => head.extend_from_slice(&buffer[..length]),
            }
            if !head.ends_with(b"\r\n\r\n") {
                continue;
            }
            let text = String::from_utf8(std::mem::take(&mut head)).unwrap();
            let path = text.split(' ').nth(1).unwrap().trim_start_matches('/');
            self.asked.lock().unwrap().push(path.to_owned());
            let rules = self.rules.lock().unwrap();
            let rule = rules.iter().rev().find(|rule| path.starts_with(&rule.0));
            let response = rule.unwrap().1.clone();
            drop(rules);
            if response.is_empty() || stream.write_all(&response).is_err() {
                return;
            }
        }
    }
}
