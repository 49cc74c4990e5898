use api::{ApiError, Caller};
use axum::Json;
use axum::extract::State;

use crate::App;
use crate::answer::ProfileList;

/// `GET /api/v1/scoring-profiles`: the account's profiles.
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<ProfileList>, ApiError> {
    let (call, ()) = caller.authorize(Ok(())).await?;
    let (_, rows) = call
        .admit_while(|account| app.profiles.list(account))
        .await?;
    Ok(Json(rows.into_iter().collect()))
}
