//! Behaviour through the real routers and workers, on real DynamoDB, S3 and SQS calls.

mod admission;
mod bulk;
