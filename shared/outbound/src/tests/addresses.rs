//! Which addresses are reached.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::Uri;
use tower_service::Service;

use super::{get, ok, server, stubbed};
use crate::connect::{ConnectError, Connector, Resolve};
use crate::{Outbound, OutboundError, Policy};

#[tokio::test]
async fn only_https_to_public_addresses_is_allowed() {
    let outbound = Outbound::new(Policy::default());
    for url in [
        "http://example.com/",
        "ftp://example.com/",
        "https://user@example.com/",
        "https://example.com:80/",
        "https://example.com:8443/",
        "https://example.com:22/",
        "https://example.com:0/",
        "https://8.8.8.8:25/",
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
    let (resolve, looked_up) = answering(sets);
    (Outbound::resolving(policy, resolve), looked_up)
}

/// A resolver that returns one set for each look-up, and counts them.
fn answering(sets: &'static [&'static [&'static str]]) -> (Resolve, Arc<AtomicUsize>) {
    let looked_up = Arc::new(AtomicUsize::new(0));
    let counter = looked_up.clone();
    let resolve = Arc::new(move |_host: String| {
        let at = counter.fetch_add(1, Ordering::SeqCst).min(sets.len() - 1);
        let found: Vec<IpAddr> = sets[at].iter().map(|text| text.parse().unwrap()).collect();
        let found: futures::future::BoxFuture<'static, io::Result<Vec<IpAddr>>> =
            Box::pin(std::future::ready(Ok(found)));
        found
    });
    (resolve, looked_up)
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

/// A connector for which every name has these addresses, one set for each look-up.
fn connecting(sets: &'static [&'static [&'static str]]) -> (Connector, Arc<AtomicUsize>) {
    let policy = Policy {
        connect: Duration::from_millis(50),
        ..Policy::default()
    };
    let (resolve, looked_up) = answering(sets);
    (Connector::new(Arc::new(policy), resolve), looked_up)
}

#[tokio::test]
async fn the_checked_address_is_the_one_that_is_connected_to() {
    // Were the name looked up again to connect, it would lead to the server here. The policy has no other port than 443, so
    // the connector is asked itself.
    let server = server(ok("inside"), true).await;
    let port = server.origin.rsplit(':').next().unwrap();
    let (mut connector, looked_up) = connecting(&[&["198.41.0.4"], &["127.0.0.1"]]);
    let uri: Uri = format!("https://rebound.example:{port}/").parse().unwrap();
    let failed = connector.call(uri.clone()).await;
    assert!(
        matches!(failed, Err(ConnectError::Unreachable { .. })),
        "{failed:?}"
    );
    assert_eq!(looked_up.load(Ordering::SeqCst), 1);
    let second = connector.call(uri).await;
    assert!(
        matches!(second, Err(ConnectError::NotPublic { .. })),
        "{second:?}"
    );
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_standard_port_may_be_written_out() {
    let server = server(ok("yes"), true).await;
    let outbound = stubbed(&server);
    let response = get(&outbound, "https://example.com:443/").await.unwrap();
    assert_eq!(response.url.as_str(), "https://example.com/");
    let refused = get(&outbound, "https://example.com:444/").await;
    assert!(matches!(refused, Err(OutboundError::Url(_))), "{refused:?}");
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
