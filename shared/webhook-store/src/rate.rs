use std::num::NonZeroU32;

use aws_sdk_dynamodb::types::ReturnValue;
use serde::Deserialize;
use store::StoreError;
use store::item::{number, row};
use store::keys::WorkspaceKey;
use types::{AccountId, Product, Timestamp};

use crate::{WebhookRow, Webhooks};

/// The most requests a minute that a webhook may be limited to.
pub const MAX_RATE_LIMIT: u32 = 6_000;
/// How far away the turn of a request may be, in milliseconds: 24 hours.
const LONGEST_WAIT: i64 = 24 * 3_600_000;

#[derive(Deserialize)]
struct NextTurn {
    next_turn: i64,
}

impl Webhooks {
    /// Takes the next turn of a webhook whose requests are limited to so many a minute, and returns when it is: turns are as far from
    /// each other as the limit says. None if it is more than 24 hours away. One write; another if several take the first turn at once.
    pub(crate) async fn take_turn(
        &self,
        (account, product): (AccountId, Product),
        webhook: &WebhookRow,
        limit: NonZeroU32,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let (at, apart) = (now.as_millisecond(), 60_000 / i64::from(limit.get()));
        let key = || WorkspaceKey::Webhook(account, product, webhook.webhook);
        if webhook.next_turn.is_none_or(|next| next <= at) {
            let first = self
                .0
                .update(key())
                .update_expression("SET next_turn = :next")
                .condition_expression(
                    "attribute_exists(pk) AND (attribute_not_exists(next_turn) OR next_turn <= :now)",
                )
                .expression_attribute_values(":next", number(at + apart))
                .expression_attribute_values(":now", number(at));
            match first.send().await.map_err(StoreError::from) {
                Ok(_) => return Ok(Some(now)),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        let later = self
            .0
            .update(key())
            .update_expression("ADD next_turn :apart")
            .condition_expression("next_turn <= :last")
            .expression_attribute_values(":apart", number(apart))
            .expression_attribute_values(":last", number(at + LONGEST_WAIT))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await;
        match later.map_err(StoreError::from) {
            Ok(taken) => {
                let taken: NextTurn = row("webhook", taken.attributes.unwrap_or_default())?;
                let turn = Timestamp::from_millisecond(taken.next_turn - apart);
                let turn = turn.map_err(|error| StoreError::malformed("webhook", error))?;
                Ok(Some(turn))
            }
            Err(StoreError::Conflict) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
