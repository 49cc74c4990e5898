//! What is retried of a failed call.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemInput};
use aws_sdk_dynamodb::types::CancellationReason;
use aws_smithy_runtime_api::client::interceptors::context::{Error, InterceptorContext};
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};
use aws_smithy_types::retry::ErrorKind;

/// How an update begins that would count twice if it were applied twice.
pub const COUNTING: &str = "ADD ";

/// Retries what surely did not happen (a transaction was in the way), and never a counting update that may have.
///
/// A lost answer to `ADD credits :minus` looks like a transport error. To send it again could charge twice, so the
/// error goes up instead and the caller, who knows whether an answer was given, decides.
#[derive(Debug)]
pub(crate) struct SettleRaces;

impl ClassifyRetry for SettleRaces {
    fn classify_retry(&self, ctx: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = ctx.output_or_error() else {
            return RetryAction::NoActionIndicated;
        };
        if met_a_transaction(error) {
            return RetryAction::retryable_error(ErrorKind::TransientError);
        }
        if is_counting(ctx) && !was_throttled(error) {
            return RetryAction::RetryForbidden;
        }
        RetryAction::NoActionIndicated
    }

    fn name(&self) -> &'static str {
        "settle races"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

fn is_counting(ctx: &InterceptorContext) -> bool {
    ctx.input()
        .and_then(|input| input.downcast_ref::<UpdateItemInput>())
        .and_then(UpdateItemInput::update_expression)
        .is_some_and(|expression| expression.starts_with(COUNTING))
}

fn met_a_transaction(error: &OrchestratorError<Error>) -> bool {
    let Some(error) = error.as_operation_error() else {
        return false;
    };
    if let Some(error) = error.downcast_ref::<UpdateItemError>() {
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
