use axum::Router;
use axum::extract::Request;
use axum::middleware::map_request;
use lambda_http::RequestExt;
use types::{Deadline, Timestamp};

use crate::Failure;

/// Serves a router behind API Gateway until the process ends. Each request has its [`Deadline`] as an extension.
pub async fn http(router: Router) -> Result<(), Failure> {
    let router = router.layer(map_request(with_deadline));
    lambda_http::run(router).await.map_err(Failure::from)
}

async fn with_deadline(mut request: Request) -> Request {
    let ends = request.lambda_context_ref().map(|context| context.deadline);
    let ends = ends.and_then(|millis| i64::try_from(millis).ok());
    if let Some(ends) = ends.and_then(|millis| Timestamp::from_millisecond(millis).ok()) {
        request.extensions_mut().insert(Deadline(ends));
    }
    request
}
