use std::num::NonZeroU32;
use std::time::Duration;

use aws_sdk_dynamodb::types::ReturnValue;
use jiff::SignedDuration;
use store::StoreError;
use store::item::{number, row, text};
use store::keys::WorkspaceKey;
use types::{AccountId, Product, Timestamp, WebhookId};
use webhook::Health;

use crate::webhooks::unless_gone;
use crate::{Claim, Slot, WebhookRow, Webhooks};

/// Requests to one webhook that may be in flight.
const MAX_IN_FLIGHT: u64 = 10;
/// How long a request that finds out whether an endpoint works again has the only turn, in seconds.
const PROBE: i64 = 20;
/// A turn that is no further away than this is now: a queue delays by whole seconds.
const SOON: SignedDuration = SignedDuration::from_secs(1);
/// How often the result of a request is counted again after meeting another.
const ATTEMPTS: usize = 5;
/// The condition of a webhook that is there, and whose last counted result is not that of this claim.
const NOT_ENDED: &str =
    "attribute_exists(pk) AND (attribute_not_exists(ended_by) OR ended_by <> :claim)";

/// Whether a request may be sent to a webhook.
#[derive(Clone, Debug, PartialEq)]
pub enum Started {
    /// It may, and is counted until it is finished.
    Yes(Box<WebhookRow>),
    /// As many as may be are in flight.
    Busy,
    /// The webhook is disabled.
    Disabled,
    /// There is no such webhook.
    Gone,
    /// The circuit breaker is open until then.
    Open(Timestamp),
    /// The webhook has a limit of requests a minute: it may at that time, which was kept for it.
    Later(Timestamp),
    /// More requests wait for this webhook than its limit of so many a minute lets through in a day.
    Crowded(NonZeroU32),
}

/// The end of a request.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// When it was.
    pub at: Timestamp,
    /// How long the request took.
    pub took: Duration,
    /// The slot that it was counted in.
    pub slot: Slot,
}

impl Webhooks {
    /// Counts the request of a claim as in flight, if it may be sent. One write; another read where it may not, another write where
    /// the endpoint has failed.
    pub async fn start(&self, claim: &Claim, now: Timestamp) -> Result<Started, StoreError> {
        let (account, product, webhook) = claim.delivery.owner();
        let slot = Slot::of(now).attribute();
        let [next, later] = Slot::of(now).next();
        let key = WorkspaceKey::Webhook(account, product, webhook);
        let counted = self
            .0
            .update(key)
            .update_expression(format!(
                "ADD {slot} :one SET started_by = :claim REMOVE {next}, {later}"
            ))
            .condition_expression(format!(
                "attribute_exists(pk) AND attribute_not_exists(config.disabled) \
                 AND (attribute_not_exists({slot}) OR {slot} < :most) \
                 AND (attribute_not_exists(started_by) OR started_by <> :claim)"
            ))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(MAX_IN_FLIGHT))
            .expression_attribute_values(":claim", text(claim.id()))
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .map_err(StoreError::from);
        let started: WebhookRow = match counted {
            Ok(counted) => row("webhook", counted.attributes.unwrap_or_default())?,
            Err(StoreError::Conflict) => {
                let found = self.find(account, product, webhook).await?;
                match found {
                    None => return Ok(Started::Gone),
                    // Counted by a write whose response was lost.
                    Some(found) if found.started_by.as_deref() == Some(claim.id()) => found,
                    Some(found) if found.config.disabled.is_some() => return Ok(Started::Disabled),
                    Some(_) => return Ok(Started::Busy),
                }
            }
            Err(error) => return Err(error),
        };
        let Some(refused) = self.refusal(claim, &started, now).await? else {
            return Ok(Started::Yes(Box::new(started)));
        };
        self.leave((account, product, webhook), Slot::of(now))
            .await?;
        Ok(refused)
    }

    /// Why the request of a claim, which is counted, is not sent now; none if it is.
    async fn refusal(
        &self,
        claim: &Claim,
        webhook: &WebhookRow,
        now: Timestamp,
    ) -> Result<Option<Started>, StoreError> {
        let (account, product, id) = claim.delivery.owner();
        if let Some(open_until) = webhook.health.and_then(|health| health.open_until(now)) {
            let has_turn = now >= open_until && self.probe((account, product, id), now).await?;
            return Ok((!has_turn).then(|| Started::Open(open_until.max(now))));
        }
        let Some(limit) = webhook.config.rate_limit else {
            return Ok(None);
        };
        if claim.delivery.has_turn {
            return Ok(None);
        }
        let turn = self
            .take_turn((account, product), webhook, limit, now)
            .await?;
        Ok(match turn {
            Some(turn) if turn.duration_since(now) <= SOON => None,
            Some(turn) => Some(Started::Later(turn)),
            None => Some(Started::Crowded(limit)),
        })
    }

    /// Takes the turn of the one request that finds out whether an endpoint works again. False if another has it.
    async fn probe(
        &self,
        (account, product, webhook): (AccountId, Product, WebhookId),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let taken = self
            .0
            .update(WorkspaceKey::Webhook(account, product, webhook))
            .update_expression("SET probe_until = :until")
            .condition_expression(
                "attribute_exists(pk) AND (attribute_not_exists(probe_until) OR probe_until <= :now)",
            )
            .expression_attribute_values(":until", number(now.as_second() + PROBE))
            .expression_attribute_values(":now", number(now.as_second()))
            .send()
            .await
            .map_err(StoreError::from);
        match taken {
            Ok(_) => Ok(true),
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A counted request is not sent.
    async fn leave(
        &self,
        (account, product, webhook): (AccountId, Product, WebhookId),
        slot: Slot,
    ) -> Result<(), StoreError> {
        let left = self
            .0
            .update(WorkspaceKey::Webhook(account, product, webhook))
            .update_expression(format!("ADD {} :minus", slot.attribute()))
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":minus", number(-1))
            .send()
            .await;
        unless_gone(left.map_err(StoreError::from))
    }

    /// The request of a claim has succeeded. Ends the series of failures. One write.
    pub async fn succeeded(
        &self,
        claim: &Claim,
        seen: &WebhookRow,
        ended: Ended,
    ) -> Result<(), StoreError> {
        let (account, product, webhook) = claim.delivery.owner();
        let counting = seen.days.count(ended.at, true, ended.took);
        let written = self
            .0
            .update(WorkspaceKey::Webhook(account, product, webhook))
            .update_expression(format!(
                "ADD {} :minus SET ended_by = :claim, last_triggered_at = :now, last_success_at = :now, {} \
                 REMOVE health, warned, probe_until{}",
                ended.slot.attribute(),
                counting.set,
                counting.remove
            ))
            .condition_expression(NOT_ENDED)
            .set_expression_attribute_names(Some(counting.names))
            .set_expression_attribute_values(Some(counting.values))
            .expression_attribute_values(":minus", number(-1))
            .expression_attribute_values(":claim", text(claim.id()))
            .expression_attribute_values(":now", text(ended.at.to_string()))
            .send()
            .await;
        unless_gone(written.map_err(StoreError::from))
    }

    /// The request of a claim has failed. Returns the webhook with its series of failures; none if it is gone. One write;
    /// a read and another write for each other result that it meets.
    pub async fn failed(
        &self,
        claim: &Claim,
        mut seen: WebhookRow,
        ended: Ended,
    ) -> Result<Option<WebhookRow>, StoreError> {
        let (account, product, webhook) = claim.delivery.owner();
        for _ in 0..ATTEMPTS {
            let health = Health::after_failure(seen.health, ended.at);
            let counting = seen.days.count(ended.at, false, ended.took);
            let value = serde_dynamo::to_attribute_value(health)
                .map_err(|error| StoreError::malformed("webhook", error))?;
            let is_seen = match seen.health {
                Some(_) => "health.failures = :failures AND health.last_failure_at = :last",
                None => "attribute_not_exists(health)",
            };
            let mut update = self
                .0
                .update(WorkspaceKey::Webhook(account, product, webhook))
                .update_expression(format!(
                    "ADD {} :minus SET ended_by = :claim, last_triggered_at = :now, health = :health, {} REMOVE probe_until{}",
                    ended.slot.attribute(),
                    counting.set,
                    counting.remove
                ))
                .condition_expression(format!("{NOT_ENDED} AND {is_seen}"))
                .set_expression_attribute_names(Some(counting.names))
                .set_expression_attribute_values(Some(counting.values))
                .expression_attribute_values(":claim", text(claim.id()))
                .expression_attribute_values(":minus", number(-1))
                .expression_attribute_values(":now", text(ended.at.to_string()))
                .expression_attribute_values(":health", value)
                .return_values(ReturnValue::AllNew);
            if let Some(before) = seen.health {
                update = update
                    .expression_attribute_values(":failures", number(before.failures))
                    .expression_attribute_values(":last", text(before.last_failure_at.to_string()));
            }
            match update.send().await.map_err(StoreError::from) {
                Ok(written) => {
                    return Ok(Some(row(
                        "webhook",
                        written.attributes.unwrap_or_default(),
                    )?));
                }
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
            match self.find(account, product, webhook).await? {
                // Counted by a write whose response was lost.
                Some(found) if found.ended_by.as_deref() == Some(claim.id()) => {
                    return Ok(Some(found));
                }
                Some(found) => seen = found,
                None => return Ok(None),
            }
        }
        // Other failures are counted: one more or less makes no difference.
        self.leave((account, product, webhook), ended.slot).await?;
        Ok(None)
    }
}
