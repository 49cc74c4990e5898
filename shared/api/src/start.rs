use axum::Router;
use axum::extract::FromRef;

use crate::ApiContext;

/// The router of an instance that starts, with its context warm (`ApiContext::warm_up`) before the first call comes.
///
/// Every HTTP function begins with it.
pub async fn start<A>(app: A, router: impl FnOnce(A) -> Router) -> Router
where
    ApiContext: FromRef<A>,
{
    ApiContext::from_ref(&app).warm_up().await;
    router(app)
}
