use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A server that stands in for every public source: it answers `/<host>/<path>` as it is told.
#[derive(Clone)]
pub struct Web {
    origin: String,
    told: Arc<Mutex<Told>>,
}

#[derive(Default)]
struct Told {
    rules: Vec<(String, Conduct)>,
    delay: Duration,
    seen: Vec<String>,
}

/// How an address behaves.
#[derive(Clone, Debug)]
pub enum Conduct {
    /// With a status, headers and a body.
    Answers(u16, &'static str, String),
    /// Takes the request and says nothing.
    Hangs,
    /// Ends the connection.
    Resets,
    /// Announces a body, and sends a byte of it every 100 ms.
    Drips,
}

impl Web {
    /// A server where nothing is found.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let web = Self {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            told: Arc::default(),
        };
        let serving = web.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                std::thread::spawn(move || serving.serve(stream));
            }
        });
        web
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.origin
    }

    /// What begins with this host and path behaves so; the last word on it counts.
    pub fn tell(&self, prefix: &str, conduct: Conduct) {
        self.told
            .lock()
            .unwrap()
            .rules
            .push((prefix.to_owned(), conduct));
    }

    /// What begins with this host and path answers so.
    pub fn answer(&self, prefix: &str, body: &str) {
        self.tell(prefix, Conduct::Answers(200, "", body.to_owned()));
    }

    /// Answers come after so long.
    pub fn delay(&self, delay: Duration) {
        self.told.lock().unwrap().delay = delay;
    }

    /// The requests since the last look, each with its path and its headers.
    pub fn seen(&self) -> Vec<String> {
        std::mem::take(&mut self.told.lock().unwrap().seen)
    }

    fn serve(&self, mut stream: TcpStream) {
        stream.set_nodelay(true).unwrap();
        let mut head = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(length) => head.extend_from_slice(&buffer[..length]),
            }
            if head.ends_with(b"\r\n\r\n") {
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
            let mut told = self.told.lock().unwrap();
            told.seen.push(asked.to_owned());
            let rules = told.rules.iter().rev();
            let found = rules.clone().find(|(prefix, _)| path.starts_with(prefix));
            (found.map(|(_, conduct)| conduct.clone()), told.delay)
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
