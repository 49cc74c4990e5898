use std::future::Future;

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use futures::future::join_all;
use lambda_runtime::{LambdaEvent, service_fn};
use types::Deadline;

use crate::Failure;
use crate::function::deadline;

/// A message of a queue that is delivered to a function.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The message's body.
    pub body: String,
    /// Names this delivery to the queue, such as to have the message delivered again at another time.
    pub receipt: String,
    /// When the invocation must have ended.
    pub deadline: Deadline,
}

/// Passes each message to `work`, one after the other, and returns the ones that failed: SQS delivers only those
/// again. A message has the function's memory for itself.
pub async fn queue<W, F>(work: W) -> Result<(), Failure>
where
    W: Fn(Delivery) -> F,
    F: Future<Output = Result<(), Failure>>,
{
    let work = &work;
    let serve = service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        let mut response = SqsBatchResponse::default();
        let deadline = deadline(&event.context)?;
        for record in event.payload.records {
            // Boxed, or the compiler computes the layout of all of a worker's futures as one.
            let failure = Box::pin(one(work, record, deadline)).await;
            response.batch_item_failures.extend(failure);
        }
        Ok::<_, lambda_runtime::Error>(response)
    });
    lambda_runtime::run(serve).await.map_err(Failure::from)
}

/// As [`queue`], but for work that waits for others: the messages of a batch are worked on at once, and one that waits delays no other.
pub async fn queue_at_once<W, F>(work: W) -> Result<(), Failure>
where
    W: Fn(Delivery) -> F,
    F: Future<Output = Result<(), Failure>>,
{
    let work = &work;
    let serve = service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        let deadline = deadline(&event.context)?;
        let records = event.payload.records.into_iter();
        let all = records.map(|record| Box::pin(one(work, record, deadline)));
        let mut response = SqsBatchResponse::default();
        let failures = join_all(all).await;
        response.batch_item_failures = failures.into_iter().flatten().collect();
        Ok::<_, lambda_runtime::Error>(response)
    });
    lambda_runtime::run(serve).await.map_err(Failure::from)
}

async fn one<W, F>(work: &W, record: SqsMessage, deadline: Deadline) -> Option<BatchItemFailure>
where
    W: Fn(Delivery) -> F,
    F: Future<Output = Result<(), Failure>>,
{
    let id = record.message_id.unwrap_or_default();
    let delivery = Delivery {
        body: record.body.unwrap_or_default(),
        receipt: record.receipt_handle.unwrap_or_default(),
        deadline,
    };
    match work(delivery).await {
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
