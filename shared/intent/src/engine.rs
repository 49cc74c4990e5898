use types::{Domain, Timestamp};

use crate::observed::observed_by;
use crate::trend::Trend;
use crate::{
    Band, Confidence, MODEL, MODEL_VERSION, Model, Momentum, Profile, Score, Signal, TextSource,
    contributions, reasoning,
};

/// The intent of a company at `now`, from its signals in any order.
///
/// Signals dated after `now` are ignored. The same signals and the same second give the same score.
pub fn score(domain: &Domain, signals: &[Signal], now: Timestamp) -> Score {
    score_by(&MODEL, MODEL_VERSION.to_owned(), domain, signals, now)
}

/// The same with a profile's weights and half-lives. The model version marks it as not the standard score.
pub fn score_with(profile: &Profile, domain: &Domain, signals: &[Signal], now: Timestamp) -> Score {
    let version = format!("{MODEL_VERSION}+profile");
    score_by(&profile.model(), version, domain, signals, now)
}

fn score_by(
    model: &Model,
    model_version: String,
    domain: &Domain,
    signals: &[Signal],
    now: Timestamp,
) -> Score {
    let observed = observed_by(model, now, signals);
    let trend = Trend::of(model, &observed);
    let (listed, more) = contributions::contributions(&observed, &trend.raw, trend.score);
    Score {
        domain: domain.clone(),
        score: trend.score,
        band: Band::of(trend.score),
        confidence: Confidence::of(&observed),
        coverage: None,
        signals: listed,
        more_signals: more,
        reasoning: reasoning::reasoning(domain, &observed, &trend.raw),
        reasoning_source: TextSource::Template,
        talk_track: None,
        email_subject: None,
        momentum: Momentum::new(trend.score, trend.baseline),
        scored_at: types::whole_second(now),
        model_version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
