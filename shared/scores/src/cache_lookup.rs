use intent_store::ScoreRows;
use types::{Domain, Timestamp};

use crate::Scored;
use crate::cached_row::{self, Found};

/// The result of looking a company's score up.
#[derive(Clone, Debug)]
pub enum CacheLookup {
    /// No signal is known, public or the account's own.
    Unknown,
    /// A cached score may be used.
    Fresh(Box<Scored>),
    /// There are signals, and the score must be computed from them.
    Stale(Box<ScoreRows>),
}

impl CacheLookup {
    /// Whether no signal is known.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    pub(crate) fn of(rows: Option<&ScoreRows>, domain: &Domain, now: Timestamp) -> Self {
        match Found::of(rows, now) {
            Found::Nothing => Self::Unknown,
            Found::Cached(row, summary) => match cached_row::scored(row, *summary, domain) {
                Some(scored) => Self::Fresh(Box::new(scored)),
                None => rows.map_or(Self::Unknown, Self::stale),
            },
            Found::Stale(rows) => Self::stale(rows),
        }
    }

    fn stale(rows: &ScoreRows) -> Self {
        Self::Stale(Box::new(rows.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use intent_store::ScoreRow;

    fn rows(valid_until: i64, model: &str) -> ScoreRows {
        let mut score = intent::score(&domain(), &[], at(0));
        model.clone_into(&mut score.model_version);
        let scored = Scored {
            score,
            expires_at: at(valid_until),
            cached: false,
        };
        let row = ScoreRow {
            revision: 3,
            ..cached_row::row(&scored).unwrap()
        };
        ScoreRows {
            public: Some(row),
            own: None,
        }
    }

    fn domain() -> Domain {
        Domain::parse("stripe.com").unwrap()
    }

    fn look_up(rows: &ScoreRows, second: i64) -> CacheLookup {
        CacheLookup::of(Some(rows), &domain(), at(second))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_score_is_cached_until_it_expires_or_the_model_changes() {
        assert!(matches!(
            CacheLookup::of(None, &domain(), at(0)),
            CacheLookup::Unknown
        ));
        assert!(matches!(
            look_up(&rows(100, intent::MODEL_VERSION), 99),
            CacheLookup::Fresh(_)
        ));
        assert!(matches!(
            look_up(&rows(100, intent::MODEL_VERSION), 100),
            CacheLookup::Stale(_)
        ));
        assert!(matches!(
            look_up(&rows(100, "intent-0"), 99),
            CacheLookup::Stale(_)
        ));
    }

    #[test]
    fn own_signals_hide_the_public_score() {
        let mut own = rows(100, intent::MODEL_VERSION);
        own.own = Some(ScoreRow {
            revision: 1,
            ..ScoreRow::default()
        });
        assert!(matches!(look_up(&own, 0), CacheLookup::Stale(_)));
    }

    #[test]
    fn own_scores_end_with_a_new_public_signal() {
        let mut seen = rows(100, intent::MODEL_VERSION);
        let own = ScoreRow {
            public_revision: Some(3),
            ..seen.public.clone().unwrap()
        };
        seen.own = Some(own);
        assert!(matches!(look_up(&seen, 0), CacheLookup::Fresh(_)));
        seen.public.as_mut().unwrap().revision = 4;
        assert!(matches!(look_up(&seen, 0), CacheLookup::Stale(_)));
    }

    #[test]
    fn a_cached_score_is_the_score_that_was_computed() {
        let signal = serde_json::json!({
            "kind": "hiring", "strength": 0.6, "observed_at": "2026-05-01T00:00:00Z", "source": "crm",
            "external_id": "1", "evidence": "Engineer", "url": null,
        });
        let signals: Vec<intent::Signal> = vec![serde_json::from_value(signal).unwrap(); 60];
        let score = intent::score(&domain(), &signals, "2026-05-24T12:00:00Z".parse().unwrap());
        assert!(score.more_signals.is_some());
        let scored = Scored {
            score: score.clone(),
            expires_at: at(100),
            cached: false,
        };
        let row = cached_row::row(&scored).unwrap();
        let mut rows = ScoreRows {
            public: Some(row),
            own: None,
        };
        match look_up(&rows, 0) {
            CacheLookup::Fresh(cached) => assert_eq!(cached.score, score),
            other => panic!("{other:?}"),
        }
        match Found::of(Some(&rows), at(0)) {
            Found::Cached(_, summary) => assert_eq!(summary.signals, 60),
            other => panic!("{other:?}"),
        }
        // Read without its details, it is not a score that could be returned.
        rows.public.as_mut().unwrap().details = None;
        assert!(matches!(look_up(&rows, 0), CacheLookup::Stale(_)));
    }
}
