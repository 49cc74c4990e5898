//! Which ports are allowed, and what a setting that is not valid is told.

use super::{get, ok, server};
use crate::{Outbound, OutboundError, Policy, Ports, Url};

fn from_env(pairs: &[(&str, &str)]) -> Result<Policy, String> {
    let env = config::Env::from_pairs(pairs.iter().copied());
    let policy = Policy::from_env(&env, "BASE").and_then(|policy| policy.on_ports(&env, "PORTS"));
    policy.map_err(|error| error.to_string())
}

#[test]
fn ports_are_443_or_those_of_the_setting() {
    for (pairs, expected) in [
        (&[][..], "443"),
        (&[("PORTS", "")], "443"),
        (&[("PORTS", "443,8443")], "443 or 8443"),
        (&[("PORTS", "8443")], "8443"),
    ] {
        assert_eq!(from_env(pairs).unwrap().ports.to_string(), expected);
    }
    let wrong = from_env(&[("PORTS", "443, 8443")]).unwrap_err();
    assert_eq!(
        wrong,
        r#"PORTS must be 1 to 20 ports from 1 to 65535, separated by commas without spaces, such as 443,8443, not "443, 8443""#
    );
}

#[tokio::test]
async fn only_the_ports_of_the_list_are_allowed() {
    let server = server(ok("yes"), true).await;
    for (list, allowed, refused) in [
        (
            "443",
            &["", ":443"][..],
            &[":80", ":0", ":444", ":8443"][..],
        ),
        ("443,8443", &["", ":8443"], &[":80", ":8442", ":65535"]),
        ("8443", &[":8443"], &["", ":443"]),
    ] {
        let outbound = Outbound::new(Policy {
            ports: Ports::parse(list).unwrap(),
            stub_server: Some(Url::parse(&server.origin).unwrap()),
            ..Policy::default()
        });
        for port in allowed {
            get(&outbound, &format!("https://example.com{port}/"))
                .await
                .unwrap();
        }
        for port in refused {
            let error = get(&outbound, &format!("https://example.com{port}/")).await;
            let error = error.unwrap_err();
            assert!(matches!(error, OutboundError::Port(_)), "{port}: {error:?}");
            let expected = format!("its port is not {}", list.replace(',', " or "));
            assert!(error.to_string().ends_with(&expected), "{error}");
        }
    }
}

#[test]
fn the_stub_server_must_be_on_a_loopback_address() {
    let of = |value: &str| from_env(&[("BASE", value)]).map(|policy| policy.stub_server.is_some());
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
