use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::TestApp;

/// The model id of [`Bedrock`].
pub const MODEL: &str = "amazon.nova-lite-v1:0";

/// A fake Amazon Bedrock for one test, on its own port: it returns configured responses and records requests.
pub struct Bedrock {
    port: u16,
    served: Arc<Mutex<Served>>,
}

struct Served {
    status: u16,
    error: &'static str,
    body: String,
    pause: Duration,
    asked: Vec<Value>,
}

impl Bedrock {
    /// Starts a server without a configured response.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = Arc::new(Mutex::new(Served {
            status: 200,
            error: "",
            body: "{}".to_owned(),
            pause: Duration::ZERO,
            asked: Vec::new(),
        }));
        let shared = served.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, shared) = (stream.unwrap(), shared.clone());
                // A slow response must not delay the next request.
                std::thread::spawn(move || answer(stream, &shared));
            }
        });
        Self { port, served }
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sets the text that the model returns.
    pub fn says(&self, text: &str) {
        self.answers(
            200,
            "",
            &json!({
                "output": { "message": { "role": "assistant", "content": [{ "text": text }] } },
                "stopReason": "end_turn",
                "usage": { "inputTokens": 9, "outputTokens": 9, "totalTokens": 18 },
                "metrics": { "latencyMs": 9 },
            }),
        );
    }

    /// Sets the text that the model returns, in the requested format.
    pub fn writes(&self, reasoning: &str, talk_track: &str, email_subject: &str) {
        let texts = json!({ "reasoning": reasoning, "talk_track": talk_track, "email_subject": email_subject });
        self.says(&texts.to_string());
    }

    /// Sets the response of the service; `error` is the name of an AWS error.
    pub fn answers(&self, status: u16, error: &'static str, body: &Value) {
        let mut served = self.served.lock().unwrap();
        (served.status, served.error, served.body) = (status, error, body.to_string());
    }

    /// Sets the delay of responses.
    pub fn takes(&self, pause: Duration) {
        self.served.lock().unwrap().pause = pause;
    }

    /// The bodies of all requests so far, each with its `path`.
    pub fn asked(&self) -> Vec<Value> {
        self.served.lock().unwrap().asked.clone()
    }
}

impl TestApp {
    /// The same app, with this model for the reasoning of scores.
    #[must_use]
    pub fn worded_by(&self, bedrock: &Bedrock) -> Self {
        self.with_variable("REASONING_MODEL_ID", MODEL)
            .with_variable("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", &bedrock.url())
    }
}

/// Handles one request. The client may disconnect early.
fn answer(mut stream: TcpStream, served: &Mutex<Served>) {
    let Some(question) = read(&stream) else {
        return;
    };
    let (head, body, pause) = {
        let mut served = served.lock().unwrap();
        served.asked.push(question);
        let head = format!(
            "HTTP/1.1 {} .\r\nContent-Type: application/json\r\nX-Amzn-ErrorType: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            served.status,
            served.error,
            served.body.len()
        );
        (head, served.body.clone(), served.pause)
    };
    std::thread::sleep(pause);
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}

/// The body of a request, with its path.
fn read(stream: &TcpStream) -> Option<Value> {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).ok()?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim().to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut question: Value = serde_json::from_slice(&body).ok()?;
    question["path"] = first.split(' ').nth(1)?.into();
    Some(question)
}
