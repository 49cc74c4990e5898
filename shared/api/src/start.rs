use axum::Router;
use axum::extract::FromRef;

use crate::Gate;

/// The router of an instance that starts: its gate is warm (`Gate::warm_up`) before the first call comes.
///
/// Every HTTP function begins by it, so that none forgets to.
pub async fn start<A>(app: A, router: impl FnOnce(A) -> Router) -> Router
where
    Gate: FromRef<A>,
{
    Gate::from_ref(&app).warm_up().await;
    router(app)
}
