use futures::future::try_join;
use intent::Score;
use intent_store::{ScorePoint, ScoreRows};
use store::{Owner, StoreError};
use types::{AccountId, Date, Domain, Timestamp, date_of};

use crate::Scores;

/// A score of the past.
#[derive(Clone, Debug, PartialEq)]
pub enum Rebuilt {
    /// The score.
    Score(Box<Score>),
    /// The signals of the company were changed so often that not all of their contents of then are kept.
    Incomplete {
        /// From when on scores are complete.
        from: Timestamp,
    },
}

impl Scores {
    /// Whether there are signals of a company, public ones and the account's own.
    pub(crate) async fn rows(
        &self,
        account: AccountId,
        domain: &Domain,
    ) -> Result<ScoreRows, StoreError> {
        let domains = std::slice::from_ref(domain);
        let rows = self.intel.score_rows(account, domains).await?;
        Ok(rows.into_iter().next().unwrap_or_default())
    }

    /// The score that an account would have got at `at`, from what was known by then. `at` is within
    /// [`intent_store::HISTORY_DAYS`], and not in the future.
    pub async fn at(
        &self,
        account: AccountId,
        domain: &Domain,
        at: Timestamp,
    ) -> Result<Rebuilt, StoreError> {
        let rows = self.rows(account, domain).await?;
        let dropped = [&rows.public, &rows.own].into_iter().flatten();
        let from = dropped.filter_map(|row| row.rebuilt_from).max();
        // What was replaced in a second was known up to then.
        if let Some(from) = from.filter(|from| at.as_second() < *from) {
            let from = Timestamp::from_second(from).unwrap_or(at);
            return Ok(Rebuilt::Incomplete { from });
        }
        let seen = self.seen_at(account, domain, &rows, at).await?;
        let score = self.score_of(domain, &seen, at).await?;
        Ok(Rebuilt::Score(Box::new(score)))
    }

    /// The scores of a company on the last `days` UTC days, today included, as the account saw them, oldest first. From
    /// the first score with signals of its own they are its own, before that they are the public ones.
    pub async fn history(
        &self,
        account: AccountId,
        domain: &Domain,
        days: i64,
        now: Timestamp,
    ) -> Result<Vec<ScorePoint>, StoreError> {
        let today = date_of(now);
        let first = date_before(now, days - 1);
        let ever = date_before(now, intent_store::HISTORY_DAYS);
        let read = |owner, from| self.intel.score_points(domain, owner, (from, today), now);
        let (mut points, mut own) = try_join(
            read(Owner::Public, first),
            read(Owner::Account(account), ever),
        )
        .await?;
        if let Some(since) = own.first().map(ScorePoint::date) {
            points.retain(|point| point.date() < since);
            own.retain(|point| point.date() >= first);
            points.append(&mut own);
        }
        Ok(points)
    }
}

fn date_before(now: Timestamp, days: i64) -> Date {
    let then = Timestamp::from_second(now.as_second() - days * 86_400);
    date_of(then.unwrap_or(Timestamp::UNIX_EPOCH))
}
