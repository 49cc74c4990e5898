use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use endpoints::{Access, Endpoint, methods_of};
use futures::FutureExt;
use headers::HeaderMapExt;
use http::header::ALLOW;
use http::{HeaderValue, StatusCode, Uri};
use types::{Chain, RequestId};

use crate::idempotent_finish::finish;
use crate::request_context::RequestContext;
use crate::respond::{write_error, write_headers};
use crate::revalidate::revalidate;
use crate::{ApiContext, ApiError, Code};

/// The state of the layer around a router.
#[derive(Clone, Debug)]
struct Served {
    context: ApiContext,
    endpoints: Arc<[&'static Endpoint]>,
}

/// Wraps a router in the layer that all responses pass: request id, access log, rate-limit headers, error bodies, responses to
/// unmatched routes and panics, and refunds of credits for what was not delivered.
///
/// A success of a call that was not admitted is a bug in the handler. In a build with debug assertions, which tests and the
/// local stack run, the response is an error; in any other it is logged as an error, which raises an alarm.
pub(crate) fn serve(
    router: Router,
    endpoints: Vec<&'static Endpoint>,
    context: ApiContext,
) -> Router {
    let served = Served {
        context,
        endpoints: endpoints.into(),
    };
    router
        .fallback(async |uri: Uri| no_endpoint(uri.path()))
        .method_not_allowed_fallback(async |uri: Uri| no_endpoint(uri.path()))
        .layer(from_fn_with_state(served, handle))
}

/// The error of a request that no endpoint takes. API Gateway sends those to one function, whatever their path.
fn no_endpoint(path: &str) -> ApiError {
    let methods = methods_of(path);
    if methods.is_empty() {
        return ApiError::new(Code::NotFound, "there is no such route").reason("route_unknown");
    }
    let message = format!("this route takes {}", methods.join(", "));
    ApiError::new(Code::MethodNotAllowed, message)
}

async fn handle(State(served): State<Served>, mut incoming: Request, next: Next) -> Response {
    #[expect(
        clippy::disallowed_methods,
        reason = "the access log measures the call"
    )]
    let started = Instant::now();
    let Served { context, endpoints } = served;
    let method = incoming.method().clone();
    let uri = incoming.uri().clone();
    let route = incoming.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let endpoint = endpoints
        .iter()
        .find(|endpoint| endpoint.path == route && endpoint.method.as_str() == method.as_str())
        .copied();
    let known = endpoint
        .is_some_and(|endpoint| endpoint.revalidates)
        .then(|| incoming.headers().typed_get());
    let request = RequestContext::new(RequestId::new(context.clock.now()), endpoint);
    incoming.extensions_mut().insert(request.clone());

    let handled = async {
        // The router would run the GET handler, and charge for a body that is not sent.
        if method == http::Method::HEAD {
            return no_endpoint(uri.path()).into_response();
        }
        next.run(incoming).await
    };
    let handled = AssertUnwindSafe(handled).catch_unwind().await;
    let mut response = handled.unwrap_or_else(|panic| panicked(&*panic));
    if is_unadmitted(&response, &request) {
        response = unadmitted(response, &request, route);
    }
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = write_error(&error, &context, &request);
    }
    let mut response = finish(response, &context, &request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED
        && let Ok(allow) = HeaderValue::from_str(&methods_of(uri.path()).join(", "))
    {
        response.headers_mut().insert(ALLOW, allow);
    }
    refund(&context, &request, response.status().is_success()).await;
    if let Some(known) = known {
        let tagged = revalidate(response, known).await;
        response = tagged.unwrap_or_else(|error| write_error(&error, &context, &request));
    }
    write_headers(&mut response, &context, &request);

    let caller = request.caller();
    tracing::info!(
        request.id = %request.id,
        http.method = %method,
        http.route = route,
        http.status = response.status().as_u16(),
        account.id = caller.map(|(account, _)| account.to_string()),
        key.id = caller.map(|(_, key)| key.to_string()),
        duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request completed"
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

/// Whether a handler responded with a success to a caller whose access was not checked.
fn is_unadmitted(response: &Response, request: &RequestContext) -> bool {
    let is_open = |endpoint: &Endpoint| matches!(endpoint.access, Access::Signature | Access::Link);
    response.status().is_success()
        && !request.is_admitted()
        && !request.endpoint.is_some_and(is_open)
}

fn unadmitted(response: Response, request: &RequestContext, route: &str) -> Response {
    tracing::error!(request.id = %request.id, http.route = route, "a handler responded without an admission");
    if cfg!(debug_assertions) {
        let error = ApiError::bug("a handler responded without an admission");
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(error);
        return response;
    }
    response
}

async fn refund(context: &ApiContext, request: &RequestContext, is_success: bool) {
    let Some((caller, credits)) = request.refund(is_success) else {
        return;
    };
    if let Err(error) = Box::pin(context.quota.release(&caller, credits)).await {
        tracing::error!(request.id = %request.id, account.id = %caller.account, error = %Chain(&error), "credits were not refunded");
    }
}
