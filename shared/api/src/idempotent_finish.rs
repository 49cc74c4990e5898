use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use idempotency::{Effects, Run, StoreOutcome, StoredResponse};
use types::{Chain, Credits};

use crate::idempotent::{in_progress, replay};
use crate::request_context::RequestContext;
use crate::respond::write_error;
use crate::{ApiContext, ApiError};

/// Finishes the run that [`crate::AuthorizedCall::once`] or [`crate::Session::once`] started, if any: stores a final response, or
/// releases the operation.
pub(crate) async fn finish(
    response: Response,
    context: &ApiContext,
    request: &RequestContext,
) -> Response {
    let Some(run) = request.take_run() else {
        return response;
    };
    let finished = Box::pin(finish_run(response, &run, context, request)).await;
    finished.unwrap_or_else(|error| write_error(&error, context, request))
}

async fn finish_run(
    response: Response,
    run: &Run,
    context: &ApiContext,
    request: &RequestContext,
) -> Result<Response, ApiError> {
    let store = context.idempotency()?;
    let status = response.status();
    if !is_final(status) {
        let effects = if status.is_server_error() {
            Effects::Possible
        } else {
            Effects::None
        };
        if let Err(error) = store.release(run, effects).await {
            tracing::warn!(request.id = %request.id, error = %Chain(&error), "a retry with the same idempotency key has to wait for the lease");
        }
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await;
    let body = body.map_err(|error| ApiError::internal(&error))?;
    let content_type = parts
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let stored = StoredResponse {
        status: status.as_u16(),
        content_type: content_type.unwrap_or_default().to_owned(),
        request: request.id,
        body: body.clone(),
    };
    match store.store_response(run, &stored).await {
        Ok(StoreOutcome::Stored) => {}
        Ok(StoreOutcome::Overtaken(theirs)) => {
            // Two runs finished and one is charged: the one whose response is stored.
            request.settle(Credits::ZERO);
            let theirs = theirs.ok_or_else(|| in_progress(1))?;
            return Ok(replay(store.open(theirs).await?));
        }
        // The call succeeded all the same. A retry runs when the lease is over, and finds its effects by the seed.
        Err(error) => {
            tracing::error!(request.id = %request.id, error = %Chain(&error), "a response was not stored");
        }
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Whether the same request would get the same response for ever. Of errors these are the ones that a handler finds after
/// admission; a retry after any other may well succeed.
fn is_final(status: StatusCode) -> bool {
    status.is_success()
        || matches!(
            status,
            StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
        )
}
