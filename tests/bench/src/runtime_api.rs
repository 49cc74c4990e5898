//! The Runtime API of Lambda, as far as a function needs it: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow, bail};

use crate::http::Connection;
use crate::server::Server;

/// How long the slowest subject may take for one step, under callgrind.
const PATIENCE: Duration = Duration::from_mins(4);
/// Time between two looks at whether an instance that does not answer has ended.
const GLANCE: Duration = Duration::from_millis(100);
/// How long an event may take by its deadline.
const DEADLINE: Duration = Duration::from_mins(15);

/// Serves one instance of a function.
#[derive(Debug)]
pub struct RuntimeApi {
    server: Server,
    events: Sender<Vec<u8>>,
    seen: Receiver<Seen>,
}

/// What the instance did.
#[derive(Debug)]
enum Seen {
    /// Asked for an event.
    Poll(Instant),
    /// Answered one.
    Answer(Answer),
    /// Said that it cannot.
    Failure(String),
}

/// The answer to an event.
#[derive(Clone, Debug)]
pub struct Answer {
    /// When it was there.
    pub at: Instant,
    /// How long after the event was handed out.
    pub after: Duration,
    /// What the function returned.
    pub body: Vec<u8>,
}

type Events = Arc<Mutex<Receiver<Vec<u8>>>>;

impl RuntimeApi {
    /// Waits for an instance.
    pub fn start() -> Result<Self> {
        let (events, queue) = mpsc::channel();
        let (sight, seen) = mpsc::channel();
        let queue: Events = Arc::new(Mutex::new(queue));
        let server = Server::start(move |stream| serve(stream, &queue, &sight))?;
        Ok(Self {
            server,
            events,
            seen,
        })
    }

    /// Its address, for `AWS_LAMBDA_RUNTIME_API`.
    pub const fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// When the instance asked for an event.
    pub fn poll(&self) -> Result<Instant> {
        loop {
            match self.next()? {
                Seen::Poll(at) => return Ok(at),
                Seen::Answer(_) => {}
                Seen::Failure(error) => bail!("the function failed: {error}"),
            }
        }
    }

    /// Puts an event up for the instance.
    pub fn put(&self, event: &[u8]) -> Result<()> {
        Ok(self.events.send(event.to_vec())?)
    }

    /// The next answer. Fails when the instance `has_ended` without one.
    pub fn answer(&self, has_ended: impl Fn() -> bool) -> Result<Answer> {
        let asked = Instant::now();
        loop {
            match self.seen.recv_timeout(GLANCE) {
                Ok(Seen::Poll(_)) => {}
                Ok(Seen::Answer(answer)) => return Ok(answer),
                Ok(Seen::Failure(error)) => bail!("the function failed: {error}"),
                Err(RecvTimeoutError::Timeout) if has_ended() => bail!("the function has ended"),
                Err(RecvTimeoutError::Timeout) if asked.elapsed() < PATIENCE => {}
                Err(error) => return Err(unheard(error)),
            }
        }
    }

    fn next(&self) -> Result<Seen> {
        self.seen.recv_timeout(PATIENCE).map_err(unheard)
    }
}

fn unheard(error: RecvTimeoutError) -> anyhow::Error {
    match error {
        RecvTimeoutError::Timeout => anyhow!("nothing heard of the function in {PATIENCE:?}"),
        RecvTimeoutError::Disconnected => anyhow!("the Runtime API has ended"),
    }
}

fn serve(stream: TcpStream, events: &Events, sight: &Sender<Seen>) -> Result<()> {
    let mut connection = Connection::new(stream);
    let mut handed_out = Instant::now();
    while let Some(request) = connection.request()? {
        let at = Instant::now();
        if request.path.ends_with("/invocation/next") {
            sight.send(Seen::Poll(at))?;
            let events = events.lock().unwrap_or_else(PoisonError::into_inner);
            let event = events.recv().context("no more events")?;
            drop(events);
            let answer = next_answer(&event)?;
            handed_out = Instant::now();
            connection.send(&answer)?;
        } else if request.path.ends_with("/response") {
            let answer = Answer {
                at,
                after: at - handed_out,
                body: request.body,
            };
            connection.send(ACCEPTED)?;
            sight.send(Seen::Answer(answer))?;
        } else {
            let error = String::from_utf8_lossy(&request.body);
            sight.send(Seen::Failure(format!("{} {error}", request.path)))?;
            connection.send(ACCEPTED)?;
        }
    }
    Ok(())
}

const ACCEPTED: &[u8] =
    b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}";

fn next_answer(event: &[u8]) -> Result<Vec<u8>> {
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH)? + DEADLINE;
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
         Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
         Lambda-Runtime-Deadline-Ms: {}\r\n\
         Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:bench\r\n\
         Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0\r\n\
         Content-Length: {}\r\n\r\n",
        deadline.as_millis(),
        event.len()
    );
    Ok([head.as_bytes(), event].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::connect;

    #[test]
    fn an_instance_gets_its_event_and_answers_it() {
        let api = RuntimeApi::start().unwrap();
        let mut instance = connect(api.address()).unwrap();
        instance
            .send(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n")
            .unwrap();
        api.poll().unwrap();
        api.put(b"{}").unwrap();
        assert_eq!(instance.answer().unwrap().body, b"{}");
        instance
            .send(b"POST /2018-06-01/runtime/invocation/x/response HTTP/1.1\r\nContent-Length: 2\r\n\r\nok")
            .unwrap();
        assert_eq!(api.answer(|| false).unwrap().body, b"ok");
        assert_eq!(instance.answer().unwrap().verb, "202");
        let error = api.answer(|| true).unwrap_err();
        assert_eq!(error.to_string(), "the function has ended");
    }

    #[test]
    fn a_failed_start_is_told() {
        let api = RuntimeApi::start().unwrap();
        let mut instance = connect(api.address()).unwrap();
        instance
            .send(b"POST /2018-06-01/runtime/init/error HTTP/1.1\r\nContent-Length: 2\r\n\r\nno")
            .unwrap();
        assert!(
            api.poll()
                .unwrap_err()
                .to_string()
                .contains("init/error no")
        );
    }
}
