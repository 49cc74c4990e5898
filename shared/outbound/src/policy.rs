use std::net::IpAddr;
use std::time::Duration;

use config::Env;
use url::{Host, Url};

use crate::OutboundError;

/// How long a connection may take to be there, over all addresses of a name.
const CONNECT: Duration = Duration::from_secs(1);

/// What may be reached. The default is what a deployment uses: public addresses over https.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How long a connection may take, over all addresses of a name.
    pub connect: Duration,
    /// Origins such as `http://127.0.0.1:8080` that are reached as they are, whatever their address. For tests.
    pub allowed_origins: Vec<String>,
    /// A server that stands in for everybody else, on a loopback address. For tests and the local stack.
    pub stand_in: Option<Url>,
}

/// A setting that would open a way to somewhere else.
#[derive(Debug, thiserror::Error)]
#[error(
    "{name} must be http or https on a loopback address, such as http://127.0.0.1:8080, not {value:?}"
)]
pub struct PolicyError {
    name: &'static str,
    value: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            connect: CONNECT,
            allowed_origins: Vec::new(),
            stand_in: None,
        }
    }
}

impl Policy {
    /// From the variable `stand_in`, and from `OUTBOUND_ALLOWED_ORIGINS`, a list with commas. Each address in them must be a
    /// loopback one, written out.
    pub fn from_env(env: &Env, stand_in: &'static str) -> Result<Self, PolicyError> {
        let origins = env.optional("OUTBOUND_ALLOWED_ORIGINS").unwrap_or_default();
        let origins = origins.split(',').map(str::trim).filter(|o| !o.is_empty());
        let origins = origins.map(|origin| loopback("OUTBOUND_ALLOWED_ORIGINS", origin));
        let origins: Result<Vec<Url>, PolicyError> = origins.collect();
        let base = env.optional(stand_in);
        Ok(Self {
            allowed_origins: origins?.iter().map(origin).collect(),
            stand_in: base.map(|base| loopback(stand_in, &base)).transpose()?,
            ..Self::default()
        })
    }

    /// Whether the guard lets a URL out at all. What its name resolves to is checked when a connection is made.
    pub(crate) fn check(&self, url: &Url) -> Result<(), OutboundError> {
        if self.is_allowed(&origin(url)) {
            return Ok(());
        }
        if url.scheme() != "https" {
            return Err(OutboundError::Url("it is not https"));
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

    /// Where a request for a URL is sent.
    pub(crate) fn route(&self, url: &Url) -> Url {
        let Some(base) = self.stand_in.as_ref().filter(|base| {
            let asked = origin(url);
            asked != origin(base) && !self.allowed_origins.contains(&asked)
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

    /// Whether an origin is reached whatever its address.
    pub(crate) fn is_allowed(&self, asked: &str) -> bool {
        let stands_in = self.stand_in.as_ref().map(origin);
        stands_in.as_deref() == Some(asked) || self.allowed_origins.iter().any(|o| o == asked)
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
    })
}
