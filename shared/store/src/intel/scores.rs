use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use types::{AccountId, Domain, Timestamp};

use super::{Intel, Owner};
use crate::StoreError;
use crate::keys::IntelKey;
use crate::table::{Item, PrimaryKey, number, row, text};

/// What of a score row a bulk result needs, with its key.
const WITHOUT_SIGNALS: &str = "pk, sk, revision, body, valid_until, public_revision";

/// The revision of a company's signals, and the score that was last computed from them.
///
/// The row exists as soon as one signal does, so its absence says that nothing is known, without a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreRow {
    /// Raised by every write of signals, in the same transaction.
    pub revision: u64,
    /// The score as JSON, without its signals; taken away by every write of signals.
    pub body: Option<String>,
    /// The score's signals as JSON, where they were asked for; taken away with it. They are most of the row.
    pub signals: Option<String>,
    /// Until when the score may be used, in seconds since 1970.
    pub valid_until: Option<i64>,
    /// On an account's own row: the public revision that the score includes.
    pub public_revision: Option<u64>,
}

impl ScoreRow {
    /// The stored score, if it may be used at `now` beside this public revision.
    pub fn fresh(&self, now: Timestamp, public_revision: u64) -> Option<&str> {
        let valid = self.valid_until? > now.as_second();
        let same = self
            .public_revision
            .is_none_or(|seen| seen == public_revision);
        self.body.as_deref().filter(|_| valid && same)
    }
}

/// What is stored on a company for one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoreRows {
    /// From public signals.
    pub public: Option<ScoreRow>,
    /// From public signals and the account's own, if it has any on this company.
    pub own: Option<ScoreRow>,
}

impl Intel {
    /// The score rows of these companies as `account` sees them, in one call per 50 companies.
    /// Eventually consistent: a score may be a second behind a write.
    pub async fn score_rows(
        &self,
        account: AccountId,
        domains: &[Domain],
    ) -> Result<HashMap<Domain, ScoreRows>, StoreError> {
        let keys = score_keys(account, domains);
        by_company(self.0.batch_get(keys, false).await?, account, domains)
    }

    /// The same without the scores' signals: a quarter of the bytes.
    pub async fn score_rows_without_signals(
        &self,
        account: AccountId,
        domains: &[Domain],
    ) -> Result<HashMap<Domain, ScoreRows>, StoreError> {
        let keys = score_keys(account, domains);
        let found = self.0.batch_get_some(keys, WITHOUT_SIGNALS).await?;
        by_company(found, account, domains)
    }

    /// The score rows of a company as `account` sees them, with everything written before this call.
    pub async fn score_rows_now(
        &self,
        account: AccountId,
        domain: &Domain,
    ) -> Result<ScoreRows, StoreError> {
        let domains = std::slice::from_ref(domain);
        let found = self.0.batch_get(score_keys(account, domains), true).await?;
        let mut rows = by_company(found, account, domains)?;
        Ok(rows.remove(domain).unwrap_or_default())
    }

    /// Keeps a score that was computed from `scored.revision`.
    /// [`StoreError::Conflict`] if signals came in meanwhile: the score is then already out of date.
    pub async fn keep_score(
        &self,
        domain: &Domain,
        owner: Owner,
        scored: &ScoreRow,
    ) -> Result<(), StoreError> {
        let mut update = "SET body = :body, signals = :signals, valid_until = :until".to_owned();
        let mut request = self
            .0
            .update(IntelKey::Score(domain, owner))
            .condition_expression("revision = :revision")
            .expression_attribute_values(":revision", number(scored.revision))
            .expression_attribute_values(":body", text(scored.body.clone().unwrap_or_default()))
            .expression_attribute_values(
                ":signals",
                text(scored.signals.clone().unwrap_or_default()),
            )
            .expression_attribute_values(":until", number(scored.valid_until.unwrap_or(0)));
        if let Some(revision) = scored.public_revision {
            update.push_str(", public_revision = :public");
            request = request.expression_attribute_values(":public", number(revision));
        }
        request.update_expression(update).send().await?;
        Ok(())
    }
}

/// The keys of the two rows of each company.
fn score_keys(account: AccountId, domains: &[Domain]) -> Vec<PrimaryKey> {
    let both =
        |domain| [Owner::Public, Owner::Account(account)].map(|owner| score_key(domain, owner));
    domains.iter().flat_map(both).collect()
}

fn score_key(domain: &Domain, owner: Owner) -> PrimaryKey {
    IntelKey::Score(domain, owner).into()
}

fn by_company(
    mut found: HashMap<PrimaryKey, Item>,
    account: AccountId,
    domains: &[Domain],
) -> Result<HashMap<Domain, ScoreRows>, StoreError> {
    let mut read = |domain, owner| {
        let item = found.remove(&score_key(domain, owner));
        item.map(|item| row("score", item)).transpose()
    };
    let mut rows = HashMap::with_capacity(domains.len());
    for domain in domains {
        if !rows.contains_key(domain) {
            let both = ScoreRows {
                public: read(domain, Owner::Public)?,
                own: read(domain, Owner::Account(account))?,
            };
            rows.insert(domain.clone(), both);
        }
    }
    Ok(rows)
}
