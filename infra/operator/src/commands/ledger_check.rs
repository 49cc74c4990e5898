use std::collections::{BTreeMap, BTreeSet};

use accounts::{Entry, EntryKind, Grant, GrantSource, Meter};
use serde::Serialize;
use types::{Credits, GrantId};

/// What [`LedgerCheck::of`] checks, printed below its result.
pub(super) const CHECKS: &str = "Checked: ledger − open spend = balance. Every grant has a ledger entry of the same amount, \
    and every grant entry has its grant. No grant has a negative remainder, and remainder, reserved and expired credits together never exceed \
    its amount. What is reserved of the grants, unfinished jobs have reserved. Nothing expired early. The balance's next expiry is that of the next grant to expire.";

/// The result of checking one ledger.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LedgerCheck {
    /// The sum of the ledger entries.
    pub(super) ledger: Credits,
    /// The price of single calls on days that have no ledger entry yet.
    pub(super) open_spend: Credits,
    /// The balance.
    pub(super) credits: Credits,
    /// Ledger − open spend − balance: zero if they agree.
    pub(super) difference: Credits,
    /// Credits spent and not yet allocated to grants; negative if more was refunded. Shown but not checked, as no stored value
    /// gives its expected amount.
    #[serde(rename = "unlaid")]
    pub(super) unallocated: Credits,
    /// What is wrong with the grants, one sentence each.
    pub(super) grants: Vec<String>,
}

impl LedgerCheck {
    pub(super) fn of(ledger: &[Entry], meter: &Meter, grants: &[Grant]) -> Self {
        let total: Credits = ledger.iter().map(Entry::amount).sum();
        let remaining: Credits = grants.iter().map(Grant::left).sum();
        let open_spend = meter.open_spend();
        Self {
            ledger: total,
            open_spend,
            credits: meter.credits,
            difference: total - open_spend - meter.credits,
            unallocated: remaining - meter.credits,
            grants: wrong_grants(ledger, meter, grants),
        }
    }

    pub(super) fn is_ok(&self) -> bool {
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
        wrong.extend(wrong_remainder(grant, expired));
    }
    let known: BTreeSet<GrantId> = grants.iter().map(|grant| grant.grant).collect();
    let named = ledger.iter().filter_map(Entry::grant);
    let unknown = named.filter(|grant| !known.contains(grant));
    wrong.extend(
        unknown.map(|grant| format!("{grant} is in the ledger, but the grant does not exist")),
    );
    wrong.extend(wrong_reservations(ledger, grants));
    let open = grants.iter().filter(|grant| grant.remaining > 0);
    let next = open.filter_map(|grant| grant.expires_at).min();
    if meter.grants_expire != next {
        let time =
            |at: Option<types::Timestamp>| at.map_or("never".to_owned(), |at| at.to_string());
        let (known, next) = (time(meter.grants_expire), time(next));
        wrong.push(format!(
            "the next grant expires {next}, the balance says {known}"
        ));
    }
    wrong
}

/// Compares a grant with its ledger entry. Returned credits have none.
fn wrong_amount(grant: &Grant, booked: Option<Credits>) -> Option<String> {
    let (id, amount) = (grant.grant, grant.amount());
    match (grant.source, booked) {
        (GrantSource::Returned, None) => None,
        (GrantSource::Returned, Some(_)) => {
            Some(format!("{id} holds returned credits, but is in the ledger"))
        }
        (_, Some(booked)) if booked == amount => None,
        (_, Some(booked)) => Some(format!(
            "{id} has the amount {amount}, but {booked} in the ledger"
        )),
        (_, None) => Some(format!("{id} is not in the ledger")),
    }
}

/// Compares what is set aside of the grants with the jobs that have not ended. Those from before grants knew of it are in the
/// ledger alone.
fn wrong_reservations(ledger: &[Entry], grants: &[Grant]) -> Option<String> {
    let jobs = |kind: EntryKind| {
        let entries = ledger.iter().filter(move |entry| entry.kind == kind);
        entries.filter_map(|entry| Some((entry.reference.split_once('-')?.0, entry.amount())))
    };
    let ended: BTreeSet<&str> = jobs(EntryKind::Settle).map(|(job, _)| job).collect();
    let open = jobs(EntryKind::Reserve).filter(|(job, _)| !ended.contains(job));
    let open = Credits::ZERO - open.map(|(_, amount)| amount).sum();
    let reserved = grants.iter().map(|grant| grant.reserved).sum();
    let reserved = Credits::from_tenths(reserved);
    (reserved > open)
        .then(|| format!("{reserved} are reserved of the grants, but {open} by unfinished jobs"))
}

/// Finds a remainder that no sequence of calls can produce.
fn wrong_remainder<'a>(grant: &Grant, entries: impl Iterator<Item = &'a Entry>) -> Option<String> {
    let (id, remaining, amount) = (grant.grant, grant.left(), grant.amount());
    let (mut expired, mut is_early) = (Credits::ZERO, false);
    for entry in entries {
        expired = expired - entry.amount();
        is_early |= !grant.has_ended(entry.at);
    }
    if is_early {
        return Some(format!("{id} expired early"));
    }
    let reserved = Credits::from_tenths(grant.reserved);
    let parts = [remaining, reserved, expired];
    let total: Credits = parts.into_iter().sum();
    if parts.into_iter().all(|part| part >= Credits::ZERO) && total <= amount {
        return None;
    }
    let held = match reserved {
        Credits::ZERO => String::new(),
        reserved => format!(", {reserved} reserved"),
    };
    Some(format!(
        "{id} has {remaining} remaining{held} and {expired} expired of {amount}"
    ))
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
            reserved: 0,
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

    fn of(ledger: &[Entry], credits: i64, grants: &[Grant]) -> LedgerCheck {
        let open = grants.iter().filter(|grant| grant.remaining > 0);
        let mut meter = Meter::default();
        meter.credits = Credits::from_tenths(credits);
        meter.grants_expire = open.filter_map(|grant| grant.expires_at).min();
        LedgerCheck::of(ledger, &meter, grants)
    }

    #[test]
    fn a_consistent_ledger() {
        let lasting = grant(1, GrantSource::Operator, None);
        let ended = Grant {
            remaining: 0,
            ..grant(2, GrantSource::Welcome, Some(60))
        };
        let back = grant(3, GrantSource::Returned, Some(90));
        let ledger = [given(&lasting), given(&ended), expired(&ended, 40, 60)];
        let check = of(&ledger, 160, &[lasting, ended, back]);
        assert!(check.is_ok(), "{check:?}");
        assert_eq!(check.unallocated, Credits::whole(4));
    }

    #[test]
    fn a_balance_that_differs_from_the_ledger() {
        let lasting = grant(1, GrantSource::Operator, None);
        let check = of(&[given(&lasting)], 99, &[lasting]);
        assert_eq!(check.difference, Credits::from_tenths(1));
        assert!(check.grants.is_empty() && !check.is_ok());
    }

    #[test]
    fn grants_that_differ_from_the_ledger() {
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
        assert_eq!(
            wrong(&[&entry], &[]),
            "is in the ledger, but the grant does not exist"
        );
        let with = |tenths, remaining| Grant {
            tenths,
            remaining,
            ..one.clone()
        };
        assert_eq!(
            wrong(&[&entry], &[&with(105, 100)]),
            "has the amount 10.5, but 10 in the ledger"
        );
        let found = wrong(&[&entry], &[&with(100, 101)]);
        assert_eq!(found, "has 10.1 remaining and 0 expired of 10");
        let found = wrong(&[&entry, &expired(&one, 1, 60)], &[&one]);
        assert_eq!(found, "has 10 remaining and 0.1 expired of 10");
        let reserved = Grant {
            reserved: 1,
            ..with(100, 99)
        };
        let reserve = |name: &str, kind, tenths| Entry {
            reference: format!("1-{name}"),
            kind,
            tenths,
            ..entry.clone()
        };
        let open = reserve("reserve", EntryKind::Reserve, -1);
        let ended = reserve("settle", EntryKind::Settle, 0);
        let ledger = [entry.clone(), open.clone()];
        assert!(of(&ledger, 99, std::slice::from_ref(&reserved)).is_ok());
        let why = of(
            &[entry.clone(), open, ended],
            99,
            std::slice::from_ref(&reserved),
        )
        .grants;
        assert_eq!(
            why,
            ["0.1 are reserved of the grants, but 0 by unfinished jobs"]
        );
        let too_much = Grant {
            remaining: 100,
            ..reserved
        };
        let found = &of(&ledger, 99, &[too_much]).grants[0];
        assert!(
            found.ends_with(" has 10 remaining, 0.1 reserved and 0 expired of 10"),
            "{found}"
        );
        let found = wrong(&[&entry, &expired(&one, 1, 59)], &[&with(100, 0)]);
        assert_eq!(found, "expired early");
        let back = Grant {
            source: GrantSource::Returned,
            ..one.clone()
        };
        assert_eq!(
            wrong(&[&entry], &[&back]),
            "holds returned credits, but is in the ledger"
        );
    }

    #[test]
    fn a_balance_with_a_wrong_next_expiry() {
        let one = grant(1, GrantSource::Operator, Some(60));
        let mut meter = Meter::default();
        meter.credits = one.amount();
        let found = LedgerCheck::of(&[given(&one)], &meter, &[one]).grants;
        let expected = "the next grant expires 1970-01-01T00:01:00Z, the balance says never";
        assert_eq!(found, [expected]);
    }
}
