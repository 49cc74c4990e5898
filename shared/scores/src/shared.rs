use std::collections::HashMap;

use futures::{StreamExt, TryStreamExt, stream};
use intent_store::{ScoreRow, ScoreRows, SharedRows};
use store::StoreError;
use types::{AccountId, Domain, Timestamp};

use crate::{CONCURRENCY, CacheLookup, Scored, Scores};

/// A company's score as each of several accounts sees it.
#[derive(Clone, Debug)]
pub struct SharedScore {
    public: Scored,
    own: HashMap<AccountId, Scored>,
}

impl SharedScore {
    /// The score that an account sees: its own if it has signals of its own on the company, else the public one.
    pub fn of(&self, account: AccountId) -> &Scored {
        self.own.get(&account).unwrap_or(&self.public)
    }
}

impl Scores {
    /// The score of one company for many accounts. The public score is computed once and cached; that of an account with
    /// signals of its own, once for that account.
    pub async fn of_accounts(
        &self,
        domain: &Domain,
        accounts: &[AccountId],
        now: Timestamp,
    ) -> Result<SharedScore, StoreError> {
        let mut rows = self.intel.shared_rows(domain, accounts, false).await?;
        let mut collected = None;
        if !is_fresh(&rows, domain, now) {
            collected = self.collect(domain, now).await;
            if collected.as_ref().is_some_and(|collected| collected.asked) {
                rows = self.intel.shared_rows(domain, accounts, true).await?;
            }
        }
        let SharedRows { public, own } = rows;
        let completed = async |account: AccountId, own: Option<ScoreRow>| {
            let rows = ScoreRows {
                public: public.clone(),
                own,
            };
            let lookup = CacheLookup::of(Some(&rows), domain, now);
            let scored = self.complete_with(account, domain, lookup, collected.clone(), now);
            Ok::<_, StoreError>((account, scored.await?))
        };
        // Without signals of its own it does not matter which account it is.
        let anyone = accounts.first().copied();
        let anyone = anyone.unwrap_or_else(|| AccountId::from_parts(now, 0));
        let (_, public_score) = completed(anyone, None).await?;
        let own = stream::iter(own)
            .map(|(account, row)| completed(account, Some(row)))
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await?;
        Ok(SharedScore {
            public: public_score,
            own,
        })
    }
}

/// Whether all scores of these rows may be used as they are.
fn is_fresh(rows: &SharedRows, domain: &Domain, now: Timestamp) -> bool {
    let owners = std::iter::once(None).chain(rows.own.values().cloned().map(Some));
    owners.into_iter().all(|own| {
        let public = rows.public.clone();
        matches!(
            CacheLookup::of(Some(&ScoreRows { public, own }), domain, now),
            CacheLookup::Fresh(_)
        )
    })
}
