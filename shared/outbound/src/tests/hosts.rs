//! The host that was checked is the one in the TLS handshake, in the certificate, and in the request.

use super::network::{Dialing, network, sets};
use super::tls::{Authority, TlsServer};
use super::{LIMITS, get};
use crate::network::Network;
use crate::{Outbound, OutboundRequest, Policy, Ports, Url};

const ADDRESS: &str = "93.184.215.14";

fn policy() -> Policy {
    Policy {
        ports: Ports::parse("443,8443").unwrap(),
        ..Policy::default()
    }
}

/// Sends to a URL. The name that was looked up if it has one, and what it must be in the handshake and in `Host`.
async fn check(url: &str, looked_up: Option<&str>, server_name: Option<&str>, host: &str) {
    let authority = Authority::new("Trusted");
    let names = ["example.com", "xn--bcher-kva.example", ADDRESS];
    let server = TlsServer::start(&authority.issue(&names, (2020, 4000)));
    let (network, asked) = network(sets(&[&[ADDRESS]]), Dialing::LeadsTo(server.address));
    let network = Network {
        roots: authority.trusted(),
        ..network
    };
    let response = get(&Outbound::on(policy(), network), url).await.unwrap();
    assert_eq!(response.status.as_u16(), 200, "{url}");
    assert_eq!(asked.names(), Vec::from_iter(looked_up), "{url}");
    let port = Url::parse(url).unwrap().port_or_known_default().unwrap();
    let address = format!("{ADDRESS}:{port}").parse().unwrap();
    assert_eq!(asked.addresses(), [address], "{url}");
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 1, "{url}");
    assert_eq!(arrived[0].server_name.as_deref(), server_name, "{url}");
    let hosts = arrived[0].head.lines().filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("host").then_some(value)
    });
    assert_eq!(hosts.collect::<Vec<_>>(), [host], "{url}");
}

#[tokio::test]
async fn the_host_that_was_checked_is_that_of_the_handshake_and_of_the_request() {
    let example = Some("example.com");
    for url in [
        "https://example.com/a?b",
        "https://EXAMPLE.com:443/",
        "https:\\\\%65xample.com\\@10.0.0.1/",
        "https://exam\nple。com#@10.0.0.1",
    ] {
        check(url, example, example, "example.com").await;
    }
    check(
        "https://example.com:8443/",
        example,
        example,
        "example.com:8443",
    )
    .await;
    check(
        "https://example.com./",
        Some("example.com."),
        example,
        "example.com.",
    )
    .await;
    let idna = "xn--bcher-kva.example";
    check("https://Bücher.example/", Some(idna), Some(idna), idna).await;
    check("https://93.184.215.14/", None, None, ADDRESS).await;
    check("https://0x5db8d70e:8443/", None, None, "93.184.215.14:8443").await;
}

#[tokio::test]
async fn an_open_connection_is_used_for_its_own_host_and_port_only() {
    let authority = Authority::new("Trusted");
    let server = TlsServer::start(&authority.issue(&["*.example.com"], (2020, 4000)));
    let (network, asked) = network(sets(&[&[ADDRESS]]), Dialing::LeadsTo(server.address));
    let network = Network {
        roots: authority.trusted(),
        ..network
    };
    let outbound = Outbound::on(policy(), network);
    let urls = [
        "https://a.example.com/",
        "https://b.example.com/",
        "https://a.example.com:8443/",
    ];
    for url in urls {
        let request = OutboundRequest::get(Url::parse(url).unwrap());
        outbound.send(request, LIMITS).await.unwrap();
    }
    assert_eq!(asked.addresses().len(), urls.len());
    assert_eq!(
        asked.names(),
        ["a.example.com", "b.example.com", "a.example.com"]
    );
}
