use std::error::Error;

use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};

/// A failed call to a table.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The condition of a write did not hold: somebody else was first.
    #[error("a conditional write was refused")]
    Conflict,
    /// The table, or one item of it, gets more calls than it takes. The write did not happen.
    #[error("the table is throttling")]
    Throttled(#[source] Box<dyn Error + Send + Sync>),
    /// No usable response. A write may or may not have happened.
    #[error("the table gave no usable response")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// A stored item does not have the form that this version writes, or a request does not have DynamoDB's.
    #[error("a {entity} is malformed")]
    Malformed {
        /// What was being read.
        entity: &'static str,
        /// What is wrong with it.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    /// Something that is not as it has to be.
    pub fn malformed(
        entity: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Malformed {
            entity,
            source: source.into(),
        }
    }
}

impl<E> From<SdkError<E>> for StoreError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    fn from(error: SdkError<E>) -> Self {
        match error.code() {
            Some("ConditionalCheckFailedException") => Self::Conflict,
            Some(
                "ProvisionedThroughputExceededException"
                | "RequestLimitExceeded"
                | "ThrottlingException"
                | "TransactionConflictException",
            ) => Self::Throttled(error.into()),
            // No later attempt would do better.
            Some("ValidationException") => Self::malformed("request", error),
            _ => Self::Unavailable(error.into()),
        }
    }
}

impl From<BuildError> for StoreError {
    fn from(error: BuildError) -> Self {
        Self::malformed("request", error)
    }
}
