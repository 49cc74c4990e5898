use api::{ApiError, Caller, Code, Idempotent, JsonBody};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use liquidity_store::{ProfileChange, ProfileRow};
use types::whole_second;

use crate::answer::ProfileAnswer;
use crate::form::ProfileForm;
use crate::{App, unknown};

/// `POST /api/v1/scoring-profiles`: stores a profile.
pub(crate) async fn create(
    State(app): State<App>,
    caller: Caller,
    JsonBody(form): JsonBody<ProfileForm>,
) -> Result<Idempotent<(StatusCode, Json<ProfileAnswer>)>, ApiError> {
    let (call, new) = caller.authorize(form.and_then(ProfileForm::parse)).await?;
    call.once(&new, async |call, seed| {
        let call = call.admit().await?;
        let limit = call.allowance()?.limit().unwrap_or(u64::MAX);
        let now = whole_second(app.context.clock().now());
        let row = ProfileRow {
            id: seed.id(),
            name: new.name.clone(),
            profile: new.profile,
            created_at: now,
            updated_at: now,
            is_default: false,
        };
        let added = app.profiles.add(call.account(), row, limit).await?;
        Ok((StatusCode::CREATED, Json(changed(added, limit)?)))
    })
    .await
}

/// The profile as a change has left it, or why it was not changed. `limit` is for one that would have been added.
pub(crate) fn changed(change: ProfileChange, limit: u64) -> Result<ProfileAnswer, ApiError> {
    match change {
        ProfileChange::Done(row) => Ok(row.into()),
        ProfileChange::NotFound => Err(unknown()),
        ProfileChange::NameTaken => {
            let message = "another of your profiles has this name; give it a name of its own";
            Err(ApiError::new(Code::Duplicate, message)
                .reason("name_taken")
                .with("field", "name"))
        }
        ProfileChange::Full => {
            let message = format!(
                "the plan has room for {limit} profiles and is full; delete one, replace one, or upgrade"
            );
            let error = ApiError::new(Code::LimitReached, message).reason("resource");
            Err(error.with("limit", limit))
        }
    }
}
