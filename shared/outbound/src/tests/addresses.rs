//! Which addresses are reached.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http::Uri;
use tower_service::Service;

use super::network::{Dialing, network, sets};
use super::{get, ok, server, stubbed};
use crate::connect::{ConnectError, Connector};
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

#[tokio::test]
async fn a_name_that_resolves_to_a_private_address_is_refused() {
    const PRIVATE: [&[&[&str]]; 4] = [
        &[&["10.0.0.1"]],
        &[&["169.254.169.254", "::1"]],
        &[&["100.64.0.1"]],
        &[&["64:ff9b::a00:1"]],
    ];
    for answers in PRIVATE {
        let (network, asked) = network(sets(answers), Dialing::Refused);
        let outbound = Outbound::on(Policy::default(), network);
        let refused = get(&outbound, "https://rebound.example/").await;
        assert!(
            matches!(refused, Err(OutboundError::NotPublic { .. })),
            "{answers:?}: {refused:?}"
        );
        assert_eq!(asked.names(), ["rebound.example"]);
        assert!(asked.addresses().is_empty());
    }
}

#[tokio::test]
async fn an_address_in_a_url_is_checked_where_connections_are_made_too() {
    for url in [
        "https://127.0.0.1/",
        "https://[::1]:8443/",
        "https://[::ffff:7f00:1]/",
    ] {
        let (network, asked) = network(Vec::new(), Dialing::Refused);
        let mut connector = Connector::new(Arc::new(Policy::default()), network);
        let refused = connector.call(Uri::from_static(url)).await;
        assert!(
            matches!(refused, Err(ConnectError::NotPublic { .. })),
            "{url}: {refused:?}"
        );
        assert!(asked.addresses().is_empty(), "{url}");
    }
}

#[tokio::test]
async fn the_checked_address_is_the_one_that_is_connected_to() {
    // Were the name looked up again to connect, it would lead inside.
    let (network, asked) = network(
        sets(&[&["198.41.0.4"], &["127.0.0.1"]]),
        Dialing::Unanswered,
    );
    let policy = Policy {
        connect: Duration::from_millis(50),
        ..Policy::default()
    };
    let mut connector = Connector::new(Arc::new(policy), network);
    let uri = Uri::from_static("https://rebound.example/");
    let failed = connector.call(uri.clone()).await;
    assert!(
        matches!(failed, Err(ConnectError::Unreachable { .. })),
        "{failed:?}"
    );
    assert_eq!(asked.names().len(), 1);
    let second = connector.call(uri).await;
    assert!(
        matches!(second, Err(ConnectError::NotPublic { .. })),
        "{second:?}"
    );
    assert_eq!(asked.addresses(), ["198.41.0.4:443".parse().unwrap()]);
}

#[tokio::test]
async fn the_standard_port_may_be_written_out() {
    let server = server(ok("yes"), true).await;
    let outbound = stubbed(&server);
    let response = get(&outbound, "https://example.com:443/").await.unwrap();
    assert_eq!(response.url.as_str(), "https://example.com/");
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
