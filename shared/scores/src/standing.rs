use store::{ScoreRow, ScoreRows};
use types::Timestamp;

use crate::Scored;

/// What one read tells of a company.
#[derive(Clone, Debug)]
pub enum Standing {
    /// No signal is known, to everyone or to the account.
    Unknown,
    /// A kept score may be used.
    Fresh(Box<Scored>),
    /// There are signals, and the score must be computed from them.
    Stale(ScoreRows),
}

impl Standing {
    pub(crate) fn of(rows: Option<&ScoreRows>, now: Timestamp) -> Self {
        let Some(rows) = rows.filter(|rows| rows.public.is_some() || rows.own.is_some()) else {
            return Self::Unknown;
        };
        let public_revision = rows.public.as_ref().map_or(0, |row| row.revision);
        // An account that has signals of its own on a company is never answered the public score.
        let row = rows.own.as_ref().or(rows.public.as_ref());
        row.and_then(|row| kept(row, public_revision, now))
            .map_or_else(
                || Self::Stale(rows.clone()),
                |scored| Self::Fresh(Box::new(scored)),
            )
    }
}

fn kept(row: &ScoreRow, public_revision: u64, now: Timestamp) -> Option<Scored> {
    let body = row.fresh(now, public_revision)?;
    // A body that another version wrote and this one cannot read is as good as none.
    let score: intent::Score = serde_json::from_str(body).ok()?;
    let expires_at = Timestamp::from_second(row.valid_until?).ok()?;
    (score.model_version == intent::MODEL_VERSION).then_some(Scored {
        score,
        expires_at,
        cached: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Domain;

    fn rows(valid_until: i64, model: &str) -> ScoreRows {
        let mut score = intent::score(
            &Domain::parse("stripe.com").unwrap(),
            &[],
            Timestamp::UNIX_EPOCH,
        );
        model.clone_into(&mut score.model_version);
        let body = Some(serde_json::to_string(&score).unwrap());
        let row = ScoreRow {
            revision: 3,
            body,
            valid_until: Some(valid_until),
            public_revision: None,
        };
        ScoreRows {
            public: Some(row),
            own: None,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_score_is_kept_until_it_expires_or_the_model_changes() {
        assert!(matches!(Standing::of(None, at(0)), Standing::Unknown));
        assert!(matches!(
            Standing::of(Some(&rows(100, intent::MODEL_VERSION)), at(99)),
            Standing::Fresh(_)
        ));
        assert!(matches!(
            Standing::of(Some(&rows(100, intent::MODEL_VERSION)), at(100)),
            Standing::Stale(_)
        ));
        assert!(matches!(
            Standing::of(Some(&rows(100, "intent-0")), at(99)),
            Standing::Stale(_)
        ));
    }

    #[test]
    fn own_signals_hide_the_public_score() {
        let mut own = rows(100, intent::MODEL_VERSION);
        own.own = Some(ScoreRow {
            revision: 1,
            ..ScoreRow::default()
        });
        assert!(matches!(
            Standing::of(Some(&own), at(0)),
            Standing::Stale(_)
        ));
    }

    #[test]
    fn own_scores_end_with_a_new_public_signal() {
        let mut seen = rows(100, intent::MODEL_VERSION);
        let own = ScoreRow {
            public_revision: Some(3),
            ..seen.public.clone().unwrap()
        };
        seen.own = Some(own);
        assert!(matches!(
            Standing::of(Some(&seen), at(0)),
            Standing::Fresh(_)
        ));
        seen.public.as_mut().unwrap().revision = 4;
        assert!(matches!(
            Standing::of(Some(&seen), at(0)),
            Standing::Stale(_)
        ));
    }
}
