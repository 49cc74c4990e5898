use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{Item, item, number, row, text};
use store::keys::AccountsKey;
use types::RequestId;

use crate::Accounts;

/// What is stored of a request with an idempotency key. Times are seconds since 1970, as expressions compare
/// them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotencyRow {
    /// The request that was accepted first. A run that takes its work over names by it what it creates.
    pub seed: RequestId,
    /// The hash of what was asked.
    pub fingerprint: String,
    /// When the first request was accepted; 0 once the row is void.
    pub accepted_at: i64,
    /// Whose run it is. Only the holder of the lease may store the response.
    pub lease: String,
    /// When another run may take over.
    pub lease_until: i64,
    /// When DynamoDB may delete the row. Nothing else reads it.
    pub expires: i64,
    /// The response, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<ResponseRow>,
}

/// A stored response. Its body is sealed, and this crate cannot read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseRow {
    /// Its HTTP status.
    pub status: u16,
    /// Its media type; empty if it has none.
    pub content_type: String,
    /// The request that it was made for.
    pub request: RequestId,
    /// The sealed body.
    pub body: SealedBody,
}

/// Where a sealed body is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealedBody {
    /// In the row.
    Inline(Bytes),
    /// In the object with this key.
    Object(String),
}

/// What became of a write on a [`IdempotencyRow`].
#[derive(Clone, Debug)]
pub enum Held {
    /// It was done: the row is the writer's.
    Mine,
    /// It was refused, and the row is as it was.
    Theirs(Box<IdempotencyRow>),
}

impl Held {
    /// The same, but for a row that has the writer's own `lease`: its write was done, the response was lost, and the
    /// repetition was refused.
    #[must_use]
    pub fn unless(self, lease: &str) -> Self {
        match self {
            Self::Theirs(row) if row.lease == lease => Self::Mine,
            held => held,
        }
    }
}

impl Accounts {
    /// Writes `mine` under `id`, if there is no row or the one there was accepted at `lapsed` or before.
    ///
    /// One write; a refusal needs no read.
    pub async fn claim_once(
        &self,
        id: &str,
        mine: &IdempotencyRow,
        lapsed: i64,
    ) -> Result<Held, StoreError> {
        let stored = item("idempotency row", AccountsKey::Once(id).into(), mine)?;
        let put = self.0.client().put_item().table_name(self.0.name());
        let claimed = put
            .set_item(Some(stored))
            .condition_expression("attribute_not_exists(pk) OR accepted_at <= :lapsed")
            .expression_attribute_values(":lapsed", number(lapsed))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = claimed else {
            return Ok(Held::Mine);
        };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                theirs(refused.item().cloned())
            }
            _ => Err(error.into()),
        }
    }

    /// Takes the lease `over` from a run that ended without a response, for `mine` and until `until`.
    pub async fn take_over_once(
        &self,
        id: &str,
        over: &str,
        mine: &str,
        until: i64,
    ) -> Result<Held, StoreError> {
        let update = self
            .held(id, over)
            .update_expression("SET lease = :mine, lease_until = :until")
            .expression_attribute_values(":mine", text(mine))
            .expression_attribute_values(":until", number(until));
        change(update).await
    }

    /// Stores the response of the run that holds `lease`. A run whose lease went to another changes nothing.
    pub async fn answer_once(
        &self,
        id: &str,
        lease: &str,
        answer: &ResponseRow,
    ) -> Result<Held, StoreError> {
        let answer: AttributeValue = serde_dynamo::to_attribute_value(answer)
            .map_err(|error| StoreError::malformed("idempotency row", error))?;
        let update = self
            .held(id, lease)
            .update_expression("SET answer = :answer")
            .expression_attribute_values(":answer", answer);
        change(update).await
    }

    /// Ends the lease of a run that has no response to store, so that the next one need not wait for it.
    pub async fn end_once(&self, id: &str, lease: &str) -> Result<Held, StoreError> {
        let update = self
            .held(id, lease)
            .update_expression("SET lease_until = :zero");
        change(update.expression_attribute_values(":zero", number(0))).await
    }

    /// Voids the row of a run that did nothing, as if it had expired. It is not deleted, so that no
    /// function needs the right to delete rows of this table.
    pub async fn forget_once(&self, id: &str, lease: &str) -> Result<Held, StoreError> {
        let update = self
            .held(id, lease)
            .update_expression("SET accepted_at = :zero");
        change(update.expression_attribute_values(":zero", number(0))).await
    }

    /// An update by the holder of `lease`, while there is no response.
    fn held(&self, id: &str, lease: &str) -> UpdateItemFluentBuilder {
        self.0
            .update(AccountsKey::Once(id))
            .condition_expression("lease = :lease AND attribute_not_exists(answer)")
            .expression_attribute_values(":lease", text(lease))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

async fn change(update: UpdateItemFluentBuilder) -> Result<Held, StoreError> {
    let Err(error) = update.send().await else {
        return Ok(Held::Mine);
    };
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
            theirs(refused.item().cloned())
        }
        _ => Err(error.into()),
    }
}

fn theirs(item: Option<Item>) -> Result<Held, StoreError> {
    let stored = row("idempotency row", item.ok_or(StoreError::Conflict)?)?;
    Ok(Held::Theirs(Box::new(stored)))
}
