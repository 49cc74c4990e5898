use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use store::batch::{Number, Reading, Text};
use store::item::{PrimaryKey, number, text};
use store::keys::IntelKey;
use store::{Owner, StoreError};
use types::{AccountId, Domain, Timestamp};

use crate::Intel;
use crate::packing::PACKED;

/// What of a score row a bulk result needs, with its partition.
const IN_BRIEF: &str =
    "pk, revision, body, valid_until, public_revision, own_signals, public_signals, packed";

/// The revision of a company's signals, and the score that was last computed from them.
///
/// The row exists as soon as one signal does, so its absence says that nothing is known, without a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreRow {
    /// Raised by every write of signals, in the same transaction.
    pub revision: u64,
    /// The score in brief, as JSON; taken away by every write of signals.
    pub body: Option<String>,
    /// The rest of the score as JSON, where it was asked for; taken away with it. It is most of the row.
    pub details: Option<String>,
    /// Until when the score may be used, in seconds since 1970.
    pub valid_until: Option<i64>,
    /// On an account's own row: the public revision that the score includes.
    pub public_revision: Option<u64>,
    /// How many signals there are, those included that have ended.
    pub signals: u64,
    /// How many versions of the past there are, likewise.
    pub versions: u64,
    /// Whether signals have briefs: `begun` while they get them, then `all`.
    pub packed: Option<String>,
    /// From when on scores of the past are complete, in seconds since 1970, if versions were dropped.
    pub rebuilt_from: Option<i64>,
}

impl ScoreRow {
    /// Whether all signals have briefs.
    pub fn is_packed(&self) -> bool {
        self.packed.as_deref() == Some(PACKED)
    }

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
    /// The score rows of these companies as `account` sees them, in their order and in one call per 50 companies.
    /// Eventually consistent: a score may be a second behind a write.
    pub async fn score_rows(
        &self,
        account: AccountId,
        domains: &[Domain],
    ) -> Result<Vec<ScoreRows>, StoreError> {
        self.rows_of(account, domains, Reading::Eventual).await
    }

    /// The same without the scores' details: a fifth of the bytes.
    pub async fn score_rows_in_brief(
        &self,
        account: AccountId,
        domains: &[Domain],
    ) -> Result<Vec<ScoreRows>, StoreError> {
        let reading = Reading::Attributes(IN_BRIEF);
        self.rows_of(account, domains, reading).await
    }

    /// The score rows of a company as `account` sees them, with everything written before this call.
    pub async fn score_rows_now(
        &self,
        account: AccountId,
        domain: &Domain,
    ) -> Result<ScoreRows, StoreError> {
        let domains = std::slice::from_ref(domain);
        let rows = self.rows_of(account, domains, Reading::Consistent).await?;
        Ok(rows.into_iter().next().unwrap_or_default())
    }

    async fn rows_of(
        &self,
        account: AccountId,
        domains: &[Domain],
        reading: Reading<'_>,
    ) -> Result<Vec<ScoreRows>, StoreError> {
        let owners = [Owner::Public, Owner::Account(account)];
        let both = |domain| owners.map(|owner| IntelKey::Score(domain, owner).into());
        let keys: Vec<PrimaryKey> = domains.iter().flat_map(both).collect();
        let found = self.read_scores(&keys, reading).await?;
        let mut found = keys.iter().map(|key| found.get(&key.pk).cloned());
        let rows = domains.iter().map(|_| ScoreRows {
            public: found.next().flatten(),
            own: found.next().flatten(),
        });
        Ok(rows.collect())
    }

    /// The score rows under these keys, by partition.
    pub(crate) async fn read_scores(
        &self,
        keys: &[PrimaryKey],
        reading: Reading<'_>,
    ) -> Result<HashMap<String, ScoreRow>, StoreError> {
        let found: Vec<Stored> = self.0.batch(keys, reading).await?;
        found.into_iter().map(Stored::row).collect()
    }

    /// Keeps a score that was computed from `scored.revision`.
    /// [`StoreError::Conflict`] if signals came in meanwhile: the score is then already out of date.
    pub async fn keep_score(
        &self,
        domain: &Domain,
        owner: Owner,
        scored: &ScoreRow,
    ) -> Result<(), StoreError> {
        let mut update = "SET body = :body, details = :details, valid_until = :until".to_owned();
        let mut request = self
            .0
            .update(IntelKey::Score(domain, owner))
            .condition_expression("revision = :revision")
            .expression_attribute_values(":revision", number(scored.revision))
            .expression_attribute_values(":body", text(scored.body.clone().unwrap_or_default()))
            .expression_attribute_values(
                ":details",
                text(scored.details.clone().unwrap_or_default()),
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

/// A score row as DynamoDB's JSON has it.
#[derive(Debug, Deserialize)]
struct Stored {
    pk: Text<String>,
    revision: Number,
    #[serde(default)]
    body: Text,
    #[serde(default)]
    details: Text,
    #[serde(default)]
    valid_until: Number,
    #[serde(default)]
    public_revision: Number,
    #[serde(default)]
    own_signals: Number,
    #[serde(default)]
    public_signals: Number,
    #[serde(default)]
    versions: Number,
    #[serde(default)]
    packed: Text,
    #[serde(default)]
    rebuilt_from: Number,
}

impl Stored {
    /// The row with its partition.
    fn row(self) -> Result<(String, ScoreRow), StoreError> {
        let malformed = |error| StoreError::malformed("score", error);
        let (own, public) = (self.own_signals.parse(), self.public_signals.parse());
        let (own, public): (Option<u64>, Option<u64>) =
            (own.map_err(malformed)?, public.map_err(malformed)?);
        let row = ScoreRow {
            revision: self.revision.parse().map_err(malformed)?.unwrap_or(0),
            body: self.body.text,
            details: self.details.text,
            valid_until: self.valid_until.parse().map_err(malformed)?,
            public_revision: self.public_revision.parse().map_err(malformed)?,
            signals: own.or(public).unwrap_or(0),
            versions: self.versions.parse().map_err(malformed)?.unwrap_or(0),
            packed: self.packed.text,
            rebuilt_from: self.rebuilt_from.parse().map_err(malformed)?,
        };
        Ok((self.pk.text, row))
    }
}
