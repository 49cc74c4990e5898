//! Whatever text is given for a URL: what it leads to is public, on a port of the list, and what was checked.

use std::net::IpAddr;
use std::time::Duration;

use proptest::prelude::*;
use tokio::runtime::Builder;

use super::network::{Asked, Dialing, network, sets};
use super::registries::{address, is_reachable};
use super::{LIMITS, urls};
use crate::{Outbound, OutboundError, OutboundRequest, Policy, Ports, Url};

const PORTS: [u16; 2] = [443, 8443];

/// Where a URL leads: read from its text, by hand.
struct Place<'a> {
    host: &'a str,
    port: u16,
}

impl<'a> Place<'a> {
    /// Of a URL as the URL standard writes it.
    fn of(url: &'a str) -> Self {
        let (scheme, rest) = url.split_once("://").unwrap();
        assert_eq!(scheme, "https", "{url}");
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let authority = &rest[..end];
        assert!(!authority.contains('@'), "{url} has user information");
        match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => Self {
                host,
                port: port.parse().unwrap(),
            },
            _ => Self {
                host: authority,
                port: 443,
            },
        }
    }

    fn address(&self) -> Option<IpAddr> {
        self.host.trim_matches(['[', ']']).parse().ok()
    }
}

/// What the guard has done with a URL.
struct Done {
    checked: Result<(), OutboundError>,
    sent: OutboundError,
    asked: Asked,
}

/// Checks a URL as when a webhook is registered, then sends to what was stored.
fn guarded(url: &Url, answers: Vec<Vec<IpAddr>>) -> Done {
    let (network, asked) = network(answers, Dialing::Refused);
    let policy = Policy {
        ports: Ports::parse("443,8443").unwrap(),
        ..Policy::default()
    };
    let outbound = Outbound::on(policy, network);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (checked, sent) = runtime.block_on(async {
        let checked = outbound.check(url, Duration::from_secs(1)).await;
        let stored = Url::parse(url.as_str()).unwrap();
        let sent = outbound.send(OutboundRequest::get(stored), LIMITS).await;
        (checked, sent.unwrap_err())
    });
    Done {
        checked,
        sent,
        asked,
    }
}

/// Panics if a text for a URL leads to where no request may go. Names have the next of `answers` at each look-up.
fn assert_guarded(text: &str, answers: &[Vec<IpAddr>]) {
    let Ok(url) = Url::parse(text.trim()) else {
        return;
    };
    let done = guarded(&url, answers.to_vec());
    let (names, addresses) = (done.asked.names(), done.asked.addresses());
    for to in &addresses {
        assert!(is_reachable(to.ip()), "{text:?} leads to {to}");
        assert!(PORTS.contains(&to.port()), "{text:?} leads to {to}");
    }
    let is_refused =
        |error: &OutboundError| matches!(error, OutboundError::Url(_) | OutboundError::Port(_));
    if is_refused(&done.sent) {
        assert!(
            done.checked.is_err(),
            "{text:?} is refused only when it is sent"
        );
        assert!(names.is_empty() && addresses.is_empty(), "{text:?}");
        return;
    }
    let place = Place::of(url.as_str());
    assert!(
        PORTS.contains(&place.port),
        "{text:?} has port {}",
        place.port
    );
    assert!(
        addresses.iter().all(|to| to.port() == place.port),
        "{text:?}"
    );
    if let Some(address) = place.address() {
        assert!(names.is_empty(), "{text:?} was looked up");
        assert!(addresses.iter().all(|to| to.ip() == address), "{text:?}");
    } else {
        // One look-up to check, and one to connect, after which there is no other.
        assert!(
            names.len() <= 2 && names.iter().all(|name| name == place.host),
            "{text:?}: {names:?}"
        );
        let answer = answers.get(1).or(answers.last());
        let is_answered = |ip: IpAddr| answer.is_some_and(|answer| answer.contains(&ip));
        assert!(
            addresses.iter().all(|to| is_answered(to.ip())),
            "{text:?}: {addresses:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_text_grown_from_pieces_of_urls_reaches_public_addresses_only(text in urls::url(), answers in answers()) {
        assert_guarded(&text, &answers);
    }

    #[test]
    fn any_text_reaches_public_addresses_only(text in any::<String>(), is_https in any::<bool>(), answers in answers()) {
        let scheme = if is_https { "https://" } else { "" };
        assert_guarded(&format!("{scheme}{text}"), &answers);
    }
}

fn answers() -> impl Strategy<Value = Vec<Vec<IpAddr>>> {
    prop::collection::vec(prop::collection::vec(address(), 0..4), 0..3)
}

#[test]
fn what_is_allowed_leads_to_every_public_address_of_the_last_look_up() {
    let answers = sets(&[
        &["8.8.8.8"],
        &[
            "10.0.0.1",
            "93.184.215.14",
            "::ffff:8.8.8.8",
            "2606:4700::1111",
            "::1",
        ],
    ]);
    let url = Url::parse("https://example.com:8443/a").unwrap();
    let done = guarded(&url, answers);
    done.checked.unwrap();
    assert_eq!(done.asked.names(), ["example.com", "example.com"]);
    let addresses = done.asked.addresses().into_iter();
    let addresses: Vec<String> = addresses.map(|to| to.to_string()).collect();
    assert_eq!(addresses, ["93.184.215.14:8443", "[2606:4700::1111]:8443"]);
}

/// A URL, and behind an empty line the addresses of its name: those of a look-up on each line.
#[test]
fn fuzz_outbound_url() {
    fuzzing::check("outbound_url", |input| {
        let text = String::from_utf8_lossy(input);
        let (url, answers) = text.split_once("\n\n").unwrap_or((&text, DEFAULT_ANSWERS));
        let set = |line: &str| line.split(',').filter_map(|one| one.parse().ok()).collect();
        let answers: Vec<Vec<IpAddr>> = answers.lines().take(3).map(set).collect();
        assert_guarded(url, &answers);
    });
}

const DEFAULT_ANSWERS: &str = "93.184.215.14,127.0.0.1\n10.0.0.1,8.8.8.8,::ffff:127.0.0.1";
