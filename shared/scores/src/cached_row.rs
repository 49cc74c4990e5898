use intent_store::{ScoreRow, ScoreRows};
use serde_json::Error;
use types::{Domain, Timestamp};

use crate::{Scored, Summary};

/// What the rows of a company contain.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    /// No signal is known.
    Nothing,
    /// A row has a score that may be used.
    Cached(&'a ScoreRow, Box<Summary>),
    /// There are signals, and no score that may be used.
    Stale(&'a ScoreRows),
}

impl<'a> Found<'a> {
    pub(crate) fn of(rows: Option<&'a ScoreRows>, now: Timestamp) -> Self {
        let Some(rows) = rows.filter(|rows| rows.public.is_some() || rows.own.is_some()) else {
            return Self::Nothing;
        };
        let public_revision = rows.public.as_ref().map_or(0, |row| row.revision);
        // An account with signals of its own on a company never gets the public score.
        let row = rows.own.as_ref().or(rows.public.as_ref());
        row.and_then(|row| {
            Some(Self::Cached(
                row,
                Box::new(summary(row, public_revision, now)?),
            ))
        })
        .unwrap_or(Self::Stale(rows))
    }
}

fn summary(row: &ScoreRow, public_revision: u64, now: Timestamp) -> Option<Summary> {
    let body = row.fresh(now, public_revision)?;
    // A body that another version wrote and this one cannot read is treated as absent.
    let summary: Summary = serde_json::from_str(body).ok()?;
    (summary.model_version == intent::MODEL_VERSION).then_some(summary)
}

/// The score of a row, whose summary was read from it; none if the row was read without its details.
pub(crate) fn scored(row: &ScoreRow, summary: Summary, domain: &Domain) -> Option<Scored> {
    let details = serde_json::from_str(row.details.as_deref()?).ok()?;
    Some(Scored {
        score: summary.with(domain.clone(), details),
        expires_at: Timestamp::from_second(row.valid_until?).ok()?,
        cached: true,
    })
}

/// A row that caches a score, without its revisions.
pub(crate) fn row(scored: &Scored) -> Result<ScoreRow, Error> {
    let (summary, details) = Summary::split(scored.score.clone());
    Ok(ScoreRow {
        body: Some(serde_json::to_string(&summary)?),
        details: Some(serde_json::to_string(&details)?),
        valid_until: Some(scored.expires_at.as_second()),
        ..ScoreRow::default()
    })
}
