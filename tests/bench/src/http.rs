//! HTTP/1.1 over blocking streams: heads by httparse, bodies by `Content-Length` or in chunks.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context, Result, bail, ensure};

const HEADERS: usize = 64;

/// A request or an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The method of a request, the status of an answer.
    pub verb: String,
    /// The path and query of a request.
    pub path: String,
    /// The body, taken out of its chunks.
    pub body: Vec<u8>,
    /// All of it, as it came.
    pub raw: Vec<u8>,
}

/// One side of a connection.
#[derive(Debug)]
pub struct Connection<S> {
    stream: S,
    read: Vec<u8>,
}

impl<S: Read + Write> Connection<S> {
    /// On an open stream.
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            read: Vec::new(),
        }
    }

    /// The next request; none once the client has closed.
    pub fn request(&mut self) -> Result<Option<Message>> {
        self.message(request_head)
    }

    /// The answer to what was sent.
    pub fn answer(&mut self) -> Result<Message> {
        self.message(answer_head)?
            .context("closed instead of answering")
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes)?;
        Ok(self.stream.flush()?)
    }

    fn message(&mut self, parse: fn(&[u8]) -> Result<Option<Head>>) -> Result<Option<Message>> {
        let head = loop {
            if let Some(head) = parse(&self.read)? {
                break head;
            }
            let begun = !self.read.is_empty();
            if !self.more()? {
                ensure!(!begun, "closed within a head");
                return Ok(None);
            }
        };
        let (body, end) = loop {
            let rest = self.read.get(head.end..).unwrap_or_default();
            if let Some((body, used)) = head.length.body(rest)? {
                break (body, head.end + used);
            }
            ensure!(self.more()?, "closed within a body");
        };
        Ok(Some(Message {
            verb: head.verb,
            path: head.path,
            body,
            raw: self.read.drain(..end).collect(),
        }))
    }

    /// Reads what there is; false at the end.
    fn more(&mut self) -> Result<bool> {
        let mut buffer = [0; 16 * 1024];
        let count = self.stream.read(&mut buffer)?;
        self.read
            .extend_from_slice(buffer.get(..count).unwrap_or_default());
        Ok(count > 0)
    }
}

/// Connects without waiting to fill packets.
pub fn connect(address: SocketAddr) -> Result<Connection<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    Ok(Connection::new(stream))
}

struct Head {
    verb: String,
    path: String,
    length: Length,
    /// Where the body begins.
    end: usize,
}

#[derive(Clone, Copy)]
enum Length {
    Bytes(usize),
    Chunks,
}

impl Length {
    fn of(headers: &[httparse::Header<'_>]) -> Result<Self> {
        let named = |name: &str| {
            let header = headers
                .iter()
                .find(|header| header.name.eq_ignore_ascii_case(name));
            header.map(|header| String::from_utf8_lossy(header.value))
        };
        if named("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            return Ok(Self::Chunks);
        }
        let bytes = named("content-length").map_or(Ok(0), |length| length.trim().parse());
        Ok(Self::Bytes(bytes?))
    }

    /// The body and how much of `bytes` it takes, once all of it is there.
    fn body(self, bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>> {
        match self {
            Self::Bytes(length) => Ok(bytes.get(..length).map(|body| (body.to_vec(), length))),
            Self::Chunks => chunks(bytes),
        }
    }
}

fn chunks(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let (start, size) = match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete(chunk)) => chunk,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => bail!("a chunk without a size"),
        };
        let size = usize::try_from(size)?;
        // Each chunk ends with a line break, the empty last one too: nobody sends trailers here.
        let Some(chunk) = rest.get(start..start + size + 2) else {
            return Ok(None);
        };
        at += start + chunk.len();
        if size == 0 {
            return Ok(Some((body, at)));
        }
        body.extend_from_slice(chunk.get(..size).unwrap_or_default());
    }
}

fn request_head(bytes: &[u8]) -> Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(end) = request.parse(bytes)? else {
        return Ok(None);
    };
    Ok(Some(Head {
        verb: request.method.unwrap_or_default().to_owned(),
        path: request.path.unwrap_or_default().to_owned(),
        length: Length::of(request.headers)?,
        end,
    }))
}

fn answer_head(bytes: &[u8]) -> Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut answer = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(end) = answer.parse(bytes)? else {
        return Ok(None);
    };
    Ok(Some(Head {
        verb: answer.code.unwrap_or_default().to_string(),
        path: String::new(),
        length: Length::of(answer.headers)?,
        end,
    }))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn requests(text: &str) -> Vec<Message> {
        let mut connection = Connection::new(Cursor::new(text.as_bytes().to_vec()));
        std::iter::from_fn(|| connection.request().unwrap()).collect()
    }

    #[test]
    fn requests_follow_each_other_on_one_connection() {
        let text = "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /b?c HTTP/1.1\r\n\r\n";
        let seen = requests(text);
        assert_eq!(seen.len(), 2);
        assert_eq!(
            (seen[0].verb.as_str(), seen[0].body.as_slice()),
            ("POST", &b"hi"[..])
        );
        assert_eq!(
            (seen[1].verb.as_str(), seen[1].path.as_str()),
            ("GET", "/b?c")
        );
    }

    #[test]
    fn chunks_are_joined_and_kept_as_they_came() {
        let text =
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
        let seen = requests(text);
        assert_eq!(seen[0].body, b"abc");
        assert_eq!(seen[0].raw, text.as_bytes());
    }

    #[test]
    fn an_answer_has_its_status() {
        let text = b"HTTP/1.1 202 Accepted\r\ncontent-length: 1\r\n\r\nx".to_vec();
        let answer = Connection::new(Cursor::new(text)).answer().unwrap();
        assert_eq!(
            (answer.verb.as_str(), answer.body.as_slice()),
            ("202", &b"x"[..])
        );
    }

    #[test]
    fn half_a_message_is_an_error() {
        let text = b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx".to_vec();
        assert!(Connection::new(Cursor::new(text)).request().is_err());
    }
}
