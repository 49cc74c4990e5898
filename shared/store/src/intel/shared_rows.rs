use std::collections::HashMap;

use types::{AccountId, Domain};

use super::{Intel, Owner, ScoreRow};
use crate::StoreError;
use crate::keys::IntelKey;
use crate::table::{PrimaryKey, row};

/// What is stored on a company for many accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedRows {
    /// From public signals.
    pub public: Option<ScoreRow>,
    /// From public signals and the account's own, of those that have any on this company.
    pub own: HashMap<AccountId, ScoreRow>,
}

impl Intel {
    /// The score rows of one company as these accounts see them, in one call per 100 rows. Eventually consistent.
    pub async fn shared_rows(
        &self,
        domain: &Domain,
        accounts: &[AccountId],
    ) -> Result<SharedRows, StoreError> {
        let key = |owner| PrimaryKey::from(IntelKey::Score(domain, owner));
        let owners = accounts.iter().map(|account| Owner::Account(*account));
        let keys = owners.chain([Owner::Public]).map(key).collect();
        let mut found = self.0.batch_get(keys, false).await?;
        let mut take = |owner| {
            let item = found.remove(&key(owner));
            item.map(|item| row("score", item)).transpose()
        };
        let mut rows = SharedRows {
            public: take(Owner::Public)?,
            own: HashMap::new(),
        };
        for account in accounts {
            if let Some(own) = take(Owner::Account(*account))? {
                rows.own.insert(*account, own);
            }
        }
        Ok(rows)
    }
}
