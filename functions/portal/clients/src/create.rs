use api::{ApiError, Caller, Code, Idempotent, JsonBody};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use portal_store::{Added, ClientRow};
use types::whole_second;

use crate::App;
use crate::answer::ClientAnswer;
use crate::form::ClientForm;

/// `POST /v1/clients`: takes a client on.
pub(crate) async fn create(
    State(app): State<App>,
    caller: Caller,
    JsonBody(form): JsonBody<ClientForm>,
) -> Result<Idempotent<(StatusCode, Json<ClientAnswer>)>, ApiError> {
    let (call, new) = caller.authorize(form.and_then(ClientForm::parse)).await?;
    call.once(&new, async |call, seed| {
        let call = call.admit().await?;
        let limit = call.allowance()?.limit();
        let client = ClientRow {
            id: seed.id(),
            client_ref: new.client_ref.clone(),
            name: new.name.clone(),
            created_at: whole_second(app.context.clock().now()),
        };
        let added = app.clients.add(call.account(), &client, limit).await?;
        let client = match added {
            Added::Yes => client,
            // A run of this request that was broken off has added it.
            Added::Exists(known) if known.id == client.id => *known,
            Added::Exists(_) => return Err(duplicate()),
            Added::Full => return Err(full(limit.unwrap_or(0))),
        };
        Ok((StatusCode::CREATED, Json(client.into())))
    })
    .await
}

fn duplicate() -> ApiError {
    let message = "another client has this client_ref; give each client one of its own";
    ApiError::new(Code::Duplicate, message)
        .reason("client_ref_taken")
        .with("field", "client_ref")
}

fn full(limit: u64) -> ApiError {
    let message = format!("the plan has room for {limit} clients and is full; upgrade to add more");
    ApiError::new(Code::LimitReached, message)
        .reason("resource")
        .with("limit", limit)
}
