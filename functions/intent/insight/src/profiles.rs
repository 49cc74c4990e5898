use std::collections::BTreeMap;

use api::{ApiError, Caller, Code, Idempotent, JsonBody};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::StatusCode;
use intent::Kind;
use intent_store::{ProfileChange, ProfileRow};
use schemars::JsonSchema;
use serde::Serialize;
use types::{ProfileId, Timestamp, whole_second};

use crate::App;
use crate::form::{ProfileForm, profile_id};

/// The account's profiles.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ScoringProfiles")]
pub(crate) struct ProfileList {
    /// The oldest first.
    profiles: Vec<ProfileAnswer>,
}

/// A profile, with the weights and half-lives that differ from the model.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ScoringProfile")]
pub(crate) struct ProfileAnswer {
    /// Its id.
    profile_id: ProfileId,
    /// Its name.
    name: String,
    /// How much each kind of signal counts, where it is not as in the model's table.
    weights: BTreeMap<Kind, f64>,
    /// Days after which a signal counts half, where it is not as in the model's table.
    half_lives: BTreeMap<Kind, f64>,
    /// When it was stored.
    created_at: Timestamp,
    /// When it was last replaced.
    updated_at: Timestamp,
}

type PathId = Result<Path<String>, PathRejection>;

/// `POST /api/v1/score/profiles`: creates a profile.
pub(crate) async fn create(
    State(app): State<App>,
    caller: Caller,
    JsonBody(form): JsonBody<ProfileForm>,
) -> Result<Idempotent<(StatusCode, Json<ProfileAnswer>)>, ApiError> {
    let now = whole_second(app.context.clock().now());
    let input = form.and_then(|form| Ok((form.parse()?, form)));
    let (call, ((name, profile), form)) = caller.authorize(input).await?;
    call.once(&form, async |call, seed| {
        let call = call.admit().await?;
        let limit = call.allowance()?.limit().unwrap_or(u64::MAX);
        let new = ProfileRow {
            id: seed.id(),
            name,
            profile,
            created_at: now,
            updated_at: now,
            is_default: false,
        };
        let added = app
            .workspace
            .add_profile(call.account(), new, limit)
            .await?;
        Ok((StatusCode::CREATED, Json(changed(added, limit)?)))
    })
    .await
}

/// `GET /api/v1/score/profiles`: lists the profiles.
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<ProfileList>, ApiError> {
    let (call, ()) = caller.authorize(Ok(())).await?;
    let call = call.admit().await?;
    let rows = app.workspace.profiles(call.account()).await?;
    let profiles = rows.into_iter().map(ProfileAnswer::of).collect();
    Ok(Json(ProfileList { profiles }))
}

/// `GET /api/v1/score/profiles/{profile_id}`: returns a profile.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
) -> Result<Json<ProfileAnswer>, ApiError> {
    let (call, id) = caller.authorize(named(id)).await?;
    let call = call.admit().await?;
    let row = app.workspace.profile(call.account(), id).await?;
    let row = row.ok_or_else(|| ApiError::not_found("profile"))?;
    Ok(Json(ProfileAnswer::of(row)))
}

/// `PUT /api/v1/score/profiles/{profile_id}`: replaces a profile, keeping its id.
pub(crate) async fn replace(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
    JsonBody(form): JsonBody<ProfileForm>,
) -> Result<Json<ProfileAnswer>, ApiError> {
    let now = whole_second(app.context.clock().now());
    let input = form.and_then(|form| Ok((named(id)?, form.parse()?)));
    let (call, (id, (name, profile))) = caller.authorize(input).await?;
    let call = call.admit().await?;
    let replaced = app
        .workspace
        .replace_profile(call.account(), id, (&name, &profile), now)
        .await?;
    Ok(Json(changed(replaced, 0)?))
}

/// `DELETE /api/v1/score/profiles/{profile_id}`: deletes a profile.
pub(crate) async fn remove(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
) -> Result<StatusCode, ApiError> {
    let (call, id) = caller.authorize(named(id)).await?;
    let call = call.admit().await?;
    if app.workspace.remove_profile(call.account(), id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::not_found("profile"))
    }
}

fn named(id: PathId) -> Result<ProfileId, ApiError> {
    let Path(id) = id.map_err(|_| ApiError::not_found("profile"))?;
    profile_id(&id)
}

fn changed(change: ProfileChange, limit: u64) -> Result<ProfileAnswer, ApiError> {
    match change {
        ProfileChange::Done(row) => Ok(ProfileAnswer::of(row)),
        ProfileChange::NotFound => Err(ApiError::not_found("profile")),
        ProfileChange::NameTaken => {
            let message = "another of your profiles has this name; give it a name of its own";
            Err(ApiError::new(Code::Duplicate, message)
                .reason("name_taken")
                .with("field", "name"))
        }
        ProfileChange::Full => {
            let message =
                format!("an account may have at most {limit} profiles; delete one, or replace one");
            let error = ApiError::new(Code::LimitReached, message).reason("resource");
            Err(error.with("limit", limit))
        }
    }
}

impl ProfileAnswer {
    fn of(row: ProfileRow) -> Self {
        Self {
            profile_id: row.id,
            name: row.name,
            weights: row.profile.weights().clone(),
            half_lives: row.profile.half_lives().clone(),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
