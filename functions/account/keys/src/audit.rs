use accounts::{Actor, AuditAction, AuditEntry};
use api::{ApiError, Params, Session};
use axum::Json;
use axum::extract::State;
use endpoints::account::{AUDIT, AUDIT_LIMIT};
use http::Uri;
use schemars::JsonSchema;
use serde::Serialize;
use types::{AuditId, RequestId, Timestamp, whole_second};

use crate::App;

/// A page of the audit log, newest first.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "AuditPage")]
pub(crate) struct AuditPage {
    /// The newest first.
    entries: Vec<EntryAnswer>,
    /// Cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<AuditId>,
}

#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "AuditEntry")]
struct EntryAnswer {
    /// Its id.
    id: AuditId,
    /// When it was done.
    at: Timestamp,
    /// Who did it.
    actor: Actor,
    /// What was done.
    action: AuditAction,
    /// To what: the id of a key or of the account.
    target: String,
    /// The call that did it.
    #[serde(rename = "requestId", skip_serializing_if = "Option::is_none")]
    request: Option<RequestId>,
    /// More on it, such as the product.
    #[serde(skip_serializing_if = "String::is_empty")]
    details: String,
}

/// `GET /api/v1/audit`: who changed the account's keys, plans and credits, and when.
pub(crate) async fn list(
    State(app): State<App>,
    session: Session,
    uri: Uri,
) -> Result<Json<AuditPage>, ApiError> {
    let params = Params::read(&uri, &AUDIT)?;
    let limit = params.number(&AUDIT_LIMIT)?;
    let cursor = params.cursor(|text| text.parse().ok())?;
    let (entries, next_cursor) = app
        .accounts
        .audit_log(session.account(), cursor, limit)
        .await?;
    Ok(Json(AuditPage {
        entries: entries.into_iter().map(EntryAnswer::of).collect(),
        next_cursor,
    }))
}

impl EntryAnswer {
    fn of(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: whole_second(entry.at),
            actor: entry.actor,
            action: entry.action,
            target: entry.target,
            request: entry.request,
            details: entry.details,
        }
    }
}
