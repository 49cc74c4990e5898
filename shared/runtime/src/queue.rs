use std::future::Future;

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use futures::future::join_all;
use lambda_runtime::{LambdaEvent, service_fn};

use crate::Failure;

/// Passes the body of each message to `work`, all messages of a batch in parallel, and returns the ones that failed: SQS
/// delivers only those again.
pub async fn queue<W, F>(work: W) -> Result<(), Failure>
where
    W: Fn(String) -> F,
    F: Future<Output = Result<(), Failure>>,
{
    let work = &work;
    let serve = service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        let results = join_all(
            event
                .payload
                .records
                .into_iter()
                .map(|record| one(work, record)),
        )
        .await;
        let mut response = SqsBatchResponse::default();
        response.batch_item_failures = results.into_iter().flatten().collect();
        Ok::<_, lambda_runtime::Error>(response)
    });
    lambda_runtime::run(serve).await.map_err(Failure::from)
}

async fn one<W, F>(work: &W, record: SqsMessage) -> Option<BatchItemFailure>
where
    W: Fn(String) -> F,
    F: Future<Output = Result<(), Failure>>,
{
    let id = record.message_id.unwrap_or_default();
    match work(record.body.unwrap_or_default()).await {
        Ok(()) => {
            tracing::info!(message.id = id, "message processed");
            None
        }
        Err(error) => {
            if error.is_expected() {
                tracing::info!(message.id = id, %error, "message not processed yet; the queue will deliver it again");
            } else {
                tracing::error!(message.id = id, %error, "message failed; the queue will deliver it again");
            }
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            Some(failure)
        }
    }
}
