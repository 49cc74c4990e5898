//! `assay account suspend` and `assay account resume`.

use accounts::{AuditAction, AuditEntry, Suspension};
use intent_store::ScoreJob;
use runtime::Failure;
use serde_json::json;
use types::{AccountId, whole_second};

use crate::operator::{Operator, explain_conflict, no_account};
use crate::output::Output;

/// Suspends an account, then cancels its unfinished jobs. None can be submitted any more, so none is missed.
pub(super) async fn suspend(
    operator: &Operator,
    account: AccountId,
    reason: String,
) -> Result<Output, Failure> {
    let (accounts, workspace) = (operator.accounts()?, operator.workspace()?);
    let by = operator.by();
    let suspension = Suspension {
        since: whole_second(by.now),
        reason,
    };
    let audit = AuditEntry {
        internal: suspension.reason.clone(),
        ..by.entry(
            AuditAction::AccountSuspend,
            account.to_string(),
            String::new(),
        )
    };
    let suspended = accounts.suspend(account, &suspension, &audit).await;
    let changed = suspended.map_err(|error| explain_conflict(error, no_account(account)))?;
    let known = accounts.suspension(account).await?;
    let Suspension { since, reason } = known.unwrap_or(suspension);
    let cancelled = workspace
        .cancel_jobs::<ScoreJob>(account, whole_second(by.now))
        .await?;
    let what = if changed {
        "is suspended"
    } else {
        "was suspended already"
    };
    let mut text = format!("{account} {what}, since {since}: {reason}");
    for job in &cancelled {
        text = format!("{text}\n{job} is cancelled; its next message ends it and refunds the rest");
    }
    let json = json!({
        "account": account, "suspended": { "since": since, "reason": reason }, "changed": changed,
        "cancelledJobs": cancelled,
    });
    Output::new(json, text)
}

/// Ends a suspension.
pub(super) async fn resume(operator: &Operator, account: AccountId) -> Result<Output, Failure> {
    let by = operator.by();
    let audit = by.entry(
        AuditAction::AccountResume,
        account.to_string(),
        String::new(),
    );
    let resumed = operator.accounts()?.resume(account, &audit).await;
    let changed = resumed.map_err(|error| explain_conflict(error, no_account(account)))?;
    let text = if changed {
        format!("{account} is resumed")
    } else {
        format!("{account} was not suspended")
    };
    let json = json!({ "account": account, "suspended": null, "changed": changed });
    Output::new(json, text)
}
