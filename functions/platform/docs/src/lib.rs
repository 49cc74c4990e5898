#![doc = include_str!("../README.md")]

mod encoding;
mod file;
mod respond;

use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use axum::routing::get;
use types::{Clock, RequestId};

use crate::respond::respond;

/// The routes of the description and of its page, which are those of `endpoints::PAGES`.
pub fn router(clock: Clock) -> Router {
    let handler = get(async move |path: MatchedPath, request: Request| {
        handle(RequestId::new(clock.now()), path.as_str(), &request)
    });
    Router::new()
        .route("/openapi.json", handler.clone())
        .route("/docs", handler.clone())
        .route("/docs/{file}", handler)
}

/// The response to a request, with a line in the log as other functions write it.
fn handle(id: RequestId, route: &str, request: &Request) -> Response {
    #[expect(
        clippy::disallowed_methods,
        reason = "the access log measures the call"
    )]
    let started = Instant::now();
    let response = respond(id, request.uri().path(), request.headers());
    tracing::info!(
        request.id = %id,
        http.method = %request.method(),
        http.route = route,
        http.status = response.status().as_u16(),
        duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request completed"
    );
    response
}
