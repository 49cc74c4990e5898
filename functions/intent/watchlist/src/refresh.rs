use intent::Score;
use intent_store::WatchEntry;
use workspace::Event;

/// What a company's new score makes of an entry.
#[derive(Debug, PartialEq)]
pub(crate) struct Refresh {
    pub(crate) after: WatchEntry,
    pub(crate) events: Vec<Event>,
}

/// The entry with its company's new score, and the events that its alerts ask for; none if it has this score already.
///
/// Points are counted from the score last reported, so that a slow drift is an event as well as a leap.
pub(crate) fn refresh(entry: &WatchEntry, score: &Score) -> Option<Refresh> {
    let mut after = entry.rescored(score)?;
    let mut events = Vec::new();
    if entry.alerts.band_changes && after.band() != entry.band() {
        events.push(after.band_changed(entry.score));
    }
    let moved = after.score.abs_diff(entry.reported_score);
    let least = entry.alerts.min_score_change;
    if least.is_some_and(|least| moved >= least) {
        events.push(after.score_changed(entry.reported_score));
        after.reported_score = after.score;
    }
    Some(Refresh { after, events })
}

#[cfg(test)]
mod tests {
    use super::*;
    use intent_store::Alerts;
    use proptest::prelude::*;
    use types::{AccountId, Domain, Timestamp, WatchId};
    use workspace::{EventPayload, ScoreChange};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn entry(points: u8, alerts: Alerts) -> WatchEntry {
        let score = scored(points, 0);
        WatchEntry {
            account: AccountId::from_parts(at(0), 7),
            watch: WatchId::from_parts(at(0), 8),
            domain: score.domain.clone(),
            company_name: None,
            score: points,
            confidence: score.confidence,
            scored_at: score.scored_at,
            previous: None,
            reported_score: points,
            alerts,
            created_at: at(0),
        }
    }

    fn scored(points: u8, second: i64) -> Score {
        let domain = Domain::parse("stripe.com").unwrap();
        let mut score = intent::score(&domain, &[], at(second));
        score.score = points;
        score
    }

    fn alerts(band_changes: bool, min_score_change: Option<u8>) -> Alerts {
        Alerts {
            band_changes,
            min_score_change,
        }
    }

    fn change(event: &Event) -> &ScoreChange {
        match &event.payload {
            EventPayload::IntentBandChange(change) | EventPayload::IntentScoreChange(change) => {
                change
            }
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn check(scores: [u8; 2], alerts: Alerts, kinds: &[&str]) {
        let [before, after] = scores;
        let refresh = refresh(&entry(before, alerts), &scored(after, 60)).unwrap();
        let events = refresh.events.iter();
        let found: Vec<&str> = events.map(|event| event.payload.kind()).collect();
        assert_eq!(found, kinds);
        assert_eq!(refresh.after.score, after);
    }

    #[test]
    fn only_what_the_alerts_ask_for_is_an_event() {
        let (bands, points) = ("intent.band_change", "intent.score_change");
        check([74, 75], alerts(true, Some(10)), &[bands]);
        check([74, 75], alerts(false, Some(10)), &[]);
        check([75, 85], alerts(true, Some(10)), &[points]);
        check([75, 84], alerts(true, Some(10)), &[]);
        check([84, 74], alerts(true, Some(10)), &[bands, points]);
        check([0, 100], alerts(false, None), &[]);
    }

    #[test]
    fn a_slow_drift_is_an_event_in_the_end() {
        let mut entry = entry(50, alerts(false, Some(10)));
        let mut events = Vec::new();
        for (points, second) in (40..50).rev().zip(1..) {
            let refresh = refresh(&entry, &scored(points, second)).unwrap();
            entry = refresh.after;
            events.extend(refresh.events);
        }
        assert_eq!(events.len(), 1);
        let change = change(&events[0]);
        assert_eq!((change.previous_score, change.score), (50, 40));
        assert_eq!(
            events[0].id,
            "intent.score_change#intent#00000000000000000000000008-10"
        );
    }

    #[test]
    fn an_entry_never_goes_back() {
        let mut entry = entry(50, alerts(true, Some(1)));
        entry.scored_at = at(60);
        assert_eq!(refresh(&entry, &scored(80, 60)), None);
        assert_eq!(refresh(&entry, &scored(80, 59)), None);
    }

    proptest! {
        /// Whatever happens in between, the reported changes add up to the distance from the first score to the last reported.
        #[test]
        fn reported_changes_follow_on_each_other(first in 0u8..=100, scores in prop::collection::vec(0u8..=100, 0..20), least in 1u8..=100) {
            let mut entry = entry(first, alerts(false, Some(least)));
            let mut last = first;
            for (points, second) in scores.into_iter().zip(1..) {
                let refresh = refresh(&entry, &scored(points, second)).unwrap();
                for change in refresh.events.iter().map(change) {
                    prop_assert_eq!(change.previous_score, last);
                    prop_assert!(change.score.abs_diff(last) >= least);
                    last = change.score;
                }
                prop_assert!(points.abs_diff(last) < least);
                entry = refresh.after;
            }
        }
    }
}
