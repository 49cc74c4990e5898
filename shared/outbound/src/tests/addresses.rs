//! Which addresses are reached.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{get, ok, server};
use crate::{Outbound, OutboundError, Policy};

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
