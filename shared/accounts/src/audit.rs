use aws_sdk_dynamodb::types::TransactWriteItem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{PrimaryKey, item, row};
use store::keys::{AUDIT, AccountsKey};
use types::{AccountId, AuditId, KeyId, RequestId, Timestamp};

use crate::Accounts;

/// One change of who may do what, written in the transaction that makes the change, and never changed itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its id, which sorts by time.
    pub id: AuditId,
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: AuditAction,
    /// The id of what it was done to.
    pub target: String,
    /// When.
    pub at: Timestamp,
    /// The HTTP request that asked for it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// What a reader wants to know besides.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub details: String,
    /// What only the operator is to read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub internal: String,
}

/// Who changed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// The account's user, signed in; the id is that of the account's session key.
    Session(KeyId),
    /// The operator of this deployment.
    Operator,
    /// A report of a leaked key.
    SecretScanning,
}

/// What can be in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub enum AuditAction {
    /// A user came for the first time, and an account was opened.
    #[serde(rename = "account.create")]
    AccountCreate,
    /// A key was issued.
    #[serde(rename = "key.create")]
    KeyCreate,
    /// A key was replaced by a new one.
    #[serde(rename = "key.rotate")]
    KeyRotate,
    /// A key was revoked.
    #[serde(rename = "key.revoke")]
    KeyRevoke,
    /// A key was found in public, and revoked.
    #[serde(rename = "key.leaked")]
    KeyLeaked,
    /// The account was suspended.
    #[serde(rename = "account.suspend")]
    AccountSuspend,
    /// The account's suspension ended.
    #[serde(rename = "account.resume")]
    AccountResume,
    /// A product was put on a plan.
    #[serde(rename = "plan.set")]
    PlanSet,
    /// Credits were given.
    #[serde(rename = "credits.grant")]
    CreditsGrant,
    /// A balance was corrected by hand.
    #[serde(rename = "credits.adjust")]
    CreditsAdjust,
}

impl Accounts {
    /// A page of at most `limit` entries of an account's audit log, the newest first, from before an entry on; and the entry
    /// before which the next page begins, if there may be one.
    pub async fn audit_log(
        &self,
        account: AccountId,
        before: Option<AuditId>,
        limit: usize,
    ) -> Result<(Vec<AuditEntry>, Option<AuditId>), StoreError> {
        let before = before.map(|id| AccountsKey::Audit(account, id).into());
        let prefix = PrimaryKey {
            pk: AccountsKey::partition(account),
            sk: AUDIT.to_owned(),
        };
        let (items, has_more) = self.0.page_back(&prefix, before, limit).await?;
        let entries: Vec<AuditEntry> = items
            .into_iter()
            .map(|item| row("audit entry", item))
            .collect::<Result<_, _>>()?;
        let next = entries.last().map(|entry| entry.id).filter(|_| has_more);
        Ok((entries, next))
    }

    /// The part of a transaction that appends `entry`.
    pub(crate) fn audit_part(
        &self,
        account: AccountId,
        entry: &AuditEntry,
    ) -> Result<TransactWriteItem, StoreError> {
        let key = AccountsKey::Audit(account, entry.id).into();
        self.0.creation(item("audit entry", key, entry)?)
    }
}
