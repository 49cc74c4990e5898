//! Registration Data Access Protocol, RFC 9083. rdap.org redirects to the registry of the domain.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use intent::{Kind, Signal};
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::change::{Change, changes};
use crate::collector::{CollectContext, Collector};
use crate::found::Found;
use crate::observation::{Observation, newest, time};
use crate::source::Source;
use crate::source_error::SourceError;
use crate::web::Fetched;

/// The most name servers that are stored.
const MOST_HOSTS: usize = 20;

#[derive(Debug)]
pub(crate) struct Rdap;

/// The name servers in the last response.
#[derive(Default, Serialize, Deserialize)]
struct Memory {
    name_servers: BTreeSet<String>,
}

impl Collector for Rdap {
    fn source(&self) -> Source {
        Source::Rdap
    }

    fn collect<'a>(
        &'a self,
        context: &'a CollectContext<'a>,
    ) -> BoxFuture<'a, Result<Found, SourceError>> {
        Box::pin(async move {
            let url = format!("https://rdap.org/domain/{}", context.company.domain);
            let Fetched::Page(reply) = context.web.get(&url).await? else {
                return Ok(Found::nothing());
            };
            let (mut signals, name_servers) = read(&reply.body, context.now)?;
            let before: Option<Memory> = context.previous.recall();
            let change = Change {
                source: Source::Rdap,
                kind: Kind::Web,
                strength: 0.3,
                what: "for its name servers",
                since: before.as_ref().and(context.previous.fetched_at),
                now: context.now,
            };
            let before = before.unwrap_or_default();
            signals.extend(changes(&change, &before.name_servers, &name_servers));
            Found::daily(signals)
                .weekly()
                .remembering(&Memory { name_servers })
        })
    }
}

/// Returns the events of the registration, and the operators of the name servers.
pub(crate) fn read(
    body: &[u8],
    now: Timestamp,
) -> Result<(Vec<Signal>, BTreeSet<String>), SourceError> {
    let response: Response = serde_json::from_slice(body)?;
    Ok((events(&response, now), response.hosts()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(default)]
    events: Vec<Event>,
    #[serde(default)]
    nameservers: Vec<NameServer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    event_action: String,
    event_date: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NameServer {
    ldh_name: Option<String>,
}

impl Response {
    /// The operators of the name servers, as their registrable domains.
    fn hosts(&self) -> BTreeSet<String> {
        let names = self
            .nameservers
            .iter()
            .filter_map(|server| server.ldh_name.as_deref());
        let domains = names.filter_map(|name| types::Domain::parse(name).ok());
        domains
            .map(|domain| domain.to_string())
            .take(MOST_HOSTS)
            .collect()
    }
}

/// Returns the events of the registration. A renewal says nothing.
fn events(response: &Response, now: Timestamp) -> Vec<Signal> {
    let signal = |event: &Event| {
        let (strength, evidence) = match event.event_action.as_str() {
            "registration" => (0.5, "The domain was registered"),
            "transfer" => (0.3, "The domain went to another registrar"),
            _ => return None,
        };
        let observation = Observation {
            kind: Kind::Web,
            strength,
            at: time(&event.event_date)?,
            id: &format!("{}-{}", event.event_action, event.event_date.get(..10)?),
            evidence: evidence.to_owned(),
            url: None,
        };
        observation.signal(Source::Rdap)
    };
    newest(response.events.iter().filter_map(signal).collect(), now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registrations_and_transfers_are_events() {
        let body = br#"{"objectClassName":"domain","ldhName":"ACME.COM","events":[
            {"eventAction":"registration","eventDate":"2026-10-01T00:00:00Z"},{"eventAction":"expiration","eventDate":"2027-10-01T00:00:00Z"},
            {"eventAction":"last changed","eventDate":"2026-11-01T00:00:00Z"},{"eventAction":"transfer","eventDate":"soon"}],
            "nameservers":[{"ldhName":"A.NS.CLOUDFLARE.COM"},{"ldhName":"b.ns.cloudflare.com"},{}]}"#;
        let (signals, hosts) = read(body, "2026-11-15T12:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(signals.len(), 1);
        assert_eq!(signals[0].external_id, "registration-2026-10-01");
        assert_eq!(hosts, BTreeSet::from(["cloudflare.com".to_owned()]));
    }
}
