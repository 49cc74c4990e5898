//! What is sent again of a failed call, and what is not.

use std::error::Error as _;
use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::CancellationReason;
use aws_smithy_runtime_api::client::interceptors::context::{Error, InterceptorContext};
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};
use aws_smithy_types::retry::ErrorKind;
use hyper_util::client::legacy::Error as ClientError;
use types::random_bytes;

/// The longest pause before the first repetition of a change that met another one. Each further one may be twice as long.
const PAUSE: Duration = Duration::from_millis(40);

/// Sends an update that must not be applied twice. It is sent again only after an error that says it was not applied (throttling, a
/// transaction in the way, a connection that never opened).
///
/// A lost response to `ADD credits :minus` looks like any transport error. To send it again could charge twice, so the error
/// goes up instead, and the caller finds out what became of it ([`may_have_been_applied`]). An update whose condition
/// makes a second application fail does not need this.
///
/// The property is in the context of the task while the call runs. An override of the call's configuration would do the
/// same for ten thousand instructions more, a twentieth of the call.
pub async fn at_most_once(
    update: UpdateItemFluentBuilder,
) -> Result<UpdateItemOutput, SdkError<UpdateItemError>> {
    AT_MOST_ONCE.scope((), update.send()).await
}

/// Waits a random time after the given attempt (0 is the first) at a change that met another one, so that those who met do not
/// meet again: up to 40 ms, and with each attempt twice as long.
pub async fn pause(attempt: u32) {
    let [share] = random_bytes();
    let longest = PAUSE.saturating_mul(2_u32.saturating_pow(attempt));
    tokio::time::sleep(longest.mul_f64(f64::from(share) / 255.0)).await;
}

tokio::task_local! {
    /// Set while a call runs that must not be applied twice.
    static AT_MOST_ONCE: ();
}

/// Forbids the retry of a call that must not be applied twice, unless the error says that it was not applied; and retries
/// whatever a transaction was in the way of.
#[derive(Debug)]
pub(crate) struct ByCall;

impl ClassifyRetry for ByCall {
    fn classify_retry(&self, ctx: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = ctx.output_or_error() else {
            return RetryAction::NoActionIndicated;
        };
        if met_a_transaction(error) {
            return RetryAction::retryable_error(ErrorKind::TransientError);
        }
        let counts = AT_MOST_ONCE.try_with(|()| ()).is_ok();
        if counts && !was_not_applied(error) {
            return RetryAction::RetryForbidden;
        }
        RetryAction::NoActionIndicated
    }

    fn name(&self) -> &'static str {
        "by call"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

/// Whether an update that gave this error may have been applied, now or later: it was sent, and nothing says that it was
/// refused.
pub fn may_have_been_applied(error: &SdkError<UpdateItemError>) -> bool {
    match error {
        SdkError::ConstructionFailure(_) => false,
        SdkError::DispatchFailure(failure) => {
            !failure.as_connector_error().is_some_and(never_connected)
        }
        SdkError::ServiceError(error) => error.raw().status().is_server_error(),
        _ => true,
    }
}

fn was_not_applied(error: &OrchestratorError<Error>) -> bool {
    was_throttled(error) || error.as_connector_error().is_some_and(never_connected)
}

fn met_a_transaction(error: &OrchestratorError<Error>) -> bool {
    let Some(error) = error.as_operation_error() else {
        return false;
    };
    if let Some(error) = error.downcast_ref::<UpdateItemError>() {
        return error.is_transaction_conflict_exception();
    }
    if let Some(error) = error.downcast_ref::<DeleteItemError>() {
        return error.is_transaction_conflict_exception();
    }
    match error.downcast_ref::<TransactWriteItemsError>() {
        Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
            let codes = || {
                canceled
                    .cancellation_reasons()
                    .iter()
                    .filter_map(CancellationReason::code)
            };
            codes().any(did_not_happen) && codes().all(|code| code != "ConditionalCheckFailed")
        }
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => true,
        _ => false,
    }
}

/// Reasons for which a transaction is cancelled that have nothing to do with what it asks.
pub(crate) fn did_not_happen(code: &str) -> bool {
    matches!(
        code,
        "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded"
    )
}

fn was_throttled(error: &OrchestratorError<Error>) -> bool {
    error
        .as_operation_error()
        .and_then(|error| error.downcast_ref::<UpdateItemError>())
        .is_some_and(|error| {
            error.is_provisioned_throughput_exceeded_exception()
                || error.is_request_limit_exceeded()
                || error.meta().code() == Some("ThrottlingException")
        })
}

/// Whether no connection was opened: refused, no address, or a time limit that ended before.
fn never_connected(error: &ConnectorError) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<ClientError>() {
            return error.is_connect();
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dynamo;
    use crate::fake::{Answer, Fake};
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;
    use std::io;

    fn update(dynamo: &Dynamo) -> UpdateItemFluentBuilder {
        let update = dynamo.0.update_item().table_name("t");
        update.update_expression("SET n = n + :one ADD calls :one")
    }

    /// Requests that a plain update makes, and one that counts, if the first response is this one and the second is a success.
    async fn requests(failure: impl Fn() -> Answer) -> [usize; 2] {
        let plain = Fake::answering([failure(), (200, "{}").into()]);
        let _ = update(&plain.dynamo()).send().await;
        let counting = Fake::answering([failure(), (200, "{}").into()]);
        let _ = at_most_once(update(&counting.dynamo())).await;
        [plain.requests().len(), counting.requests().len()]
    }

    fn refusal(name: &'static str) -> Answer {
        let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{name}"}}"#);
        (400, &*body.leak()).into()
    }

    #[tokio::test]
    async fn a_counting_update_that_may_have_been_applied_is_not_sent_again() {
        let broken = r#"{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}"#;
        assert_eq!(requests(|| (500, broken).into()).await, [2, 1]);
        assert_eq!(requests(|| (503, "no JSON").into()).await, [2, 1]);
        let reset = || io::Error::from(io::ErrorKind::ConnectionReset);
        let reset = || Answer::Failure(ConnectorError::io(reset().into()));
        assert_eq!(requests(reset).await, [2, 1]);
        let late = || Answer::Failure(ConnectorError::timeout("late".into()));
        assert_eq!(requests(late).await, [2, 1]);
    }

    #[tokio::test]
    async fn a_counting_update_that_was_not_applied_is_sent_again() {
        for name in [
            "ThrottlingException",
            "ProvisionedThroughputExceededException",
            "RequestLimitExceeded",
            "TransactionConflictException",
        ] {
            assert_eq!(requests(|| refusal(name)).await, [2, 2], "{name}");
        }
        let client = Client::builder(TokioExecutor::new()).build_http::<String>();
        let mut refused = Vec::new();
        for _ in 0..2 {
            // Nothing listens on this port.
            let call = client.get("http://127.0.0.1:1".parse().unwrap());
            refused.push(call.await.unwrap_err());
        }
        let refused = std::cell::RefCell::new(refused);
        let next = || refused.borrow_mut().pop().unwrap().into();
        let never = || Answer::Failure(ConnectorError::io(next()));
        assert_eq!(requests(never).await, [2, 2]);
    }

    #[tokio::test]
    async fn a_delete_that_meets_a_transaction_is_sent_again() {
        let conflict = refusal("TransactionConflictException");
        let fake = Fake::answering([conflict, (200, "{}").into()]);
        let dynamo = fake.dynamo();
        dynamo.0.delete_item().table_name("t").send().await.unwrap();
        assert_eq!(fake.requests().len(), 2);
    }

    #[tokio::test]
    async fn a_refused_condition_is_final() {
        let failure = || refusal("ConditionalCheckFailedException");
        assert_eq!(requests(failure).await, [1, 1]);
    }
}
