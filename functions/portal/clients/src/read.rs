use api::{ApiError, Caller};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};

use crate::App;
use crate::answer::ClientAnswer;
use crate::form::reference;

/// `GET /v1/clients/{client_ref}`: one client.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    client_ref: Result<Path<String>, PathRejection>,
) -> Result<Json<ClientAnswer>, ApiError> {
    let (call, client_ref) = caller.authorize(named(client_ref)).await?;
    let (_, found) = call
        .admit_while(|account| app.clients.find(account, &client_ref))
        .await?;
    let client = found.ok_or_else(unknown)?;
    Ok(Json(client.into()))
}

/// The reference in the path. Text that cannot be one names no client.
fn named(path: Result<Path<String>, PathRejection>) -> Result<String, ApiError> {
    let Path(text) = path.map_err(|_| unknown())?;
    reference("client_ref", &text).map_err(|_| unknown())
}

fn unknown() -> ApiError {
    ApiError::not_found("client")
}
