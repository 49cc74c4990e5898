use types::{Credits, GrantId, Timestamp};

use crate::{Grant, GrantPart};

/// Days that credits are valid for which came back after their grant had expired.
const RETURNED_DAYS: i64 = 30;

/// What a balance means for the grants that it was made of.
///
/// A call only takes from the balance. What was taken is laid upon the grants later, when it matters which of them it
/// came from: before a grant is added, when one ends, when a job sets some aside, and when they are shown. Between two such
/// moments the set of grants is the same, so to lay the sum upon them in burn order is the same as to lay each call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Burnt {
    /// The grants in burn order, with what remains of them.
    pub(crate) grants: Vec<Grant>,
    /// What remained of those that have expired, and is removed.
    pub(crate) expired: Vec<(GrantId, Credits)>,
    /// What came back and has no grant any more that it could return to.
    pub(crate) returned: Credits,
}

impl Burnt {
    /// All that goes.
    pub(crate) fn gone(&self) -> Credits {
        self.expired.iter().map(|(_, amount)| *amount).sum()
    }
}

/// Lays what was taken from the balance since the last time upon `grants`.
///
/// Where more came back than was taken (a call was not delivered), the grants that have not ended are filled up again, the
/// last burnt first; what jobs have set aside is not filled up. With `balance` = b and Σ remaining = r before, after it
/// Σ remaining + returned = b − expired.
pub(crate) fn burn(mut grants: Vec<Grant>, balance: Credits, now: Timestamp) -> Burnt {
    grants.sort_by_key(Grant::burn_order);
    let remaining: i64 = grants.iter().map(|grant| grant.remaining).sum();
    let mut taken = remaining - balance.tenths();
    for grant in &mut grants {
        let part = taken.clamp(0, grant.remaining);
        grant.remaining -= part;
        taken -= part;
    }
    for grant in grants
        .iter_mut()
        .rev()
        .filter(|grant| !grant.has_ended(now))
    {
        let part = taken.min(0).max(-grant.used());
        grant.remaining -= part;
        taken -= part;
    }
    let mut expired = Vec::new();
    for grant in &mut grants {
        if grant.has_ended(now) && grant.remaining > 0 {
            expired.push((grant.grant, grant.left()));
            grant.remaining = 0;
        }
    }
    Burnt {
        grants,
        expired,
        returned: Credits::from_tenths(-taken.min(0)),
    }
}

/// Sets `amount` aside for a job: takes it from `grants` in burn order. None if they do not hold as much.
pub(crate) fn reserve(grants: &mut [Grant], amount: Credits) -> Option<Vec<GrantPart>> {
    grants.sort_by_key(Grant::burn_order);
    let mut left = amount.tenths();
    let mut parts = Vec::new();
    for grant in grants {
        let tenths = left.min(grant.remaining);
        if tenths > 0 {
            grant.remaining -= tenths;
            grant.reserved += tenths;
            left -= tenths;
            parts.push(GrantPart {
                grant: grant.grant,
                tenths,
                expires_at: grant.expires_at,
            });
        }
    }
    (left <= 0).then_some(parts)
}

/// When credits that come back at `now` without a grant are to end.
pub(crate) fn returned_until(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second() + RETURNED_DAYS * 86_400).unwrap_or(Timestamp::MAX)
}
