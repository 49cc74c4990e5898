use types::{Domain, Timestamp};

use crate::{Numbers, Outline, Profile, Score, Signal};

/// The intent of a company at `now`, from its signals in any order.
///
/// Signals dated after `now` are ignored. The same signals and the same second give the same score.
pub fn score(domain: &Domain, signals: &[Signal], now: Timestamp) -> Score {
    let (signals, numbers) = in_order(signals);
    Outline::of(&numbers, now).score(domain, |index| signals.get(index).copied())
}

/// The same with a profile's weights and half-lives. The model version marks it as not the standard score.
pub fn score_with(profile: &Profile, domain: &Domain, signals: &[Signal], now: Timestamp) -> Score {
    let (signals, numbers) = in_order(signals);
    Outline::with(profile, &numbers, now).score(domain, |index| signals.get(index).copied())
}

/// Sorts signals by their texts: in the order in which a score shows those that have the same numbers.
pub fn sort(signals: &mut [Signal]) {
    signals.sort_unstable_by(|a, b| texts(a).cmp(&texts(b)));
}

/// The signals in an order that does not depend on the order given, and their numbers.
fn in_order(signals: &[Signal]) -> (Vec<&Signal>, Vec<Numbers>) {
    let mut signals: Vec<&Signal> = signals.iter().collect();
    signals.sort_unstable_by(|a, b| texts(a).cmp(&texts(b)));
    let numbers = signals
        .iter()
        .map(|signal| Numbers::from(*signal))
        .collect();
    (signals, numbers)
}

fn texts(signal: &Signal) -> [Option<&str>; 4] {
    let url = signal.url.as_deref();
    [
        Some(&signal.source),
        Some(&signal.external_id),
        Some(&signal.evidence),
        url,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Confidence;
    use crate::Kind::{Funding, Hiring};
    use crate::fixtures::{domain, now, signal};
    use expect_test::expect;

    #[test]
    fn the_fields_are_in_the_order_of_the_response() {
        let mut funding = signal(Funding, 0.9, 40);
        funding.url = Some("https://example.com/round".to_owned());
        let scored = score(&domain(), &[signal(Hiring, 0.6, 3), funding], now());
        expect![[r#"
            {
              "domain": "example.com",
              "score": 61,
              "band": "WARM",
              "confidence": "medium",
              "signals": [
                {
                  "kind": "funding",
                  "strength": 0.9,
                  "contribution": 35.7,
                  "observed_at": "2026-04-14T12:00:00Z",
                  "age_days": 40.0,
                  "source": "sample",
                  "evidence": "Seen in funding",
                  "url": "https://example.com/round"
                },
                {
                  "kind": "hiring",
                  "strength": 0.6,
                  "contribution": 25.3,
                  "observed_at": "2026-05-21T12:00:00Z",
                  "age_days": 3.0,
                  "source": "sample",
                  "evidence": "Seen in hiring",
                  "url": null
                }
              ],
              "reasoning": "1 funding signal on 14 Apr 2026: “Seen in funding” (sample). 1 hiring signal on 21 May 2026: “Seen in hiring” (sample).",
              "reasoning_source": "template",
              "momentum": {
                "direction": "rising",
                "change": 14,
                "baseline": 47
              },
              "scored_at": "2026-05-24T12:00:00Z",
              "model_version": "intent-2"
            }"#]].assert_eq(&serde_json::to_string_pretty(&scored).unwrap());
    }

    #[test]
    fn a_company_without_signals_is_cold_and_unknown() {
        let scored = score(&domain(), &[], now());
        expect![[r#"
            {
              "domain": "example.com",
              "score": 0,
              "band": "COLD",
              "confidence": "none",
              "signals": [],
              "reasoning": "No signals are known for example.com.",
              "reasoning_source": "template",
              "momentum": {
                "direction": "unknown",
                "change": null,
                "baseline": null
              },
              "scored_at": "2026-05-24T12:00:00Z",
              "model_version": "intent-2"
            }"#]]
        .assert_eq(&serde_json::to_string_pretty(&scored).unwrap());
    }

    #[test]
    fn signals_too_old_to_count_leave_low_confidence() {
        let scored = score(&domain(), &[signal(Hiring, 1.0, 2000)], now());
        assert_eq!((scored.score, scored.confidence), (0, Confidence::Low));
        assert!(scored.signals.is_empty());
        assert_eq!(scored.more_signals.unwrap().count, 1);
    }
}
