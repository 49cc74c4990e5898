use std::collections::{BTreeMap, BTreeSet};

use accounts::{Entry, EntryKind, Grant, GrantSource, Meter};
use serde::Serialize;
use types::{Credits, GrantId};

/// What [`Verdict::of`] checks, for the reader of its result.
pub(super) const CHECKS: &str = "Checked: ledger − open spend = balance. Every grant has its ledger entry of the same amount, \
    and every such entry its grant. No grant has less than nothing left, nor with what expired of it more than was given. \
    Nothing expired before its end. The balance knows when the next grant ends.";

/// What was found of one ledger.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Verdict {
    /// The sum of the ledger.
    pub(super) ledger: Credits,
    /// Single calls of days that are not in it yet.
    pub(super) open_spend: Credits,
    /// The balance.
    pub(super) credits: Credits,
    /// What the ledger has too much.
    pub(super) difference: Credits,
    /// What was taken since it was last laid upon the grants; less than nothing if more came back. Nothing tells what it has
    /// to be, so it is shown and not judged.
    pub(super) unlaid: Credits,
    /// What is not as it has to be with the grants, a sentence each.
    pub(super) grants: Vec<String>,
}

impl Verdict {
    pub(super) fn of(ledger: &[Entry], meter: &Meter, grants: &[Grant]) -> Self {
        let booked: Credits = ledger.iter().map(Entry::amount).sum();
        let left: Credits = grants.iter().map(Grant::left).sum();
        let open_spend = meter.open_spend();
        Self {
            ledger: booked,
            open_spend,
            credits: meter.credits,
            difference: booked - open_spend - meter.credits,
            unlaid: left - meter.credits,
            grants: wrong_grants(ledger, meter, grants),
        }
    }

    pub(super) fn is_well(&self) -> bool {
        self.difference == Credits::ZERO && self.grants.is_empty()
    }
}

fn wrong_grants(ledger: &[Entry], meter: &Meter, grants: &[Grant]) -> Vec<String> {
    let of_kind = |kind| ledger.iter().filter(move |entry| entry.kind == kind);
    let given: BTreeMap<GrantId, Credits> = of_kind(EntryKind::Grant)
        .filter_map(|entry| Some((entry.grant()?, entry.amount())))
        .collect();
    let mut wrong: Vec<String> = Vec::new();
    for grant in grants {
        let expired = of_kind(EntryKind::Expire).filter(|e| e.grant() == Some(grant.grant));
        wrong.extend(wrong_amount(grant, given.get(&grant.grant).copied()));
        wrong.extend(wrong_rest(grant, expired));
    }
    let known: BTreeSet<GrantId> = grants.iter().map(|grant| grant.grant).collect();
    let named = ledger.iter().filter_map(Entry::grant);
    let unknown = named.filter(|grant| !known.contains(grant));
    wrong.extend(unknown.map(|grant| format!("{grant} is in the ledger and is no grant")));
    let open = grants.iter().filter(|grant| grant.remaining > 0);
    let next = open.filter_map(|grant| grant.expires_at).min();
    if meter.grants_expire != next {
        let time =
            |at: Option<types::Timestamp>| at.map_or("never".to_owned(), |at| at.to_string());
        let (known, next) = (time(meter.grants_expire), time(next));
        wrong.push(format!(
            "the next grant ends {next}, the balance says {known}"
        ));
    }
    wrong
}

/// A grant and its entry. What came back, or was there before there were grants, has none.
fn wrong_amount(grant: &Grant, booked: Option<Credits>) -> Option<String> {
    let (id, amount) = (grant.grant, grant.amount());
    match (grant.source, booked) {
        (GrantSource::Returned, None) => None,
        (GrantSource::Returned, Some(_)) => Some(format!("{id} came back, and is in the ledger")),
        (_, Some(booked)) if booked == amount => None,
        (_, Some(booked)) => Some(format!("{id} is of {amount}, the ledger has {booked}")),
        (_, None) => Some(format!("{id} is not in the ledger")),
    }
}

/// What no sequence of calls can make of a grant.
fn wrong_rest<'a>(grant: &Grant, expired: impl Iterator<Item = &'a Entry>) -> Option<String> {
    let (id, left, amount) = (grant.grant, grant.left(), grant.amount());
    let (mut gone, mut is_early) = (Credits::ZERO, false);
    for entry in expired {
        gone = gone - entry.amount();
        is_early |= !grant.has_ended(entry.at);
    }
    if is_early {
        return Some(format!("{id} expired before its end"));
    }
    let fits = left >= Credits::ZERO && gone >= Credits::ZERO && left + gone <= amount;
    (!fits).then(|| format!("{id} has {left} left and {gone} expired of {amount}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Timestamp;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn grant(number: u128, source: GrantSource, end: Option<i64>) -> Grant {
        Grant {
            grant: GrantId::from_parts(at(0), number),
            tenths: 100,
            remaining: 100,
            priority: 50,
            expires_at: end.map(at),
            source,
            created_at: at(0),
        }
    }

    fn given(grant: &Grant) -> Entry {
        Entry {
            reference: format!("{}-grant", grant.grant.suffix()),
            kind: EntryKind::Grant,
            tenths: grant.tenths,
            at: at(0),
            note: String::new(),
        }
    }

    fn expired(grant: &Grant, tenths: i64, second: i64) -> Entry {
        Entry {
            reference: "1-expire".to_owned(),
            kind: EntryKind::Expire,
            tenths: -tenths,
            at: at(second),
            note: format!("{} ended", grant.grant),
        }
    }

    fn of(ledger: &[Entry], credits: i64, grants: &[Grant]) -> Verdict {
        let open = grants.iter().filter(|grant| grant.remaining > 0);
        let mut meter = Meter::default();
        meter.credits = Credits::from_tenths(credits);
        meter.grants_expire = open.filter_map(|grant| grant.expires_at).min();
        Verdict::of(ledger, &meter, grants)
    }

    #[test]
    fn what_is_well() {
        let lasting = grant(1, GrantSource::Operator, None);
        let ended = Grant {
            remaining: 0,
            ..grant(2, GrantSource::Welcome, Some(60))
        };
        let back = grant(3, GrantSource::Returned, Some(90));
        let ledger = [given(&lasting), given(&ended), expired(&ended, 40, 60)];
        let verdict = of(&ledger, 160, &[lasting, ended, back]);
        assert!(verdict.is_well(), "{verdict:?}");
        assert_eq!(verdict.unlaid, Credits::whole(4));
    }

    #[test]
    fn a_balance_that_is_not_that_of_the_ledger() {
        let lasting = grant(1, GrantSource::Operator, None);
        let verdict = of(&[given(&lasting)], 99, &[lasting]);
        assert_eq!(verdict.difference, Credits::from_tenths(1));
        assert!(verdict.grants.is_empty() && !verdict.is_well());
    }

    #[test]
    fn grants_that_are_not_those_of_the_ledger() {
        let wrong = |ledger: &[&Entry], grants: &[&Grant]| {
            let ledger: Vec<Entry> = ledger.iter().copied().cloned().collect();
            let grants: Vec<Grant> = grants.iter().copied().cloned().collect();
            let found = of(&ledger, 0, &grants).grants;
            assert_eq!(found.len(), 1, "{found:?}");
            let (_, what) = found[0].split_once(' ').unwrap();
            what.to_owned()
        };
        let one = grant(1, GrantSource::Operator, Some(60));
        let entry = given(&one);
        assert_eq!(wrong(&[], &[&one]), "is not in the ledger");
        assert_eq!(wrong(&[&entry], &[]), "is in the ledger and is no grant");
        let with = |tenths, remaining| Grant {
            tenths,
            remaining,
            ..one.clone()
        };
        assert_eq!(
            wrong(&[&entry], &[&with(105, 100)]),
            "is of 10.5, the ledger has 10"
        );
        let found = wrong(&[&entry], &[&with(100, 101)]);
        assert_eq!(found, "has 10.1 left and 0 expired of 10");
        let found = wrong(&[&entry, &expired(&one, 1, 60)], &[&one]);
        assert_eq!(found, "has 10 left and 0.1 expired of 10");
        let found = wrong(&[&entry, &expired(&one, 1, 59)], &[&with(100, 0)]);
        assert_eq!(found, "expired before its end");
        let back = Grant {
            source: GrantSource::Returned,
            ..one.clone()
        };
        assert_eq!(
            wrong(&[&entry], &[&back]),
            "came back, and is in the ledger"
        );
    }

    #[test]
    fn a_balance_that_does_not_know_the_next_end() {
        let one = grant(1, GrantSource::Operator, Some(60));
        let mut meter = Meter::default();
        meter.credits = one.amount();
        let found = Verdict::of(&[given(&one)], &meter, &[one]).grants;
        let expected = "the next grant ends 1970-01-01T00:01:00Z, the balance says never";
        assert_eq!(found, [expected]);
    }
}
