use intent::{Outline, Profile, Score};
use store::StoreError;
use types::{AccountId, Domain, Timestamp};

use crate::Scores;

/// A company's score with a profile, and its standard score.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// With the profile.
    pub score: Score,
    /// With the model's own table, from the same signals at the same time.
    pub standard: Score,
}

impl Scores {
    /// Scores a company with a profile. Neither uses the cache nor writes to it.
    pub async fn preview(
        &self,
        account: AccountId,
        domain: &Domain,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<Preview, StoreError> {
        let rows = self.rows(account, domain).await?;
        let seen = self.seen(account, domain, &rows, now).await?;
        let numbers = seen.numbers();
        let outlines = [
            Outline::with(profile, &numbers, now),
            Outline::of(&numbers, now),
        ];
        let [score, standard] = self.with_texts(domain, &seen, outlines).await?;
        Ok(Preview { score, standard })
    }
}
