//! What arrives at a socket of this machine: nothing.

use std::future::ready;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tokio::net::{TcpListener, TcpStream};

use super::registries::is_reachable;
use super::{LIMITS, urls};
use crate::network::Network;
use crate::{Outbound, OutboundRequest, Policy, Ports, Url};

/// URLs that are sent to.
const URLS: usize = 10_000;

/// Addresses that lead to this machine, or nowhere beyond its network.
const INSIDE: [&str; 10] = [
    "127.0.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "169.254.169.254",
    "10.0.0.1",
    "fe80::1",
];

/// Counts the connections to a port of every address of this machine.
async fn listen() -> (u16, Arc<AtomicUsize>) {
    let listener = match TcpListener::bind("[::]:0").await {
        Ok(listener) => listener,
        // A machine without IPv6.
        Err(_) => TcpListener::bind("0.0.0.0:0").await.unwrap(),
    };
    let (port, connections) = (
        listener.local_addr().unwrap().port(),
        Arc::<AtomicUsize>::default(),
    );
    let counted = connections.clone();
    #[expect(clippy::disallowed_methods, reason = "it listens until the test ends")]
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (port, connections)
}

/// A server's address, beside which a name may have others.
const OUTSIDE: &str = "93.184.215.14";

/// The operating system's connections, and names that have a server's address, then each of
/// [`INSIDE`], then all of them.
fn inside() -> Network {
    let looked_up = AtomicUsize::new(0);
    let dial = Network::system().dial;
    Network {
        resolve: Arc::new(move |_| {
            let all = [&[OUTSIDE], &INSIDE[..]].concat();
            let at = looked_up.fetch_add(1, Ordering::SeqCst) % (all.len() + 1);
            let found = all.get(at..=at).unwrap_or(&all);
            let found: Vec<IpAddr> = found.iter().map(|text| text.parse().unwrap()).collect();
            Box::pin(ready(Ok(found)))
        }),
        // Those of others' servers are left alone.
        dial: Arc::new(move |address| {
            if is_reachable(address.ip()) {
                return Box::pin(ready(Err(std::io::ErrorKind::ConnectionRefused.into())));
            }
            dial(address)
        }),
        ..Network::system()
    }
}

fn url(port: u16) -> impl Strategy<Value = String> {
    let address = select(&INSIDE[..]).prop_map(|text| text.parse().unwrap());
    let host = prop_oneof![
        urls::name(),
        (address, 0..20_usize).prop_map(|(address, way)| urls::written(address, way)),
    ];
    let ports = [format!(":{port}"), format!(":0{port}"), String::new()];
    urls::url_with(host, select(ports.to_vec()))
}

#[tokio::test]
async fn ten_thousand_urls_open_no_connection_to_this_machine() {
    let (port, connections) = listen().await;
    let policy = Policy {
        ports: Ports::parse(&format!("443,{port}")).unwrap(),
        ..Policy::default()
    };
    let outbound = Outbound::on(policy, inside());
    let (mut runner, url) = (TestRunner::deterministic(), url(port));
    let mut sent = 0;
    while sent < URLS {
        let text = url.new_tree(&mut runner).unwrap().current();
        let Ok(url) = Url::parse(&text) else {
            continue;
        };
        sent += 1;
        let refused = outbound.send(OutboundRequest::get(url), LIMITS).await;
        refused.unwrap_err();
        assert_eq!(connections.load(Ordering::SeqCst), 0, "{text:?}");
    }
    // Connections are counted: this one is.
    let _open = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    while connections.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}
