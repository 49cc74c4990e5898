use std::future::Future;

use aws_lambda_events::event::dynamodb::Event;
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_dynamo::Item;

use crate::Failure;

/// Passes each new item of a table's stream to `work`, in order, and stops at the first failure: the stream delivers again
/// from that record on.
pub async fn stream<W, F>(work: W) -> Result<(), Failure>
where
    W: Fn(Item) -> F,
    F: Future<Output = Result<(), Failure>>,
{
    let work = &work;
    let serve = service_fn(move |event: LambdaEvent<Event>| async move {
        let mut response = DynamoDbEventResponse::default();
        for record in event.payload.records {
            let sequence = record.change.sequence_number.clone();
            if let Err(error) = work(record.change.new_image).await {
                tracing::error!(%error, "stream record failed; the stream will deliver it again");
                let mut failure = DynamoDbBatchItemFailure::default();
                failure.item_identifier = sequence;
                response.batch_item_failures.push(failure);
                break;
            }
        }
        Ok::<_, lambda_runtime::Error>(response)
    });
    lambda_runtime::run(serve).await.map_err(Failure::from)
}
