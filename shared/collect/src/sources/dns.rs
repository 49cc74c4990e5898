//! DNS over HTTPS by Google: <https://developers.google.com/speed/public-dns/docs/doh/json>.

use std::collections::BTreeSet;

use futures::future::{BoxFuture, try_join};
use intent::Kind;
use serde::{Deserialize, Serialize};

use crate::change::{Change, changes};
use crate::collector::{CollectContext, Collector};
use crate::found::Found;
use crate::rules;
use crate::source::Source;
use crate::source_error::SourceError;
use crate::web::Fetched;

#[derive(Debug)]
pub(crate) struct Dns;

/// The domain's mail providers and services in the last response.
#[derive(Default, Serialize, Deserialize)]
struct Memory {
    mail: BTreeSet<String>,
    services: BTreeSet<String>,
}

impl Collector for Dns {
    fn source(&self) -> Source {
        Source::Dns
    }

    fn collect<'a>(
        &'a self,
        context: &'a CollectContext<'a>,
    ) -> BoxFuture<'a, Result<Found, SourceError>> {
        Box::pin(async move {
            let (mail, text) = try_join(records(context, "MX"), records(context, "TXT")).await?;
            let seen = Memory {
                mail: tools("mx", &mail),
                services: tools("txt", &text),
            };
            let before: Option<Memory> = context.previous.recall();
            let since = before.as_ref().and(context.previous.fetched_at);
            let before = before.unwrap_or_default();
            let change = |what, strength| Change {
                source: Source::Dns,
                kind: Kind::Technology,
                strength,
                what,
                since,
                now: context.now,
            };
            let mut signals = changes(&change("for e-mail", 0.5), &before.mail, &seen.mail);
            signals.extend(changes(
                &change("by its DNS records", 0.5),
                &before.services,
                &seen.services,
            ));
            Found::daily(signals).remembering(&seen)
        })
    }
}

async fn records(context: &CollectContext<'_>, kind: &str) -> Result<Vec<String>, SourceError> {
    let url = format!(
        "https://dns.google/resolve?name={}&type={kind}",
        context.company.domain
    );
    match context.web.get(&url).await? {
        Fetched::Page(reply) => read(&reply.body),
        Fetched::Absent | Fetched::Unchanged => Err(SourceError::Failed),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    status: u16,
    #[serde(default)]
    answer: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    data: String,
}

/// Returns the records' data in lower case. NXDOMAIN (3) is a valid response, SERVFAIL (2) is not.
pub(crate) fn read(body: &[u8]) -> Result<Vec<String>, SourceError> {
    let response: Response = serde_json::from_slice(body)?;
    match response.status {
        0 | 3 => Ok(response
            .answer
            .into_iter()
            .map(|record| record.data.to_lowercase())
            .collect()),
        _ => Err(SourceError::Failed),
    }
}

fn tools(kind: &'static str, records: &[String]) -> BTreeSet<String> {
    let texts: Vec<(&str, String)> = records
        .iter()
        .map(|record| (kind, record.clone()))
        .collect();
    rules::tools(rules::dns(), &texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_detected_by_records() {
        let body = br#"{"Status":0,"TC":false,"RD":true,"RA":true,"AD":false,"CD":false,"Question":[{"name":"acme.com.","type":15}],
            "Answer":[{"name":"acme.com.","type":15,"TTL":300,"data":"1 ASPMX.L.GOOGLE.COM."}]}"#;
        assert_eq!(
            tools("mx", &read(body).unwrap()),
            BTreeSet::from(["Google Workspace".to_owned()])
        );
        let text = [
            "v=spf1 include:sendgrid.net ~all".to_owned(),
            "docusign=1".to_owned(),
        ];
        assert_eq!(tools("txt", &text).len(), 2);
        assert_eq!(tools("mx", &text).len(), 0);
        assert_eq!(read(br#"{"Status":3}"#).unwrap(), Vec::<String>::new());
        assert_eq!(read(br#"{"Status":2}"#).unwrap_err(), SourceError::Failed);
        assert_eq!(read(b"x").unwrap_err(), SourceError::Malformed);
    }
}
