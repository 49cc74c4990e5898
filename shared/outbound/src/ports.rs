use std::collections::BTreeSet;
use std::fmt;

/// The port of https.
const HTTPS: u16 = 443;
/// Ports of a list.
const MOST: usize = 20;

/// The ports that URLs may have. The default is 443 alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ports(BTreeSet<u16>);

impl Ports {
    /// A list such as `443,8443`: 1 to 20 numbers from 1 to 65535, without spaces.
    pub fn parse(text: &str) -> Option<Self> {
        let ports: Option<Vec<u16>> = text.split(',').map(port).collect();
        let ports = ports.filter(|ports| ports.len() <= MOST)?;
        Some(Self(ports.into_iter().collect()))
    }

    pub(crate) fn has(&self, port: u16) -> bool {
        self.0.contains(&port)
    }
}

/// A port as it is shown: no sign, no zeros in front.
fn port(text: &str) -> Option<u16> {
    let port: u16 = text.parse().ok()?;
    (port > 0 && port.to_string() == text).then_some(port)
}

impl Default for Ports {
    fn default() -> Self {
        Self(BTreeSet::from([HTTPS]))
    }
}

/// As in a sentence: `443`, `443 or 8443`, `443, 8443 or 9443`.
impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, port) in self.0.iter().enumerate() {
            let before = match self.0.len() - at {
                _ if at == 0 => "",
                1 => " or ",
                _ => ", ",
            };
            write!(f, "{before}{port}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_shown_as_in_a_sentence() {
        for (list, shown) in [
            ("443", "443"),
            ("1", "1"),
            ("65535,443", "443 or 65535"),
            ("8443,443,9443", "443, 8443 or 9443"),
            ("8443,8443", "8443"),
        ] {
            assert_eq!(Ports::parse(list).unwrap().to_string(), shown);
        }
        assert_eq!(Ports::default().to_string(), "443");
    }

    #[test]
    fn what_is_no_list_of_up_to_twenty_ports_is_refused() {
        for wrong in [
            "",
            " ",
            ",",
            "443,",
            ",443",
            "443,,8443",
            "443, 8443",
            "443 8443",
            "443;8443",
            "0",
            "443,0",
            "65536",
            "-1",
            "+443",
            "0443",
            "4_43",
            "443.0",
            "https",
            "*",
            "443-8443",
            "٤٤٣",
        ] {
            assert_eq!(Ports::parse(wrong), None, "{wrong:?}");
        }
        let list = |count: u16| {
            let ports: Vec<String> = (1..=count).map(|port| port.to_string()).collect();
            ports.join(",")
        };
        assert!(Ports::parse(&list(20)).is_some());
        assert_eq!(Ports::parse(&list(21)), None);
    }
}
