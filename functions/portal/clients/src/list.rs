use api::{ApiError, Caller, Params};
use axum::Json;
use axum::extract::State;
use endpoints::portal::{CLIENT_LIST, CLIENTS_LIMIT};
use http::Uri;
use schemars::JsonSchema;
use serde::Serialize;

use crate::App;
use crate::answer::ClientAnswer;
use crate::form::reference;

/// A page of clients, in the order of their references.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ClientPage")]
pub(crate) struct ClientPage {
    /// The clients, in the order of their references.
    clients: Vec<ClientAnswer>,
    /// Cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

struct ListQuery {
    limit: usize,
    cursor: Option<String>,
}

/// `GET /v1/clients`: the account's clients.
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<ClientPage>, ApiError> {
    let (call, query) = caller.authorize(ListQuery::read(&uri)).await?;
    let after = query.cursor.as_deref();
    let (_, (clients, next_cursor)) = call
        .admit_while(|account| app.clients.page(account, after, query.limit))
        .await?;
    Ok(Json(ClientPage {
        clients: clients.into_iter().map(ClientAnswer::from).collect(),
        next_cursor,
    }))
}

impl ListQuery {
    fn read(uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &CLIENT_LIST)?;
        Ok(Self {
            limit: params.number(&CLIENTS_LIMIT)?,
            cursor: params.cursor(|text| reference("cursor", text).ok())?,
        })
    }
}
