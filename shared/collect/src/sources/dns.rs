//! DNS over HTTPS as Google answers it: <https://developers.google.com/speed/public-dns/docs/doh/json>.

use std::collections::BTreeSet;

use futures::future::{BoxFuture, try_join};
use intent::Kind;
use serde::{Deserialize, Serialize};

use crate::change::{Change, changes};
use crate::rules;
use crate::visit::{Collector, Visit};
use crate::web::Fetched;
use crate::{Found, Missed, Source};

#[derive(Debug)]
pub(crate) struct Dns;

/// Who took the domain's mail, and which services it named, the last time.
#[derive(Default, Serialize, Deserialize)]
struct Memory {
    mail: BTreeSet<String>,
    services: BTreeSet<String>,
}

impl Collector for Dns {
    fn source(&self) -> Source {
        Source::Dns
    }

    fn collect<'a>(&'a self, visit: &'a Visit<'a>) -> BoxFuture<'a, Result<Found, Missed>> {
        Box::pin(async move {
            let (mail, text) = try_join(records(visit, "MX"), records(visit, "TXT")).await?;
            let seen = Memory {
                mail: tools("mx", &mail),
                services: tools("txt", &text),
            };
            let before: Option<Memory> = visit.kept.recall();
            let since = before.as_ref().and(visit.kept.fetched_at);
            let before = before.unwrap_or_default();
            let change = |what, strength| Change {
                source: Source::Dns,
                kind: Kind::Technology,
                strength,
                what,
                since,
                now: visit.now,
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

async fn records(visit: &Visit<'_>, kind: &str) -> Result<Vec<String>, Missed> {
    let url = format!(
        "https://dns.google/resolve?name={}&type={kind}",
        visit.company.domain
    );
    match visit.web.get(&url).await? {
        Fetched::Page(reply) => read(&reply.body),
        Fetched::Absent | Fetched::Unchanged => Err(Missed::Failed),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    status: u16,
    #[serde(default)]
    answer: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    data: String,
}

/// The records' data in lower case. No such name (3) is an answer; that its servers fail (2) is none.
pub(crate) fn read(body: &[u8]) -> Result<Vec<String>, Missed> {
    let answer: Answer = serde_json::from_slice(body)?;
    match answer.status {
        0 | 3 => Ok(answer
            .answer
            .into_iter()
            .map(|record| record.data.to_lowercase())
            .collect()),
        _ => Err(Missed::Failed),
    }
}

fn tools(place: &'static str, records: &[String]) -> BTreeSet<String> {
    let traces: Vec<(&str, String)> = records
        .iter()
        .map(|record| (place, record.clone()))
        .collect();
    rules::tools(rules::dns(), &traces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_tell_of_providers() {
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
        assert_eq!(read(br#"{"Status":2}"#).unwrap_err(), Missed::Failed);
        assert_eq!(read(b"x").unwrap_err(), Missed::Malformed);
    }
}
