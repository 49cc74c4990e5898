//! Which addresses are called.

use outbound::{Outbound, Policy};
use std::time::Duration;
use url::{Host, Url};

/// The time to connect.
const CONNECT: Duration = Duration::from_secs(10);

/// The base URL of an API: https, or on this machine. A key must not travel unencrypted.
pub(super) fn base(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("{text} is not a URL: {error}"))?;
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if !is_safe {
        return Err(format!(
            "{text} must be https, since the key is sent there; http only on this machine"
        ));
    }
    if url.query().is_some() || url.fragment().is_some() || has_user(&url) {
        return Err(format!(
            "{text} must be a base URL, such as https://api.example.com"
        ));
    }
    Ok(url)
}

/// The URL of a program on this machine.
pub(super) fn local(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| {
        url.scheme() == "http" && is_loopback(url) && url.fragment().is_none() && !has_user(url)
    });
    url.ok_or_else(|| {
        "deliveries are forwarded to this machine only: http at localhost or another loopback address".to_owned()
    })
}

/// A client for this URL, which may be on this machine.
pub(super) fn client(url: &Url) -> Outbound {
    let mut policy = Policy {
        connect: CONNECT,
        ..Policy::default()
    };
    if is_loopback(url) {
        policy
            .allowed_origins
            .push(url.origin().ascii_serialization());
    }
    Outbound::new(policy)
}

/// By RFC 6761, `localhost` and the names below it are this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deliveries_stay_on_this_machine() {
        for text in [
            "http://localhost:3000/hooks",
            "http://127.0.0.1",
            "http://127.9.9.9:1/a?b=c",
            "http://[::1]:3000/hooks",
            "http://app.localhost:3000/",
        ] {
            assert_eq!(local(text).map(|url| is_loopback(&url)), Ok(true), "{text}");
        }
        for text in [
            "http://example.com/hooks",
            "http://10.0.0.1:3000",
            "http://192.168.1.2",
            "http://0.0.0.0:3000",
            "http://[::]:3000",
            "http://[::ffff:127.0.0.1]:3000",
            "http://localhost.example.com",
            "http://notlocalhost:3000",
            "http://localhost@example.com",
            "http://me@localhost:3000",
            "https://localhost:3000",
            "ftp://localhost",
            "localhost:3000",
            "",
        ] {
            assert!(local(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_is_sent_encrypted_or_to_this_machine() {
        for text in [
            "https://api.example.com",
            "https://api.example.com/v2/",
            "http://127.0.0.1:4566",
            "http://localhost:4566",
        ] {
            assert!(base(text).is_ok(), "{text}");
        }
        for text in [
            "http://api.example.com",
            "http://10.0.0.1",
            "api.example.com",
            "https://me@api.example.com",
            "https://api.example.com?a=b",
            "https://api.example.com#a",
            "ftp://localhost",
        ] {
            assert!(base(text).is_err(), "{text}");
        }
    }
}
