use std::net::IpAddr;
use std::time::Duration;

use config::Env;
use url::{Host, Url};

use crate::{OutboundError, Ports};

/// The time to connect, over all addresses of a name.
const CONNECT: Duration = Duration::from_secs(1);

/// What may be reached. The default is what a deployment uses, unless it lists other ports: public addresses over https on
/// port 443.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The time to connect, over all addresses of a name.
    pub connect: Duration,
    /// The ports that URLs may have, but for the two below.
    pub ports: Ports,
    /// Origins such as `http://127.0.0.1:8080` that are reached as they are, whatever their address. For tests, and programs that
    /// run where the caller sits.
    pub allowed_origins: Vec<String>,
    /// A server on a loopback address that receives every request instead of its host. For tests and the local stack.
    pub stub_server: Option<Url>,
}

/// A setting that is not valid.
#[derive(Debug, thiserror::Error)]
#[error("{name} must be {expected}, not {value:?}")]
pub struct PolicyError {
    name: &'static str,
    value: String,
    expected: &'static str,
}

const LOOPBACK: &str = "http or https on a loopback address, such as http://127.0.0.1:8080";
const PORTS: &str =
    "1 to 20 ports from 1 to 65535, separated by commas without spaces, such as 443,8443";

impl Default for Policy {
    fn default() -> Self {
        Self {
            connect: CONNECT,
            ports: Ports::default(),
            allowed_origins: Vec::new(),
            stub_server: None,
        }
    }
}

impl Policy {
    /// From the variable that `stub_server` names, and from `OUTBOUND_ALLOWED_ORIGINS`, a list with commas. Each URL in them
    /// must have a loopback IP address as its host.
    pub fn from_env(env: &Env, stub_server: &'static str) -> Result<Self, PolicyError> {
        let origins = env.optional("OUTBOUND_ALLOWED_ORIGINS").unwrap_or_default();
        let origins = origins.split(',').map(str::trim).filter(|o| !o.is_empty());
        let origins = origins.map(|origin| loopback("OUTBOUND_ALLOWED_ORIGINS", origin));
        let origins: Result<Vec<Url>, PolicyError> = origins.collect();
        let base = env.optional(stub_server);
        Ok(Self {
            allowed_origins: origins?.iter().map(origin).collect(),
            stub_server: base.map(|base| loopback(stub_server, &base)).transpose()?,
            ..Self::default()
        })
    }

    /// The same for the ports in a variable; for those it has, if the variable is not set.
    pub fn on_ports(self, env: &Env, name: &'static str) -> Result<Self, PolicyError> {
        let Some(value) = env.optional(name) else {
            return Ok(self);
        };
        let ports = Ports::parse(&value).ok_or(PolicyError {
            name,
            value,
            expected: PORTS,
        })?;
        Ok(Self { ports, ..self })
    }

    /// Checks that a URL may be requested. The addresses of its host are checked when a connection is made.
    pub(crate) fn check(&self, url: &Url) -> Result<(), OutboundError> {
        if self.is_allowed(&origin(url)) {
            return Ok(());
        }
        if url.scheme() != "https" {
            return Err(OutboundError::Url("it is not https"));
        }
        let port = url.port_or_known_default();
        if !port.is_some_and(|port| self.ports.has(port)) {
            return Err(OutboundError::Port(self.ports.clone()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::Url("it has a user name in it"));
        }
        let literal = match url.host() {
            None => return Err(OutboundError::Url("it has no host")),
            Some(Host::Domain(_)) => return Ok(()),
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
        };
        if crate::is_public(literal) {
            return Ok(());
        }
        Err(OutboundError::NotPublic {
            host: literal.to_string(),
        })
    }

    /// The URL that a request is sent to.
    pub(crate) fn target(&self, url: &Url) -> Url {
        let Some(base) = self.stub_server.as_ref().filter(|base| {
            let requested = origin(url);
            requested != origin(base) && !self.allowed_origins.contains(&requested)
        }) else {
            return url.clone();
        };
        let mut routed = base.clone();
        let host = url.host_str().unwrap_or_default();
        routed.set_path(&format!(
            "{}/{host}{}",
            base.path().trim_end_matches('/'),
            url.path()
        ));
        routed.set_query(url.query());
        routed
    }

    /// Whether an origin may be reached whatever its address.
    pub(crate) fn is_allowed(&self, requested: &str) -> bool {
        let stub = self.stub_server.as_ref().map(origin);
        stub.as_deref() == Some(requested) || self.allowed_origins.iter().any(|o| o == requested)
    }
}

/// Scheme, host and port.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn loopback(name: &'static str, value: &str) -> Result<Url, PolicyError> {
    let url = Url::parse(value).ok().filter(|url| {
        let is_loopback = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(_)) | None => false,
        };
        is_loopback && matches!(url.scheme(), "http" | "https")
    });
    url.ok_or_else(|| PolicyError {
        name,
        value: value.to_owned(),
        expected: LOOPBACK,
    })
}
