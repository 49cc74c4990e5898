use std::pin::pin;

use accounts::Meter;
use auth::Principal;
use endpoints::Price;
use futures::FutureExt;
use futures::future::{Either, select, try_join};
use quota::{Charge, Denied};
use types::{AccountId, Credits};

use crate::admitted_call::AdmittedCall;
use crate::incoming_call::IncomingCall;
use crate::plan::required;
use crate::{ApiError, Code};

/// A call whose caller has the scope and whose input is valid, not yet admitted: see [`AuthorizedCall::admit`]. It does not
/// expose the account, so that a handler cannot act on it before admission.
#[derive(Clone, Debug)]
pub struct AuthorizedCall {
    pub(crate) principal: Principal,
    pub(crate) incoming: IncomingCall,
}

impl AuthorizedCall {
    /// Admits the call: counts it, and charges the endpoint's price. One conditional write. The credits of a call that
    /// is admitted and ends in an error are refunded.
    ///
    /// # Errors
    /// 401 for a revoked key, 403 for a suspended account, 402 without plan or credits, 429 over a limit, 503 if the meter cannot be reached. Nothing is
    /// charged then.
    pub async fn admit(self) -> Result<AdmittedCall, ApiError> {
        let meter = self.count(false).await?;
        Ok(self.admitted(meter))
    }

    /// Admits the call while `read` reads what it needs, which takes the time of one round trip instead of two. The read may run
    /// before admission; its result can be used only after. It must not change anything.
    ///
    /// # Errors
    /// As [`AuthorizedCall::admit`]. A refusal ends the read. A read that fails does not end an admission on its way, which
    /// would lose what it charges: its error is returned once the call is admitted.
    pub async fn admit_while<T, E, F>(
        self,
        read: impl FnOnce(AccountId) -> F,
    ) -> Result<(AdmittedCall, T), ApiError>
    where
        F: Future<Output = Result<T, E>>,
        ApiError: From<E>,
    {
        let read = read(self.principal.account).map(Ok);
        let (meter, read) = try_join(self.count(false), read).await?;
        Ok((self.admitted(meter), read?))
    }

    /// As [`AuthorizedCall::admit_while`], for a call that is free if there was nothing to deliver, as `is_free` says of what was
    /// read: without the credits for it, such a call is admitted all the same, with a second write. If there is something to
    /// deliver in the end, [`AdmittedCall::settle_if`] refuses it.
    ///
    /// # Errors
    /// As [`AuthorizedCall::admit_while`].
    pub async fn admit_unless_free<T, E, F>(
        self,
        read: impl FnOnce(AccountId) -> F,
        is_free: impl FnOnce(&T) -> bool,
    ) -> Result<(AdmittedCall, T), ApiError>
    where
        F: Future<Output = Result<T, E>>,
        ApiError: From<E>,
    {
        let (counted, read) = {
            let counting = pin!(self.count(true));
            let reading = pin!(read(self.principal.account));
            match select(counting, reading).await {
                Either::Left((Err(refusal), _)) if refusal.code() != Code::InsufficientCredits => {
                    return Err(refusal);
                }
                Either::Left((counted, reading)) => (counted, reading.await),
                Either::Right((read, counting)) => (counting.await, read),
            }
        };
        match counted {
            Ok(meter) => Ok((self.admitted(meter), read?)),
            Err(refusal) if refusal.code() == Code::InsufficientCredits => {
                let read = read?;
                if !is_free(&read) {
                    return self.refuse(refusal).await;
                }
                let route = self.incoming.endpoint.code.unwrap_or(0);
                let meter = self.counted(Charge::OnMeter { route }).await?;
                let unpaid = AdmittedCall {
                    price: Credits::ZERO,
                    refusal: Some(refusal),
                    ..self.admitted(meter)
                };
                Ok((unpaid, read))
            }
            Err(refusal) => Err(refusal),
        }
    }

    async fn count(&self, may_be_free: bool) -> Result<Meter, ApiError> {
        let endpoint = self.incoming.endpoint;
        let route = endpoint.code.unwrap_or(0);
        let charge = match endpoint.price {
            Price::Fixed(price) => Charge::Call {
                price,
                route,
                may_be_free,
            },
            // The balance and the plan are on the meter, and not on its shards.
            Price::PerItem(_) => Charge::OnMeter { route },
            Price::Free if endpoint.feature.is_some() => Charge::OnMeter { route },
            Price::Free => Charge::Call {
                price: Credits::ZERO,
                route,
                may_be_free,
            },
        };
        self.counted(charge).await
    }

    async fn counted(&self, charge: Charge) -> Result<Meter, ApiError> {
        let meter = self.charge(charge).await?;
        if let Some(feature) = self.incoming.endpoint.feature {
            required(self.principal.product, &meter, feature)?;
        }
        self.incoming.request.set_admitted();
        Ok(meter)
    }

    fn admitted(self, meter: Meter) -> AdmittedCall {
        let IncomingCall {
            context,
            request,
            endpoint,
            ..
        } = self.incoming;
        AdmittedCall {
            account: self.principal.account,
            product: self.principal.product,
            context,
            endpoint,
            request,
            meter,
            price: match endpoint.price {
                Price::Fixed(price) => price,
                Price::Free | Price::PerItem(_) => Credits::ZERO,
            },
            refusal: None,
        }
    }

    /// Counts a call that is refused, in the key's minute only, and returns the error.
    pub(crate) async fn refuse<T>(&self, error: ApiError) -> Result<T, ApiError> {
        self.charge(Charge::Attempt).await?;
        Err(error)
    }

    pub(crate) async fn charge(&self, charge: Charge) -> Result<Meter, ApiError> {
        let IncomingCall {
            context, request, ..
        } = &self.incoming;
        let quota = &context.quota;
        let admitted = quota.admit(&self.principal, charge).await;
        let (meter, limits) = admitted.map_err(|denied| self.denied(denied))?;
        request.set_limits(limits);
        // Recorded at once: whatever fails from here on, the credits are refunded.
        if let Charge::Call { price, .. } = charge {
            request.charge(&self.principal, price);
        }
        quota.close_days(&self.principal, &meter).await;
        quota.record_events(&self.principal, &meter).await;
        Ok(meter)
    }

    pub(crate) fn denied(&self, denied: Denied) -> ApiError {
        if let Some(limits) = denied.limits() {
            self.incoming.request.set_limits(limits);
        }
        let now = self.incoming.context.clock.now();
        let wait = denied.window().map(|window| window.seconds_left(now));
        let error = ApiError::from(denied);
        match wait {
            Some(seconds) => error.retry_after(seconds),
            None => error,
        }
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Revoked => Self::new(
                Code::Unauthorized,
                "this API key was revoked; use another, or issue a new one",
            )
            .reason("key_revoked"),
            Denied::Suspended => Self::suspended(),
            Denied::NoAccess { plan } => Self::new(
                Code::PlanRequired,
                format!("the plan {plan} has no API access; upgrade to call the API"),
            )
            .reason("no_api_access")
            .with("plan", plan),
            Denied::Minute { window, .. } => limit("per_minute", window.limit, "minute"),
            Denied::Month { window, .. } => limit("monthly", window.limit, "month"),
            Denied::Credits {
                needed, balance, ..
            } => {
                let message = format!(
                    "not enough credits: {needed} needed, {balance} left; top up to continue"
                );
                Self::new(Code::InsufficientCredits, message)
                    .with("required", serde_json::json!(needed))
                    .with("balance", serde_json::json!(balance))
            }
            Denied::Store(error) => error.into(),
        }
    }
}

fn limit(reason: &'static str, limit: u64, window: &str) -> ApiError {
    let message = format!(
        "the limit of {limit} calls a {window} is reached; try again when Retry-After is over"
    );
    ApiError::new(Code::LimitReached, message)
        .reason(reason)
        .with("limit", limit)
}
