use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use types::{AccountId, Domain, Timestamp};

use super::{Intel, Owner};
use crate::StoreError;
use crate::keys::IntelKey;
use crate::table::{PrimaryKey, number, row, text};

/// The revision of a company's signals, and the score that was last computed from them.
///
/// The row exists as soon as one signal does, so its absence says that nothing is known, without a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreRow {
    /// Raised by every write of signals, in the same transaction.
    pub revision: u64,
    /// The score as JSON; taken away by every write of signals.
    pub body: Option<String>,
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
        self.read_score_rows(account, domains, false).await
    }

    /// The score rows of a company as `account` sees them, with everything written before this call.
    pub async fn score_rows_now(
        &self,
        account: AccountId,
        domain: &Domain,
    ) -> Result<ScoreRows, StoreError> {
        let domains = std::slice::from_ref(domain);
        let mut rows = self.read_score_rows(account, domains, true).await?;
        Ok(rows.remove(domain).unwrap_or_default())
    }

    async fn read_score_rows(
        &self,
        account: AccountId,
        domains: &[Domain],
        consistent: bool,
    ) -> Result<HashMap<Domain, ScoreRows>, StoreError> {
        let key = |domain, owner| PrimaryKey::from(IntelKey::Score(domain, owner));
        let keys = domains
            .iter()
            .flat_map(|domain| {
                [
                    key(domain, Owner::Public),
                    key(domain, Owner::Account(account)),
                ]
            })
            .collect();
        let found = self.0.batch_get(keys, consistent).await?;
        let read = |domain, owner| {
            let item = found.get(&key(domain, owner)).cloned();
            item.map(|item| row("score", item)).transpose()
        };
        domains
            .iter()
            .map(|domain| {
                let rows = ScoreRows {
                    public: read(domain, Owner::Public)?,
                    own: read(domain, Owner::Account(account))?,
                };
                Ok((domain.clone(), rows))
            })
            .collect()
    }

    /// Keeps a score that was computed from `scored.revision`.
    /// [`StoreError::Conflict`] if signals came in meanwhile: the score is then already out of date.
    pub async fn keep_score(
        &self,
        domain: &Domain,
        owner: Owner,
        scored: &ScoreRow,
    ) -> Result<(), StoreError> {
        let mut update = "SET body = :body, valid_until = :until".to_owned();
        let mut request = self
            .0
            .update(IntelKey::Score(domain, owner))
            .condition_expression("revision = :revision")
            .expression_attribute_values(":revision", number(scored.revision))
            .expression_attribute_values(":body", text(scored.body.clone().unwrap_or_default()))
            .expression_attribute_values(":until", number(scored.valid_until.unwrap_or(0)));
        if let Some(revision) = scored.public_revision {
            update.push_str(", public_revision = :public");
            request = request.expression_attribute_values(":public", number(revision));
        }
        request.update_expression(update).send().await?;
        Ok(())
    }
}
