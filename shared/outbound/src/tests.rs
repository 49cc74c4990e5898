//! Tests against local servers that respond in every bad way.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::HeaderValue;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{Limits, Outbound, OutboundError, OutboundRequest, OutboundResponse, Policy, Url};

const LIMITS: Limits = Limits {
    time: Duration::from_millis(400),
    body: 10_000,
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
async fn only_https_to_public_addresses_is_allowed() {
    let outbound = Outbound::new(Policy::default());
    for url in [
        "http://example.com/",
        "ftp://example.com/",
        "https://user@example.com/",
        "data:x",
    ] {
        let refused = get(&outbound, url).await;
        assert!(
            matches!(refused, Err(OutboundError::Url(_))),
            "{url}: {refused:?}"
        );
    }
    for url in [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[fd00:ec2::254]/",
        "https://localhost/",
    ] {
        let refused = get(&outbound, url).await;
        assert!(
            matches!(refused, Err(OutboundError::NotPublic { .. })),
            "{url}: {refused:?}"
        );
    }
}

/// A client for which every name has these addresses, one set for each look-up.
fn resolving(
    sets: &'static [&'static [&'static str]],
    policy: Policy,
) -> (Outbound, Arc<AtomicUsize>) {
    let looked_up = Arc::new(AtomicUsize::new(0));
    let counter = looked_up.clone();
    let resolve = Arc::new(move |_host: String| {
        let at = counter.fetch_add(1, Ordering::SeqCst).min(sets.len() - 1);
        let found: Vec<IpAddr> = sets[at].iter().map(|text| text.parse().unwrap()).collect();
        let found: futures::future::BoxFuture<'static, io::Result<Vec<IpAddr>>> =
            Box::pin(std::future::ready(Ok(found)));
        found
    });
    (Outbound::resolving(policy, resolve), looked_up)
}

#[tokio::test]
async fn a_name_that_resolves_to_a_private_address_is_refused() {
    const PRIVATE: [&[&[&str]]; 4] = [
        &[&["10.0.0.1"]],
        &[&["169.254.169.254", "::1"]],
        &[&["100.64.0.1"]],
        &[&["64:ff9b::a00:1"]],
    ];
    for sets in PRIVATE {
        let (outbound, looked_up) = resolving(sets, Policy::default());
        let refused = get(&outbound, "https://rebound.example/").await;
        assert!(
            matches!(refused, Err(OutboundError::NotPublic { .. })),
            "{sets:?}: {refused:?}"
        );
        assert_eq!(looked_up.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn the_checked_address_is_the_one_that_is_connected_to() {
    // Were the name looked up again to connect, it would lead to the server here.
    let server = server(ok("inside"), true).await;
    let port = server.origin.rsplit(':').next().unwrap();
    let policy = Policy {
        connect: Duration::from_millis(50),
        ..Policy::default()
    };
    let (outbound, looked_up) = resolving(&[&["198.41.0.4"], &["127.0.0.1"]], policy);
    let url = format!("https://rebound.example:{port}/");
    let failed = get(&outbound, &url).await;
    assert!(
        matches!(failed, Err(OutboundError::NoConnection(_))),
        "{failed:?}"
    );
    assert_eq!(looked_up.load(Ordering::SeqCst), 1);
    let second = get(&outbound, &url).await;
    assert!(
        matches!(second, Err(OutboundError::NotPublic { .. })),
        "{second:?}"
    );
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn only_an_allowed_origin_may_be_plain_and_loopback() {
    let (allowed, other) = (server(ok("yes"), true).await, server(ok("no"), true).await);
    let outbound = Outbound::new(Policy {
        allowed_origins: vec![allowed.origin.clone()],
        ..Policy::default()
    });
    assert_eq!(
        &*get(&outbound, &allowed.origin).await.unwrap().body,
        b"yes"
    );
    assert!(get(&outbound, &other.origin).await.is_err());
    assert_eq!(other.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_redirect_is_checked_like_a_first_address() {
    for (location, is_private) in [
        ("https://169.254.169.254/", true),
        ("https://[::ffff:10.0.0.1]/", true),
        ("http://example.com/", false),
    ] {
        let response =
            format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        let server = server(response, true).await;
        let refused = get(&stubbed(&server), "https://example.com/").await;
        match refused {
            Err(OutboundError::NotPublic { .. }) => assert!(is_private, "{location}"),
            Err(OutboundError::Url(_)) => assert!(!is_private, "{location}"),
            other => panic!("{location}: {other:?}"),
        }
        assert_eq!(server.requests.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn redirects_are_limited_by_the_caller() {
    let server = server(
        "HTTP/1.1 307 Again\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n",
        true,
    )
    .await;
    let outbound = stubbed(&server);
    let refused = get(&outbound, "https://example.com/").await;
    assert!(
        matches!(refused, Err(OutboundError::TooManyRedirects(2))),
        "{refused:?}"
    );
    assert_eq!(server.requests.load(Ordering::SeqCst), 3);

    let none = Limits {
        redirects: 0,
        ..LIMITS
    };
    let request = OutboundRequest::get(Url::parse("https://example.com/").unwrap());
    assert_eq!(
        outbound
            .send(request.clone(), none)
            .await
            .unwrap()
            .status
            .as_u16(),
        307
    );
    let post = OutboundRequest {
        method: http::Method::POST,
        ..request
    };
    assert_eq!(
        outbound.send(post, LIMITS).await.unwrap().status.as_u16(),
        307
    );
}

#[tokio::test]
async fn credentials_do_not_follow_to_another_host() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let plain = ok("");
    let serving = async {
        let mut heads = Vec::new();
        let (mut stream, _) = listener.accept().await.unwrap();
        for response in [
            "HTTP/1.1 302 Found\r\nlocation: https://other.example/\r\ncontent-length: 0\r\n\r\n",
            &plain,
        ] {
            let mut buffer = [0; 1024];
            let length = stream.read(&mut buffer).await.unwrap();
            heads.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
            stream.write_all(response.as_bytes()).await.unwrap();
        }
        heads
    };
    let outbound = Outbound::new(Policy {
        stub_server: Some(Url::parse(&base).unwrap()),
        ..Policy::default()
    });
    let mut request = OutboundRequest::get(Url::parse("https://example.com/").unwrap());
    request
        .headers
        .insert("authorization", HeaderValue::from_static("Bearer x"));
    request
        .headers
        .insert("accept", HeaderValue::from_static("text/html"));
    let (heads, response) = futures::future::join(serving, outbound.send(request, LIMITS)).await;
    assert_eq!(response.unwrap().url.as_str(), "https://other.example/");
    assert!(heads[0].contains("authorization") && !heads[1].contains("authorization"));
    assert!(heads[1].contains("text/html"));
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
    for response in [
        "",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
        "SSH-2.0-OpenSSH\r\n\r\n",
    ] {
        let server = server(response, false).await;
        let broken = get(&stubbed(&server), "https://example.com/").await;
        assert!(
            matches!(broken, Err(OutboundError::Broken(_))),
            "{response:?}: {broken:?}"
        );
    }
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

#[test]
fn the_stub_server_must_be_on_a_loopback_address() {
    let of = |value: &str| {
        let env = config::Env::from_pairs([("BASE", value)]);
        Policy::from_env(&env, "BASE").map(|policy| policy.stub_server.is_some())
    };
    assert!(of("http://127.0.0.1:8080").unwrap());
    assert!(of("http://[::1]:8080/").unwrap());
    assert!(!of("").unwrap());
    for wrong in [
        "http://10.0.0.1",
        "http://localhost:8080",
        "https://example.com",
        "x",
    ] {
        assert!(of(wrong).is_err(), "{wrong}");
    }
}
