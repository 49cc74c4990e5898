use liquidity::Event;
use liquidity_store::{ProtocolEvent, ProtocolWatch};

/// What an event of a protocol is to one who watches it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Told {
    /// Nothing.
    Nothing,
    /// This event.
    Event(Event),
    /// This change of the score, from the one last reported: further ones are counted from the score after it.
    Change(Event, u8),
    /// Nothing yet: further changes of the score are counted from this one.
    CountFrom(u8),
}

/// What a watcher is told of an event. Points are counted from the score last reported to it, so that a slow drift is reported as well as
/// a leap.
pub(crate) fn told(entry: &ProtocolWatch, happened: &ProtocolEvent) -> Told {
    if entry.created_at > happened.recorded_at {
        return Told::Nothing;
    }
    let (before, now) = match happened.event {
        Event::ScoreChange { from, to, .. } => (from, to),
        Event::TierChange { .. } if !entry.alert_on_tier_change => return Told::Nothing,
        other => return Told::Event(other),
    };
    let is_counted = entry.reported_at.is_some_and(|at| at >= happened.at);
    if !entry.alert_on_score_change || is_counted {
        return Told::Nothing;
    }
    let from = entry.reported_score.unwrap_or(before);
    if from != now && from.abs_diff(now) >= entry.alert_threshold {
        let change = i16::from(now) - i16::from(from);
        let to = now;
        return Told::Change(Event::ScoreChange { from, to, change }, now);
    }
    match entry.reported_score {
        Some(_) => Told::Nothing,
        None => Told::CountFrom(from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liquidity::Tier;
    use proptest::prelude::*;
    use types::{AccountId, Timestamp, WatchId};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn entry(score: Option<u8>, threshold: u8) -> ProtocolWatch {
        let owner = (
            AccountId::from_parts(at(0), 1),
            WatchId::from_parts(at(0), 2),
        );
        let mut entry = ProtocolWatch::new(owner, "ondo-usdy".parse().unwrap(), score, at(0));
        entry.alert_threshold = threshold;
        entry
    }

    fn happened(second: i64, event: Event) -> ProtocolEvent {
        ProtocolEvent {
            at: at(second),
            recorded_at: at(second),
            event,
        }
    }

    fn change(from: u8, to: u8) -> Event {
        let change = i16::from(to) - i16::from(from);
        Event::ScoreChange { from, to, change }
    }

    #[test]
    fn a_change_of_the_score_is_told_from_the_threshold_on() {
        let entry = entry(Some(80), 10);
        let told_of = |from, to| told(&entry, &happened(1, change(from, to)));
        assert_eq!(told_of(80, 71), Told::Nothing);
        assert_eq!(told_of(71, 70), Told::Change(change(80, 70), 70));
        assert_eq!(told_of(80, 90), Told::Change(change(80, 90), 90));
    }

    #[test]
    fn without_a_score_they_are_counted_from_that_before_the_first_change() {
        let mut entry = entry(None, 10);
        let first = happened(1, change(80, 75));
        assert_eq!(told(&entry, &first), Told::CountFrom(80));
        entry.reported_score = Some(80);
        let second = happened(2, change(75, 70));
        assert_eq!(told(&entry, &second), Told::Change(change(80, 70), 70));
    }

    #[test]
    fn what_is_turned_off_is_not_told() {
        let tier = Event::TierChange {
            from: Tier::L1,
            to: Tier::L2,
        };
        let mut entry = entry(Some(80), 1);
        assert_eq!(told(&entry, &happened(1, tier)), Told::Event(tier));
        entry.alert_on_tier_change = false;
        entry.alert_on_score_change = false;
        assert_eq!(told(&entry, &happened(1, tier)), Told::Nothing);
        assert_eq!(told(&entry, &happened(1, change(80, 10))), Told::Nothing);
        let stale = Event::DataStale { last_good: None };
        assert_eq!(told(&entry, &happened(1, stale)), Told::Event(stale));
    }

    #[test]
    fn neither_what_was_before_the_entry_nor_what_was_counted() {
        let mut entry = entry(Some(80), 1);
        entry.created_at = at(5);
        let stale = Event::DataStale { last_good: None };
        assert_eq!(told(&entry, &happened(4, stale)), Told::Nothing);
        assert_eq!(told(&entry, &happened(5, stale)), Told::Event(stale));
        entry.reported_at = Some(at(7));
        assert_eq!(told(&entry, &happened(7, change(80, 10))), Told::Nothing);
        assert_ne!(told(&entry, &happened(8, change(80, 10))), Told::Nothing);
    }

    proptest! {
        /// Whatever happens in between, the changes that are told follow on each other, and what is left is under the threshold.
        #[test]
        fn changes_that_are_told_follow_on_each_other(
            first in 0u8..=100,
            scores in prop::collection::vec(0u8..=100, 0..20),
            threshold in 1u8..=100,
        ) {
            let mut entry = entry(Some(first), threshold);
            let (mut last, mut before) = (first, first);
            for (score, second) in scores.into_iter().zip(1..) {
                let event = happened(second, change(before, score));
                if let Told::Change(Event::ScoreChange { from, to, change }, counted) = told(&entry, &event) {
                    prop_assert_eq!((from, to, counted), (last, score, score));
                    prop_assert_eq!(change, i16::from(to) - i16::from(from));
                    (entry.reported_score, entry.reported_at) = (Some(counted), Some(at(second)));
                    last = score;
                }
                prop_assert!(score.abs_diff(last) < threshold);
                before = score;
            }
        }
    }
}
