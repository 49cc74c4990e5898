use axum::Router;
use axum::extract::FromRef;

use crate::ApiContext;

/// Warms the context up (`ApiContext::warm_up`) before the first call, and returns the router of a new instance.
///
/// Every HTTP function begins with it.
pub async fn start<A>(app: A, router: impl FnOnce(A) -> Router) -> Router
where
    ApiContext: FromRef<A>,
{
    ApiContext::from_ref(&app).warm_up().await;
    router(app)
}
