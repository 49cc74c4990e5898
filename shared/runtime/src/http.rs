use axum::Router;

use crate::Failure;

/// Serves a router behind API Gateway until the process is told to end.
pub async fn http(router: Router) -> Result<(), Failure> {
    lambda_http::run(router).await.map_err(Failure::from)
}
