use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use futures::FutureExt;
use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderValue, Method};
use types::{Chain, RequestId, whole_second};

use crate::once::settle;
use crate::rate_limit;
use crate::visit::Visit;
use crate::{ApiError, Code, Gate, Route};

/// Wraps a group's router in what every answer has: request id, access log, rate-limit headers, the error's body,
/// an answer to unknown routes and to panics, and credits given back where nothing was delivered.
pub fn serve(router: Router, gate: Gate) -> Router {
    router
        .fallback(async || {
            ApiError::new(Code::NotFound, "there is no such route").reason("route_unknown")
        })
        .method_not_allowed_fallback(async || method_not_allowed())
        .layer(from_fn_with_state(gate, answer))
}

fn method_not_allowed() -> ApiError {
    ApiError::new(
        Code::MethodNotAllowed,
        "this route does not take this method",
    )
}

async fn answer(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    #[expect(
        clippy::disallowed_methods,
        reason = "the access log measures the call"
    )]
    let started = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let code = Route::code_of(method.as_str(), &route);
    let visit = Visit::new(RequestId::new(gate.clock.now()), code);
    request.extensions_mut().insert(visit.clone());

    let answered = async {
        // A router would run the GET handler, and charge for a body that nobody sees.
        if method == Method::HEAD {
            return method_not_allowed().into_response();
        }
        next.run(request).await
    };
    let answered = AssertUnwindSafe(answered).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|panic| panicked(&*panic));
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = write_error(error, &gate, &visit);
    }
    let mut response = settle(response, &gate, &visit).await;
    give_back(&gate, &visit, response.status().is_success()).await;
    write_headers(&mut response, &gate, &visit);

    let caller = visit.caller();
    tracing::info!(
        request.id = %visit.request,
        http.method = %method,
        http.route = route,
        http.status = response.status().as_u16(),
        account.id = caller.map(|(account, _)| account.to_string()),
        key.id = caller.map(|(_, key)| key.to_string()),
        duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

fn panicked(panic: &(dyn Any + Send)) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    ApiError::internal(&std::io::Error::other(format!(
        "a handler panicked: {message}"
    )))
    .into_response()
}

pub(crate) fn write_error(error: ApiError, gate: &Gate, visit: &Visit) -> Response {
    if let Some(cause) = error.cause() {
        tracing::error!(request.id = %visit.request, cause, "the call failed on our side");
    }
    let (_, status) = error.code().wire();
    let retry_after = error.retry_seconds();
    let asks_for_more = matches!(error.code(), Code::PlanRequired | Code::InsufficientCredits);
    let error = match &gate.upgrade_url {
        Some(url) if asks_for_more => error.with("upgradeUrl", &**url),
        _ => error,
    };
    let mut response = (status, Json(error.body(visit.request))).into_response();
    if let Some(seconds) = retry_after {
        rate_limit::set(response.headers_mut(), "retry-after", &seconds.to_string());
    }
    if error.code() == Code::Unauthorized {
        response.headers_mut().insert(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"assay\""),
        );
    }
    response
}

async fn give_back(gate: &Gate, visit: &Visit, delivered: bool) {
    let Some((caller, price)) = visit.owed(delivered) else {
        return;
    };
    if let Err(error) = Box::pin(gate.quota.release(&caller, price)).await {
        tracing::error!(request.id = %visit.request, account.id = %caller.account, error = %Chain(&error), "credits were not given back");
    }
}

fn write_headers(response: &mut Response, gate: &Gate, visit: &Visit) {
    let headers = response.headers_mut();
    rate_limit::put(headers, &visit.limits(), gate.clock.now());
    if let Some(end) = visit.key_end() {
        rate_limit::set(headers, "x-key-expires", &whole_second(end).to_string());
    }
    rate_limit::set(headers, "x-request-id", &visit.request.to_string());
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-store"));
}
