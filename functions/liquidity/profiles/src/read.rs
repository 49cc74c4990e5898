use api::{ApiError, Caller};
use axum::Json;
use axum::extract::State;

use crate::answer::ProfileAnswer;
use crate::{App, PathId, named, unknown};

/// `GET /api/v1/scoring-profiles/{profile_id}`: one profile.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
) -> Result<Json<ProfileAnswer>, ApiError> {
    let (call, id) = caller.authorize(named(id)).await?;
    let (_, found) = call
        .admit_while(|account| app.profiles.find(account, id))
        .await?;
    Ok(Json(found.ok_or_else(unknown)?.into()))
}
