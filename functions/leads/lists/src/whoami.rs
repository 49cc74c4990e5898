use api::{ApiError, Caller};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::App;

/// The answer to `GET /v1/whoami`. What is not known is left out.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Whoami")]
pub(crate) struct Whoami {
    /// The user of the key.
    user: Named,
    /// The team of the key.
    team: Named,
}

#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Named")]
struct Named {
    /// Its name, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// `GET /v1/whoami`: whose key this is. An account stands for both user and team.
pub(crate) async fn read(State(app): State<App>, caller: Caller) -> Result<Json<Whoami>, ApiError> {
    let (call, ()) = caller.authorize(Ok(())).await?;
    let (_, name) = call
        .admit_while(|account| app.accounts.account_name(account))
        .await?;
    let user = Named { name: name.clone() };
    Ok(Json(Whoami {
        user,
        team: Named { name },
    }))
}
