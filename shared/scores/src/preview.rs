use intent::{Profile, Score};
use store::StoreError;
use types::{AccountId, Domain, Timestamp};

use crate::Scores;

/// A company scored by a profile, beside the score that everyone gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// By the profile.
    pub score: Score,
    /// By the model's own table, from the same signals at the same moment.
    pub standard: Score,
}

impl Scores {
    /// Scores a company by a profile. Neither uses a kept score nor keeps one.
    pub async fn preview(
        &self,
        account: AccountId,
        domain: &Domain,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<Preview, StoreError> {
        let rows = self.rows(account, domain).await?;
        let signals = self.known(account, domain, &rows, now).await?;
        Ok(Preview {
            score: intent::score_with(profile, domain, &signals, now),
            standard: intent::score(domain, &signals, now),
        })
    }
}
