//! A relay that counts: calls by operation, and for DynamoDB the
//! request units, for which it looks up every item that a call writes, before and after.

mod lookup;
mod tally;

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::calls::{self, Units};
use crate::costs::Cost;
use crate::http::{Message, connect};
use crate::relay::Relay;
use lookup::Lookup;
use tally::Tally;

/// A counting proxy, until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    relay: Relay,
    tally: Arc<Tally>,
}

impl Proxy {
    /// Before a service on plain HTTP, such as `http://localhost:4566`.
    pub fn before(endpoint_url: &str) -> Result<Self> {
        let host = endpoint_url.strip_prefix("http://");
        let host = host.context("the proxy speaks plain HTTP")?;
        let mut services = host.trim_end_matches('/').to_socket_addrs()?;
        // A local service listens on IPv4, whatever else its name means.
        let service = services.find(SocketAddr::is_ipv4);
        let service = service.with_context(|| format!("{host} has no address"))?;
        let tally = Arc::new(Tally::default());
        let counted = tally.clone();
        let relay = Relay::start(None, move || {
            let tally = counted.clone();
            Ok(move |request: &Message| tally.count(|| pass(request, service)))
        })?;
        Ok(Self { relay, tally })
    }

    /// Where clients find it.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.relay.port())
    }

    /// What was called since the last look. Fails if anything was that cannot be counted.
    pub fn take(&self) -> Result<Cost> {
        self.tally.take()
    }
}

/// What a service answers, and the call with its units.
type Passed = (Message, Result<(String, Units)>);

fn pass(request: &Message, service: SocketAddr) -> Result<Passed> {
    let lookup = Lookup::new(request, service)?;
    let Some((kind, operation)) = lookup.target() else {
        let call = format!("S3 {}", request.verb);
        return Ok((
            exchange(&request.raw, service)?,
            Ok((call, Units::default())),
        ));
    };
    if kind.starts_with("DynamoDB") {
        return of_dynamo(operation, request, &lookup, service);
    }
    let call = format!("{} {operation}", kind.trim_start_matches("Amazon"));
    Ok((
        exchange(&request.raw, service)?,
        Ok((call, Units::default())),
    ))
}

fn of_dynamo(
    operation: &str,
    request: &Message,
    lookup: &Lookup<'_>,
    service: SocketAddr,
) -> Result<Passed> {
    let json: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let writes = calls::writes(operation, &json);
    let before = lookup.sizes(&writes);
    let answer = exchange(&request.raw, service)?;
    let units = before.and_then(|before| {
        let sizes = before.into_iter().zip(lookup.sizes(&writes)?);
        let largest: Vec<usize> = sizes.map(|(before, after)| before.max(after)).collect();
        if let Some(whole) = calls::without_projection(&json) {
            let answer = lookup.ask(operation, &whole)?;
            return calls::units(operation, &whole, &answer, &largest);
        }
        let answer = serde_json::from_slice(&answer.body).unwrap_or_default();
        calls::units(operation, &json, &answer, &largest)
    });
    let call = format!("DynamoDB {operation}");
    let units = units.with_context(|| call.clone());
    Ok((answer, units.map(|units| (call, units))))
}

/// Sends a request and reads its answer. Each has a connection of its own: what is counted here is not timed.
fn exchange(request: &[u8], service: SocketAddr) -> Result<Message> {
    let mut service = connect(service)?;
    service.send(request)?;
    service.answer()
}
