use std::collections::BTreeSet;

use serde::Deserialize;
use types::{DeliveryId, Timestamp};

/// How much later than the next one an event may become a delivery, in seconds. The list is by the time of the event.
const LATE: i64 = 300;
/// Deliveries of a webhook that are remembered.
const MAX_REMEMBERED: usize = 5_000;

/// A delivery as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Listed {
    pub(super) id: DeliveryId,
    pub(super) created_at: Timestamp,
}

/// The deliveries of a webhook that need not be forwarded: those that were listed, and all before the first that counts.
#[derive(Debug)]
pub(super) struct Seen {
    /// The lowest id that counts. Ids sort by the time of the event.
    first: DeliveryId,
    /// Those from there on that were listed.
    listed: BTreeSet<DeliveryId>,
}

impl Seen {
    /// All before this time.
    pub(super) fn before(at: Timestamp) -> Self {
        Self {
            first: first_at(at.as_second()),
            listed: BTreeSet::new(),
        }
    }

    /// Whether a page reaches down to the first that counts, so that further pages have only what does not.
    pub(super) fn begins_in(&self, page: &[Listed]) -> bool {
        page.last().is_some_and(|oldest| oldest.id <= self.first)
    }

    /// Those that were not seen yet, the oldest first; now they are. `is_whole` says that the list reaches all that count.
    pub(super) fn take(&mut self, list: &[Listed], is_whole: bool) -> Vec<DeliveryId> {
        let ids = list.iter().map(|listed| listed.id);
        let counting = ids.clone().filter(|id| *id >= self.first);
        let mut new: Vec<DeliveryId> = counting.filter(|id| self.listed.insert(*id)).collect();
        new.sort();
        if let Some(oldest) = ids.min().filter(|_| !is_whole) {
            self.begin_at(oldest);
        }
        if let Some(newest) = list.iter().map(|listed| listed.created_at).max() {
            self.begin_at(first_at(newest.as_second() - LATE));
        }
        // Of the newest that are remembered, the oldest.
        let excess = self.listed.len().checked_sub(MAX_REMEMBERED);
        let first = excess.and_then(|excess| self.listed.iter().nth(excess).copied());
        if let Some(first) = first {
            self.begin_at(first);
        }
        new
    }

    fn begin_at(&mut self, first: DeliveryId) {
        if first > self.first {
            self.listed = self.listed.split_off(&first);
            self.first = first;
        }
    }
}

/// The lowest id of a second.
fn first_at(second: i64) -> DeliveryId {
    let at = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    DeliveryId::from_parts(at, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64, random: u128) -> Listed {
        let created_at = Timestamp::from_second(second).unwrap();
        Listed {
            id: DeliveryId::from_parts(created_at, random),
            created_at,
        }
    }

    fn ids(list: &[Listed]) -> Vec<DeliveryId> {
        list.iter().map(|listed| listed.id).collect()
    }

    fn all() -> Seen {
        Seen::before(Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn each_is_new_once_and_the_oldest_comes_first() {
        let mut seen = all();
        let [old, middle, new] = [at(1_000, 9), at(1_001, 5), at(1_001, 7)];
        assert_eq!(seen.take(&[middle, old], true), ids(&[old, middle]));
        assert_eq!(seen.take(&[new, middle, old], true), ids(&[new]));
        assert_eq!(seen.take(&[new, middle, old], true), []);
        assert_eq!(seen.take(&[], true), []);
    }

    #[test]
    fn what_is_before_the_start_is_not() {
        let mut seen = Seen::before(Timestamp::from_second(1_000).unwrap());
        let (before, within) = (at(999, u128::MAX), at(1_000, 0));
        assert!(!seen.begins_in(&[at(1_001, 0), at(1_000, 1)]));
        assert!(seen.begins_in(&[at(1_001, 0), within]));
        assert!(seen.begins_in(&[within, before]));
        assert!(!seen.begins_in(&[]));
        assert_eq!(seen.take(&[within, before], true), ids(&[within]));
    }

    #[test]
    fn an_event_may_be_delivered_five_minutes_late() {
        let mut seen = all();
        seen.take(&[at(2_000, 1)], true);
        let (late, too_late) = (at(1_700, 1), at(1_699, 1));
        assert!(seen.begins_in(&[too_late]) && !seen.begins_in(&[late]));
        assert_eq!(
            seen.take(&[at(2_000, 1), late, too_late], true),
            ids(&[late])
        );
        // What happened while nothing could be listed is new, however long that was.
        let after = [at(9_000, 1), at(5_000, 1), at(2_001, 1)];
        assert_eq!(seen.take(&after, true).len(), 3);
    }

    #[test]
    fn what_is_before_a_list_that_was_cut_short_is_left_out() {
        let mut seen = all();
        seen.take(&[at(1_000, 3), at(1_000, 2)], false);
        let list = [at(1_000, 4), at(1_000, 3), at(1_000, 2), at(1_000, 1)];
        assert_eq!(seen.take(&list, true), ids(&[at(1_000, 4)]));
    }

    #[test]
    fn five_thousand_are_remembered_and_none_is_new_again() {
        let list: Vec<Listed> = (0..5_001).rev().map(|random| at(1_000, random)).collect();
        let mut seen = all();
        assert_eq!(seen.take(&list[1..], true).len(), 5_000);
        assert_eq!(seen.listed.len(), 5_000);
        assert_eq!(seen.take(&list, true).len(), 1);
        assert_eq!(seen.listed.len(), 5_000);
        assert_eq!(seen.take(&list, true), []);
    }
}
