use std::future::Future;

use lambda_runtime::{LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use types::Deadline;

use crate::Failure;
use crate::function::deadline;

/// Runs `work` each time the function is invoked: by its schedule, or manually, in which case the event may have parameters.
/// `work` gets the function's deadline; its result is the invocation's response.
pub async fn schedule<E, W, F, R>(work: W) -> Result<(), Failure>
where
    E: DeserializeOwned,
    W: Fn(E, Deadline) -> F,
    F: Future<Output = Result<R, Failure>>,
    R: Serialize,
{
    let work = &work;
    let serve = service_fn(move |event: LambdaEvent<E>| async move {
        let deadline = deadline(&event.context)?;
        work(event.payload, deadline).await.map_err(|failure| {
            tracing::error!(error = %failure, "the scheduled run failed; the next one continues from there");
            lambda_runtime::Error::from(failure.to_string())
        })
    });
    lambda_runtime::run(serve).await.map_err(Failure::from)
}
