use std::collections::HashMap;

use futures::{StreamExt, TryStreamExt, stream};
use store::{ScoreRow, ScoreRows, SharedRows, StoreError};
use types::{AccountId, Domain, Timestamp};

use crate::{AT_ONCE, Scored, Scores, Standing};

/// A company's score as each of several accounts sees it.
#[derive(Clone, Debug)]
pub struct SharedScore {
    public: Scored,
    own: HashMap<AccountId, Scored>,
}

impl SharedScore {
    /// What an account sees: its own score if it has signals of its own on the company, else the one that all others see.
    pub fn of(&self, account: AccountId) -> &Scored {
        self.own.get(&account).unwrap_or(&self.public)
    }
}

impl Scores {
    /// The score of one company for many accounts. What all see is computed once, and kept; what an account sees that
    /// has signals of its own, once for that account.
    pub async fn of_accounts(
        &self,
        domain: &Domain,
        accounts: &[AccountId],
        now: Timestamp,
    ) -> Result<SharedScore, StoreError> {
        let SharedRows { public, own } = self.intel.shared_rows(domain, accounts).await?;
        let settled = async |account: AccountId, own: Option<ScoreRow>| {
            let rows = ScoreRows {
                public: public.clone(),
                own,
            };
            let standing = Standing::of(Some(&rows), domain, now);
            let scored = self.settle(account, domain, standing, None, now).await?;
            Ok::<_, StoreError>((account, scored))
        };
        // Without own signals the account is of no matter.
        let anyone = accounts.first().copied();
        let anyone = anyone.unwrap_or_else(|| AccountId::from_parts(now, 0));
        let (_, seen_by_all) = settled(anyone, None).await?;
        let own = stream::iter(own)
            .map(|(account, row)| settled(account, Some(row)))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(SharedScore {
            public: seen_by_all,
            own,
        })
    }
}
