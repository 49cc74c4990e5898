use api::{ApiError, Caller, JsonBody};
use axum::Json;
use axum::extract::State;
use types::whole_second;

use crate::answer::ProfileAnswer;
use crate::create::changed;
use crate::form::ProfileForm;
use crate::{App, PathId, named};

/// `PUT /api/v1/scoring-profiles/{profile_id}`: replaces a profile, which keeps its id and stays the default if it is.
pub(crate) async fn replace(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
    JsonBody(form): JsonBody<ProfileForm>,
) -> Result<Json<ProfileAnswer>, ApiError> {
    let input = form.and_then(|form| Ok((named(id)?, form.parse()?)));
    let (call, (id, new)) = caller.authorize(input).await?;
    let call = call.admit().await?;
    let now = whole_second(app.context.clock().now());
    let content = (new.name.as_str(), &new.profile);
    let replaced = app.profiles.replace(call.account(), id, content, now);
    Ok(Json(changed(replaced.await?, 0)?))
}
