use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::event_requests::undescribed;

/// A fake of every public source: it serves `/<host>/<path>` as configured. Or the endpoints of webhooks: then a request that is not
/// as the API's description has it fails the test, when this is dropped.
#[derive(Clone)]
pub struct Web {
    origin: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    rules: Vec<(String, Conduct)>,
    delay: Duration,
    seen: Vec<String>,
    expects_events: bool,
    undescribed: Vec<String>,
}

/// The behaviour of a URL.
#[derive(Clone, Debug)]
pub enum Conduct {
    /// Returns a status, headers and a body.
    Answers(u16, &'static str, String),
    /// Accepts the request and sends nothing.
    Hangs,
    /// Closes the connection.
    Resets,
    /// Sends one byte of the body every 100 ms.
    Drips,
}

impl Web {
    /// A server that returns 404 for everything.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let web = Self {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            state: Arc::default(),
        };
        let server = Server(Arc::clone(&web.state));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = server.clone();
                std::thread::spawn(move || server.serve(stream));
            }
        });
        web
    }

    /// Every request from now on has to be one that a webhook is sent.
    pub fn expect_events(&self) {
        self.state.lock().unwrap().expects_events = true;
    }

    /// Its base URL.
    pub fn url(&self) -> &str {
        &self.origin
    }

    /// Sets the behaviour of URLs with a prefix of host and path; the latest rule applies.
    pub fn tell(&self, prefix: &str, conduct: Conduct) {
        self.state
            .lock()
            .unwrap()
            .rules
            .push((prefix.to_owned(), conduct));
    }

    /// Returns a body with status 200 for URLs with a prefix of host and path.
    pub fn answer(&self, prefix: &str, body: &str) {
        self.tell(prefix, Conduct::Answers(200, "", body.to_owned()));
    }

    /// Sets the delay of responses.
    pub fn delay(&self, delay: Duration) {
        self.state.lock().unwrap().delay = delay;
    }

    /// The requests since the last call of this function, each with its path, headers and body.
    pub fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().seen)
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let undescribed = self.state.lock().unwrap().undescribed.clone();
        assert!(
            undescribed.is_empty(),
            "requests to webhooks are not as docs/openapi.json describes them (`make openapi` writes it):\n{}",
            undescribed.join("\n")
        );
    }
}

/// What serves the requests to a [`Web`].
#[derive(Clone)]
struct Server(Arc<Mutex<State>>);

impl Server {
    fn serve(&self, mut stream: TcpStream) {
        stream.set_nodelay(true).unwrap();
        let mut head = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(length) => head.extend_from_slice(&buffer[..length]),
            }
            if is_whole(&head) {
                let asked = String::from_utf8(std::mem::take(&mut head)).unwrap();
                if self.behave(&asked, &mut stream).is_err() {
                    return;
                }
            }
        }
    }

    fn behave(&self, asked: &str, stream: &mut TcpStream) -> std::io::Result<()> {
        let path = asked
            .split(' ')
            .nth(1)
            .unwrap()
            .trim_start_matches('/')
            .to_owned();
        let (conduct, delay) = {
            let mut state = self.0.lock().unwrap();
            state.seen.push(asked.to_owned());
            if state.expects_events {
                state.undescribed.extend(undescribed(asked));
            }
            let rules = state.rules.iter().rev();
            let found = rules.clone().find(|(prefix, _)| path.starts_with(prefix));
            (found.map(|(_, conduct)| conduct.clone()), state.delay)
        };
        std::thread::sleep(delay);
        match conduct.unwrap_or_else(|| Conduct::Answers(404, "", "none".to_owned())) {
            Conduct::Answers(status, headers, body) => {
                let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
                for header in headers.split('|').filter(|header| !header.is_empty()) {
                    write!(head, "{header}\r\n").unwrap();
                }
                stream.write_all(format!("{head}\r\n{body}").as_bytes())
            }
            Conduct::Hangs => {
                std::thread::sleep(Duration::from_secs(30));
                Ok(())
            }
            Conduct::Resets => Err(std::io::ErrorKind::ConnectionReset.into()),
            Conduct::Drips => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")?;
                for _ in 0..1000 {
                    stream.write_all(b"x")?;
                    std::thread::sleep(Duration::from_millis(100));
                }
                Ok(())
            }
        }
    }
}

/// Whether a request is complete, with the body that its header announces.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = lengths
        .next()
        .map_or(0, |(_, length)| length.trim().parse().unwrap());
    body.len() >= length
}
