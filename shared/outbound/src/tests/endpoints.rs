//! What is said of each endpoint that fails. A webhook's account reads these texts in its attempts.

use std::future::ready;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use types::Chain;

use super::network::{Dialing, network, sets};
use super::tls::{Authority, Identity, TlsServer};
use super::{LIMITS, get, server};
use crate::network::Network;
use crate::{Limits, Outbound, OutboundRequest, Policy, Url};

const URL: &str = "https://example.com/";

/// What is said when a URL is requested.
async fn text(outbound: &Outbound, url: &str) -> String {
    match get(outbound, url).await {
        Ok(response) => format!("status {}", response.status.as_u16()),
        Err(error) => Chain(&error).to_string(),
    }
}

/// What is said of a network in which every name has these sets of addresses.
async fn said(addresses: &[&[&str]], dialing: Dialing) -> String {
    let (network, _) = network(sets(addresses), dialing);
    let policy = Policy {
        connect: Duration::from_millis(50),
        ..Policy::default()
    };
    text(&Outbound::on(policy, network), URL).await
}

/// A client that may request an origin of plain http.
fn plain(origin: &str) -> Outbound {
    Outbound::new(Policy {
        allowed_origins: vec![origin.to_owned()],
        ..Policy::default()
    })
}

const PUBLIC: &[&str] = &["93.184.215.14"];

#[tokio::test]
async fn names_and_connections() {
    let (network, _) = network(sets(&[PUBLIC, &["10.0.0.1"]]), Dialing::Refused);
    let outbound = Outbound::on(Policy::default(), network);
    let url = Url::parse(URL).unwrap();
    outbound.check(&url, LIMITS.time).await.unwrap();
    // It was public when the webhook was registered.
    assert_eq!(
        text(&outbound, URL).await,
        "example.com has no public address"
    );
    let nowhere = said(&[&[]], Dialing::Refused).await;
    assert_eq!(nowhere, "example.com has no public address");

    let unresolved = Network {
        resolve: Arc::new(|_| Box::pin(ready(Err(io::Error::other("Name or service not known"))))),
        ..Network::system()
    };
    let outbound = Outbound::on(Policy::default(), unresolved);
    assert_eq!(
        text(&outbound, URL).await,
        "no connection: example.com cannot be resolved: Name or service not known"
    );
    assert_eq!(
        said(&[PUBLIC], Dialing::Refused).await,
        "no connection: example.com cannot be connected to: connection refused"
    );
    assert_eq!(
        said(&[PUBLIC], Dialing::Unanswered).await,
        "no connection: example.com cannot be connected to: timed out"
    );
    // By the operating system: nothing listens there any more.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(
        said(&[PUBLIC], Dialing::LeadsTo(closed)).await,
        "no connection: example.com cannot be connected to: connection refused"
    );
}

/// What is said of a certificate.
async fn said_of(authority: &Authority, identity: &Identity) -> String {
    let server = TlsServer::start(identity);
    let (network, _) = network(sets(&[PUBLIC]), Dialing::LeadsTo(server.address));
    let network = Network {
        roots: authority.trusted(),
        ..network
    };
    let text = text(&Outbound::on(Policy::default(), network), URL).await;
    assert!(server.arrived().is_empty(), "a request arrived");
    text
}

#[tokio::test]
async fn certificates() {
    let (trusted, stranger) = (Authority::new("Trusted"), Authority::new("Stranger"));
    let now = (2020, 4000);
    for (identity, expected) in [
        (
            trusted.issue(&["other.example"], now),
            "is not valid for example.com",
        ),
        (trusted.issue(&["example.com"], (2000, 2001)), "has expired"),
        (
            trusted.issue(&["example.com"], (3000, 3001)),
            "is not valid yet",
        ),
        (
            stranger.issue(&["example.com"], now),
            "is not signed by an authority that is publicly trusted",
        ),
        (
            Identity::self_signed("example.com", false),
            "is not signed by an authority that is publicly trusted",
        ),
        (
            Identity::self_signed("example.com", true),
            "is an authority's and not a server's, as self-signed ones are",
        ),
    ] {
        let expected = format!("no connection: its certificate {expected}");
        assert_eq!(said_of(&trusted, &identity).await, expected);
    }
}

#[tokio::test]
async fn handshakes() {
    for (response, holds, expected) in [
        (
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            true,
            "no connection: it does not speak TLS on this port",
        ),
        ("", false, "no connection: tls handshake eof"),
        ("", true, "no complete response within 400 ms"),
    ] {
        let address = speaking(response, holds).await;
        assert_eq!(said(&[PUBLIC], Dialing::LeadsTo(address)).await, expected);
    }
}

#[tokio::test]
async fn responses() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf";
    let (large, many) = ("x".repeat(1_000_000), "x: y\r\n".repeat(101));
    for (response, expected) in [
        (
            String::new(),
            "the connection broke off: connection closed before message completed",
        ),
        (
            "HTTP/1.1 200 OK\r\nx-half:".to_owned(),
            "the connection broke off: connection closed before message completed",
        ),
        (
            half.to_owned(),
            "the connection broke off: end of file before message length reached",
        ),
        (
            "SSH-2.0-OpenSSH\r\n\r\n".to_owned(),
            "the response is not valid HTTP/1.1: invalid HTTP version parsed",
        ),
        (
            format!("HTTP/1.1 200 OK\r\nx: {large}\r\n\r\n"),
            "the response is not valid HTTP/1.1: message head is too large",
        ),
        (
            format!("HTTP/1.1 200 OK\r\n{many}\r\n"),
            "the response is not valid HTTP/1.1: message head is too large",
        ),
    ] {
        let server = server(response, false).await;
        assert_eq!(text(&plain(&server.origin), &server.origin).await, expected);
    }
}

#[tokio::test]
async fn a_connection_that_is_reset() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "it serves until the test ends")]
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        // What has arrived is not read, so that the system resets the connection.
        stream.peek(&mut [0]).await.unwrap();
    });
    assert_eq!(
        text(&plain(&origin), &origin).await,
        "the connection broke off: connection reset"
    );
}

/// A server that responds with a beginning, and a byte every 20 ms.
async fn dripping(beginning: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "it serves until the test ends")]
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                stream.peek(&mut [0]).await.unwrap();
                stream.write_all(beginning.as_bytes()).await.unwrap();
                while stream.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            });
        }
    });
    origin
}

#[tokio::test]
async fn what_drips_ends_in_time() {
    for beginning in [
        "HTTP/1.1 200 OK\r\nx-",
        "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
    ] {
        let origin = dripping(beginning).await;
        for cut in [false, true] {
            let limits = Limits { cut, ..LIMITS };
            let request = OutboundRequest::get(Url::parse(&origin).unwrap());
            let late = plain(&origin).send(request, limits).await.unwrap_err();
            let text = Chain(&late).to_string();
            assert_eq!(text, "no complete response within 400 ms", "{beginning:?}");
        }
    }
}

#[tokio::test]
async fn a_body_without_end_is_cut_or_too_large() {
    let head = "HTTP/1.1 200 OK\r\n\r\n";
    let server = server(format!("{head}{}", "x".repeat(1 << 20)), true).await;
    let limits = Limits {
        cut: true,
        ..LIMITS
    };
    let request = OutboundRequest::get(Url::parse(&server.origin).unwrap());
    let outbound = plain(&server.origin);
    let response = outbound.send(request, limits).await.unwrap();
    assert_eq!(response.body.len(), LIMITS.body);
    let large = text(&outbound, &server.origin).await;
    assert_eq!(large, "the response is larger than 10000 bytes");
}

/// A server that speaks first, whatever it is sent.
async fn speaking(text: &'static str, holds: bool) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    #[expect(clippy::disallowed_methods, reason = "it serves until the test ends")]
    tokio::spawn(async move {
        let mut held: Vec<TcpStream> = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.readable().await.unwrap();
            let _read = stream.try_read(&mut [0; 4096]);
            stream.write_all(text.as_bytes()).await.unwrap();
            if holds {
                held.push(stream);
            }
        }
    });
    address
}
