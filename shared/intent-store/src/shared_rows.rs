use std::collections::HashMap;
use std::iter;

use store::batch::Reading;
use store::item::PrimaryKey;
use store::keys::IntelKey;
use store::{Owner, StoreError};
use types::{AccountId, Domain};

use crate::{Intel, ScoreRow};

/// What is stored on a company for many accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedRows {
    /// From public signals.
    pub public: Option<ScoreRow>,
    /// From public signals and the account's own, of those that have any on this company.
    pub own: HashMap<AccountId, ScoreRow>,
}

impl Intel {
    /// The score rows of one company as these accounts see them, in one call per 100 rows; with everything written
    /// before this call if `consistent`, else eventually so.
    pub async fn shared_rows(
        &self,
        domain: &Domain,
        accounts: &[AccountId],
        consistent: bool,
    ) -> Result<SharedRows, StoreError> {
        let owners = accounts.iter().copied().map(Owner::Account);
        let keys: Vec<PrimaryKey> = iter::once(Owner::Public)
            .chain(owners)
            .map(|owner| IntelKey::Score(domain, owner).into())
            .collect();
        let reading = if consistent {
            Reading::Consistent
        } else {
            Reading::Eventual
        };
        let mut found = self.read_scores(&keys, reading).await?;
        let mut found = keys.iter().map(|key| found.remove(&key.pk));
        let mut rows = SharedRows {
            public: found.next().flatten(),
            own: HashMap::new(),
        };
        for (account, row) in accounts.iter().zip(found) {
            rows.own.extend(row.map(|row| (*account, row)));
        }
        Ok(rows)
    }
}
