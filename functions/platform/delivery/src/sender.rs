use std::sync::Arc;
use std::time::Duration;

use accounts::Accounts;
use aws_types::SdkConfig;
use config::Env;
use jiff::SignedDuration;
use outbound::{Outbound, Policy};
use queue::{Deliver, Task};
use runtime::Failure;
use seal::Seal;
use store::{Dynamo, StoreError};
use types::{Clock, Timestamp, random_bytes, whole_second};
use webhook::{Verdict, next_attempt};
use webhook_store::{
    Attempt, Claim, Claimed, Deliveries, DeliveryState, DisabledBy, Ended, Made, Slot, Started,
    WebhookRow, Webhooks,
};
use workspace::{Event, EventPayload, Workspace};

use crate::request::{Outcome, post};
use crate::secrets::Secrets;

/// The status by which an endpoint says that it wants no more requests.
const GONE: u16 = 410;
/// The longest that an attempt is put off, in seconds.
const LONGEST_PUT_OFF: i64 = 300;

/// Makes the attempts of deliveries.
#[derive(Clone)]
pub struct Sender {
    webhooks: Webhooks,
    deliveries: Deliveries,
    secrets: Secrets,
    outbound: Outbound,
    drops_bodies: bool,
    clock: Clock,
}

impl Sender {
    /// From `ACCOUNTS_TABLE`, `WORKSPACE_TABLE`, `WEBHOOK_KEY_ID`, `WEBHOOK_PORTS`, `DROP_WEBHOOK_BODIES` (`true` or `false`), and the
    /// variables of [`Policy::from_env`] with `WEBHOOK_BASE_URL`.
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = Workspace::new(&dynamo, env.required("WORKSPACE_TABLE")?, accounts);
        let policy = Policy::from_env(env, "WEBHOOK_BASE_URL")?.on_ports(env, "WEBHOOK_PORTS")?;
        Ok(Self {
            webhooks: Webhooks::new(&workspace),
            deliveries: Deliveries::new(&workspace),
            secrets: Secrets::new(Seal::new(aws, env.required("WEBHOOK_KEY_ID")?)),
            outbound: Outbound::new(policy),
            drops_bodies: env.flag("DROP_WEBHOOK_BODIES")?,
            clock,
        })
    }

    /// Handles one message: makes the attempt that it asks for, unless it was made.
    pub async fn handle(&self, message: &str) -> Result<(), Failure> {
        let Task::Deliver(task) = serde_json::from_str(message)? else {
            return Err("the message is not about a delivery".into());
        };
        let Deliver {
            account,
            webhook,
            delivery,
            made,
            put_off,
        } = task;
        let now = self.clock.now();
        let claimed = self
            .deliveries
            .claim((account, webhook, delivery), (made, put_off), now)
            .await?;
        let claim = match claimed {
            Claimed::Yes(claim) => claim,
            Claimed::Over => return Ok(()),
            // The message is all that is left of the attempt if the other has died: it has to come again.
            Claimed::Held => return Err("the attempt is being made by another sender".into()),
        };
        if claim.delivery.body.is_none() {
            // It was delivered before; without its body it cannot be again.
            return Ok(self.deliveries.cancel(&claim).await?);
        }
        match self.webhooks.start(&claim, now).await? {
            Started::Yes(webhook) => self.attempt(&claim, *webhook, now).await,
            Started::Open(until) => {
                let until = whole_second(until);
                let why = format!(
                    "not sent: the endpoint has failed several times in a row; requests are sent again after {until}"
                );
                self.refuse(&claim, why, now).await
            }
            Started::Crowded(limit) => {
                let why = format!(
                    "not sent: more is waiting than {limit} requests a minute let through in 24 hours"
                );
                self.refuse(&claim, why, now).await
            }
            Started::Later(turn) => Ok(self.deliveries.put_off(&claim, turn, true).await?),
            Started::Busy => self.put_off(&claim, now).await,
            Started::Disabled | Started::Gone => Ok(self.deliveries.cancel(&claim).await?),
        }
    }

    /// Sends the request, then stores what came of it: for the webhook first, so that whatever ends in between counts each request.
    async fn attempt(
        &self,
        claim: &Claim,
        webhook: WebhookRow,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let opened = self.secrets.of(&webhook, now).await?;
        let outcome = post(
            (&self.outbound, &self.clock),
            &webhook.config,
            &claim.delivery,
            &opened,
        )
        .await;
        let ended = Ended {
            at: self.clock.now(),
            took: Duration::from_millis(outcome.duration_ms),
            slot: Slot::of(now),
        };
        if outcome.error.is_none() {
            self.webhooks.succeeded(claim, &webhook, ended).await?;
        } else {
            let failing = self.webhooks.failed(claim, webhook, ended).await?;
            if let Some(failing) = failing {
                let is_gone = outcome.status == Some(GONE);
                self.judge(claim, &failing, is_gone, ended.at).await?;
            }
        }
        Ok(self.store(claim, &outcome, now, ended.at).await?)
    }

    /// The attempt fails without a request.
    async fn refuse(&self, claim: &Claim, why: String, now: Timestamp) -> Result<(), Failure> {
        let outcome = Outcome {
            duration_ms: 0,
            status: None,
            response: None,
            error: Some(why),
            retry_after: None,
        };
        Ok(self.store(claim, &outcome, now, now).await?)
    }

    /// As many requests to this webhook as may be are in flight: a little later again, and each time later.
    async fn put_off(&self, claim: &Claim, now: Timestamp) -> Result<(), Failure> {
        let (_, put_off) = claim.delivery.turn();
        let longest = 2_i64
            .saturating_pow(put_off.saturating_add(2))
            .min(LONGEST_PUT_OFF);
        #[expect(clippy::cast_precision_loss, reason = "at most 300")]
        let wait = SignedDuration::from_secs_f64(1.0 + random() * longest as f64);
        let due = now.checked_add(wait).unwrap_or(now);
        let has_turn = claim.delivery.has_turn;
        Ok(self.deliveries.put_off(claim, due, has_turn).await?)
    }

    /// Stores an attempt, and when the next is due.
    async fn store(
        &self,
        claim: &Claim,
        outcome: &Outcome,
        began: Timestamp,
        ended: Timestamp,
    ) -> Result<(), StoreError> {
        let delivery = &claim.delivery;
        let attempt = Attempt {
            number: delivery.made + 1,
            trigger: delivery.trigger,
            at: began,
            duration_ms: outcome.duration_ms,
            status: outcome.status,
            response: outcome.response.clone(),
            error: outcome.error.clone(),
        };
        let mut made = Made {
            attempt: &attempt,
            next: Err(DeliveryState::Delivered),
            event: None,
            drops_body: self.drops_bodies,
        };
        let Some(error) = &outcome.error else {
            return self.deliveries.finish(claim, made).await;
        };
        made.drops_body = false;
        let count = delivery.made_of_schedule() + 1;
        let next = next_attempt(count, ended, random(), outcome.retry_after)
            .filter(|_| outcome.status != Some(GONE));
        let Some(next) = next else {
            // An account that is told of webhooks by a webhook is not told of that one.
            let is_about_webhooks =
                delivery.kind == "delivery.exhausted" || delivery.kind.starts_with("webhook.");
            let payload = EventPayload::DeliveryExhausted {
                delivery_id: delivery.delivery,
                webhook_id: delivery.webhook,
                event_id: delivery.event,
                event_type: delivery.kind.clone(),
                attempts: attempt.number,
                last_error: error.clone(),
            };
            let event = Event::new(delivery.product, ended, payload);
            made.event = (!is_about_webhooks).then_some(&event);
            made.next = Err(DeliveryState::Exhausted);
            return self.deliveries.finish(claim, made).await;
        };
        made.next = Ok(next);
        self.deliveries.finish(claim, made).await
    }

    /// Does what follows from a failure for the webhook.
    async fn judge(
        &self,
        claim: &Claim,
        webhook: &WebhookRow,
        is_gone: bool,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let (account, product, webhook_id) = claim.delivery.owner();
        let url = webhook.config.url.clone();
        let failing_since = webhook.health.map(|health| health.failing_since);
        let verdict = if is_gone {
            Verdict::Disable
        } else {
            webhook.verdict()
        };
        match verdict {
            Verdict::Continue => Ok(()),
            Verdict::Warn(stage) => {
                let payload = EventPayload::WebhookFailing {
                    webhook_id,
                    url,
                    failing_since: failing_since.unwrap_or(now),
                    warning: stage,
                };
                let event = Event::new(product, now, payload);
                let warned = self
                    .webhooks
                    .warn((account, product), webhook, stage, &event);
                Ok(warned.await?)
            }
            Verdict::Disable => {
                let (by, reason) = if is_gone {
                    (DisabledBy::Gone, "gone")
                } else {
                    (DisabledBy::Failures, "failures")
                };
                let payload = EventPayload::WebhookDisabled {
                    webhook_id,
                    url,
                    reason: reason.to_owned(),
                    failing_since,
                };
                let event = Event::new(product, now, payload);
                let disabled =
                    self.webhooks
                        .disable((account, product), webhook, (by, now), &event);
                disabled.await?;
                tracing::info!(account.id = %account, webhook.id = %webhook_id, reason, "a webhook was disabled");
                Ok(())
            }
        }
    }
}

/// A random share.
fn random() -> f64 {
    f64::from(u32::from_be_bytes(random_bytes())) / f64::from(u32::MAX)
}
