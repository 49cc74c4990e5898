use std::collections::BTreeSet;

use intent::{Kind, Signal};
use types::Timestamp;

use crate::observation::Observation;
use crate::source::Source;

/// What a difference between two fetches means.
pub(crate) struct Change {
    pub(crate) source: Source,
    pub(crate) kind: Kind,
    pub(crate) strength: f64,
    /// What the changed thing is used for, such as `for e-mail`.
    pub(crate) what: &'static str,
    /// When it was fetched before, if it was: a first fetch gives a state, which is not an event.
    pub(crate) since: Option<Timestamp>,
    pub(crate) now: Timestamp,
}

/// Returns a signal for each name that was added or removed. Its id contains the time of the previous fetch, so that a change
/// that is seen twice is one signal.
pub(crate) fn changes(
    change: &Change,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) -> Vec<Signal> {
    let Some(since) = change.since else {
        return Vec::new();
    };
    let added = after.difference(before).map(|name| (name, "Began to use"));
    let removed = before.difference(after).map(|name| (name, "Stopped using"));
    let signal = |(name, verb): (&String, &str)| {
        let observation = Observation {
            kind: change.kind,
            strength: change.strength,
            at: change.now,
            id: &format!("{verb} {name} {} {}", change.what, since.as_second()),
            evidence: format!(
                "{verb} {name} {}, seen between {} and {}",
                change.what,
                types::date_of(since),
                types::date_of(change.now)
            ),
            url: None,
        };
        observation.signal(change.source)
    };
    added.chain(removed).filter_map(signal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_fetch_gives_no_change() {
        let set = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<BTreeSet<_>>()
        };
        let now: Timestamp = "2026-11-15T12:00:00Z".parse().unwrap();
        let mut change = Change {
            source: Source::Dns,
            kind: Kind::Technology,
            strength: 0.5,
            what: "for e-mail",
            since: None,
            now,
        };
        assert_eq!(changes(&change, &set(&[]), &set(&["A"])), []);
        change.since = Some("2026-11-14T12:00:00Z".parse().unwrap());
        let signals = changes(&change, &set(&["A", "B"]), &set(&["B", "C"]));
        let evidence: Vec<&str> = signals
            .iter()
            .map(|signal| signal.evidence.as_str())
            .collect();
        assert_eq!(
            evidence,
            [
                "Began to use C for e-mail, seen between 2026-11-14 and 2026-11-15",
                "Stopped using A for e-mail, seen between 2026-11-14 and 2026-11-15",
            ]
        );
    }
}
