//! Tests against local servers that respond in every bad way.

mod addresses;
mod endpoints;
mod guard;
mod hosts;
mod network;
mod ports;
mod redirects;
mod registries;
mod sockets;
mod tls;
mod urls;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{Limits, Outbound, OutboundError, OutboundRequest, OutboundResponse, Policy, Url};

const LIMITS: Limits = Limits {
    time: Duration::from_millis(400),
    body: 10_000,
    cut: false,
    redirects: 2,
};

/// A server that writes this after each request's head, and then holds the connection or ends it.
/// Counts connections and requests.
struct Server {
    origin: String,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

async fn server(response: impl Into<Vec<u8>>, holds: bool) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (connections, requests) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let (response, counted) = (
        Arc::new(response.into()),
        (connections.clone(), requests.clone()),
    );
    #[expect(clippy::disallowed_methods, reason = "it serves until the test ends")]
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.0.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(stream, response.clone(), holds, counted.1.clone()));
        }
    });
    Server {
        origin,
        connections,
        requests,
    }
}

async fn serve(
    mut stream: TcpStream,
    response: Arc<Vec<u8>>,
    holds: bool,
    requests: Arc<AtomicUsize>,
) {
    let (mut seen, mut buffer) = (Vec::new(), [0; 1024]);
    loop {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(length) => seen.extend_from_slice(&buffer[..length]),
        }
        if !seen.ends_with(b"\r\n\r\n") {
            continue;
        }
        seen.clear();
        requests.fetch_add(1, Ordering::SeqCst);
        let _gone = stream.write_all(&response).await;
        if !holds {
            return;
        }
    }
}

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A client that sends every request to this server.
fn stubbed(server: &Server) -> Outbound {
    Outbound::new(Policy {
        stub_server: Some(Url::parse(&server.origin).unwrap()),
        ..Policy::default()
    })
}

async fn get(outbound: &Outbound, url: &str) -> Result<OutboundResponse, OutboundError> {
    outbound
        .send(OutboundRequest::get(Url::parse(url).unwrap()), LIMITS)
        .await
}

#[tokio::test]
async fn a_response_is_read_and_the_connection_reused() {
    let server = server(ok("hello"), true).await;
    let outbound = stubbed(&server);
    for _ in 0..3 {
        let response = get(&outbound, "https://example.com/a?b=c").await.unwrap();
        assert_eq!(
            (response.status.as_u16(), &*response.body),
            (200, &b"hello"[..])
        );
        assert_eq!(response.url.as_str(), "https://example.com/a?b=c");
    }
    assert_eq!(server.requests.load(Ordering::SeqCst), 3);
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn responses_over_the_time_or_size_limit_are_errors() {
    let silent = server("", true).await;
    let half = server("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", true).await;
    for server in [silent, half] {
        let outbound = stubbed(&server);
        let late = get(&outbound, "https://example.com/").await;
        assert!(matches!(late, Err(OutboundError::TimedOut(_))), "{late:?}");
    }
    let announced = server(ok(&"x".repeat(10_001)), true).await;
    let chunks = format!("4000\r\n{}\r\n", "x".repeat(0x4000)).repeat(3);
    let chunked = server(
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}"),
        true,
    )
    .await;
    for server in [announced, chunked] {
        let large = get(&stubbed(&server), "https://example.com/").await;
        assert!(
            matches!(large, Err(OutboundError::TooLarge(10_000))),
            "{large:?}"
        );
    }
}

#[tokio::test]
async fn responses_that_break_off_or_are_not_http_are_errors() {
    for response in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"] {
        let server = server(response, false).await;
        let broken = get(&stubbed(&server), "https://example.com/").await;
        assert!(
            matches!(broken, Err(OutboundError::Broken(_))),
            "{response:?}: {broken:?}"
        );
    }
    let other = server("SSH-2.0-OpenSSH\r\n\r\n", false).await;
    let other = get(&stubbed(&other), "https://example.com/").await;
    assert!(matches!(other, Err(OutboundError::NotHttp(_))), "{other:?}");
    let unreachable = Outbound::new(Policy {
        stub_server: Some(Url::parse("http://127.0.0.1:9").unwrap()),
        ..Policy::default()
    });
    let refused = get(&unreachable, "https://example.com/").await;
    assert!(
        matches!(refused, Err(OutboundError::NoConnection(_))),
        "{refused:?}"
    );
}
