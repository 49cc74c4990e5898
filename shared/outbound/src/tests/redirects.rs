//! Which redirects are followed, and with which headers.

use std::sync::atomic::Ordering;

use http::HeaderValue;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{LIMITS, get, ok, server, stubbed};
use crate::{Limits, Outbound, OutboundError, OutboundRequest, Policy, Url};

#[tokio::test]
async fn a_redirect_is_checked_like_a_first_address() {
    for (location, is_private) in [
        ("https://169.254.169.254/", true),
        ("https://[::ffff:10.0.0.1]/", true),
        ("http://example.com/", false),
        ("https://example.com:8080/", false),
    ] {
        let response =
            format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        let server = server(response, true).await;
        let refused = get(&stubbed(&server), "https://example.com/").await;
        match refused {
            Err(OutboundError::NotPublic { .. }) => assert!(is_private, "{location}"),
            Err(OutboundError::Url(_) | OutboundError::Port(_)) => {
                assert!(!is_private, "{location}");
            }
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
    let response = outbound.send(request.clone(), none).await.unwrap();
    assert_eq!(response.status.as_u16(), 307);
    assert_eq!(
        response.redirect().unwrap().as_str(),
        "https://example.com/x"
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
