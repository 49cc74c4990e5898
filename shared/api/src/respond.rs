use axum::Json;
use axum::response::{IntoResponse, Response};
use endpoints::Dialect;
use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::{Map, Value, json};
use types::{RequestId, whole_second};

use crate::rate_limit;
use crate::request_context::RequestContext;
use crate::{ApiContext, ApiError, Code};

/// The response of an error, in the endpoint's dialect. Our own failures are logged here, once.
pub(crate) fn write_error(
    error: &ApiError,
    context: &ApiContext,
    request: &RequestContext,
) -> Response {
    if let Some(cause) = error.cause() {
        tracing::error!(request.id = %request.id, cause, "the call failed on our side");
    }
    let (_, status) = error.code().wire();
    let mut details = error.details();
    let needs_upgrade = matches!(error.code(), Code::PlanRequired | Code::InsufficientCredits);
    if let Some(url) = context.upgrade_url.as_deref().filter(|_| needs_upgrade) {
        details.insert("upgradeUrl".to_owned(), url.into());
    }
    let dialect = request.dialect();
    let body = body(dialect, error, status, request.id, details);
    let mut response = (status, Json(body)).into_response();
    if let Some(seconds) = error.retry_seconds() {
        rate_limit::set(response.headers_mut(), "retry-after", &seconds.to_string());
    }
    if error.code() == Code::Unauthorized {
        let challenge = match dialect {
            Dialect::LeadsGraphql => "Basic realm=\"assay\"",
            Dialect::Standard | Dialect::LeadsRest => "Bearer realm=\"assay\"",
        };
        let headers = response.headers_mut();
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    response
}

fn body(
    dialect: Dialect,
    error: &ApiError,
    status: StatusCode,
    request: RequestId,
    mut details: Map<String, Value>,
) -> Value {
    let (code, _) = error.code().wire();
    let message = error.message();
    details.insert("requestId".to_owned(), request.to_string().into());
    match dialect {
        Dialect::Standard => {
            details.insert("code".to_owned(), code.into());
            details.insert("message".to_owned(), message.into());
            json!({ "error": details })
        }
        Dialect::LeadsGraphql => {
            details.insert("code".to_owned(), code.into());
            let status = json!({ "status": status.as_u16() });
            details.insert("response".to_owned(), status);
            json!({ "errors": [{ "message": message, "extensions": details }] })
        }
        Dialect::LeadsRest => {
            let code = error
                .reason_word()
                .map_or_else(|| code.to_lowercase(), str::to_owned);
            json!({ "code": code, "message": message, "details": details })
        }
    }
}

/// Adds the headers of every response: rate limits in the endpoint's dialect, the request's id, the expiry of the caller's key.
pub(crate) fn write_headers(
    response: &mut Response,
    context: &ApiContext,
    request: &RequestContext,
) {
    let headers = response.headers_mut();
    let (limits, now) = (request.limits(), context.clock.now());
    match request.dialect() {
        Dialect::Standard => rate_limit::put(headers, &limits, now),
        Dialect::LeadsGraphql | Dialect::LeadsRest => {
            rate_limit::put_as_one_field(headers, &limits, now);
        }
    }
    if let Some(expiry) = request.key_expiry() {
        rate_limit::set(headers, "x-key-expires", &whole_second(expiry).to_string());
    }
    rate_limit::set(headers, "x-request-id", &request.id.to_string());
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
}
