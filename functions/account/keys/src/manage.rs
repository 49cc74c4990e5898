use api::{ApiError, Idempotent, JsonBody, OptionalJson, Session};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use crate::App;
use crate::answer::{KeyAnswer, NewKeyAnswer};
use crate::form::{KeyForm, RotateForm, key_id};

/// The account's keys.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ApiKeys")]
pub(crate) struct KeyList {
    /// The keys of all products, without their secrets. Those that are over are listed for 90 days.
    keys: Vec<KeyAnswer>,
}

/// `POST /api/v1/user/keys`: issues a key. Its secret is shown only in this response.
pub(crate) async fn create(
    State(app): State<App>,
    session: Session,
    OptionalJson(form): OptionalJson<KeyForm>,
) -> Result<Idempotent<(StatusCode, Json<NewKeyAnswer>)>, ApiError> {
    let form = form?;
    // Replay before validation: a value that was valid at first, such as an expiry in the future, need not be on a retry.
    let run = session.once(&form, async |session, seed| {
        let now = app.context.clock().now();
        let request = form.parse(now)?;
        let (by, account) = (session.by(now), session.account());
        let (key, raw) = app.keyring.issue(&by, account, seed.id(), &request).await?;
        let answer = NewKeyAnswer::of(key, &raw, None);
        Ok((StatusCode::CREATED, Json(answer)))
    });
    run.await
}

/// `GET /api/v1/user/keys`: lists the keys of all products, without their secrets.
pub(crate) async fn list(
    State(app): State<App>,
    session: Session,
) -> Result<Json<KeyList>, ApiError> {
    let now = app.context.clock().now();
    let keys = app.accounts.issued_keys(session.account(), now).await?;
    Ok(Json(KeyList {
        keys: keys
            .into_iter()
            .map(|key| KeyAnswer::of(key, now))
            .collect(),
    }))
}

/// `POST /api/v1/user/keys/rotate`: replaces a key; the old one works for another 24 hours.
pub(crate) async fn rotate(
    State(app): State<App>,
    session: Session,
    JsonBody(form): JsonBody<RotateForm>,
) -> Result<Idempotent<(StatusCode, Json<NewKeyAnswer>)>, ApiError> {
    let form = form?;
    let old = form.parse()?;
    let run = session.once(&form, async |session, seed| {
        let (by, account) = (session.by(app.context.clock().now()), session.account());
        let (key, raw, until) = app.keyring.rotate(&by, account, old, seed.id()).await?;
        let answer = NewKeyAnswer::of(key, &raw, Some(until));
        Ok((StatusCode::CREATED, Json(answer)))
    });
    run.await
}

/// `DELETE /api/v1/user/keys/{key_id}`: revokes a key immediately.
pub(crate) async fn revoke(
    State(app): State<App>,
    session: Session,
    key: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    let by = session.by(app.context.clock().now());
    let Path(key) = key.map_err(|_| ApiError::not_found("key"))?;
    let key = key_id(&key)?;
    app.keyring.revoke(&by, session.account(), key).await?;
    Ok(StatusCode::NO_CONTENT)
}
