use accounts::Meter;
use endpoints::Endpoint;
use quota::{Allowance, DailyDenied, UsedToday};
use types::{AccountId, Credits, Feature, Product};

use crate::plan::required;
use crate::request_context::RequestContext;
use crate::{ApiContext, ApiError, Code};

/// A call that is admitted: counted and charged. Only it gives access to the account.
#[derive(Clone, Debug)]
pub struct AdmittedCall {
    pub(crate) account: AccountId,
    pub(crate) product: Product,
    pub(crate) context: ApiContext,
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) request: RequestContext,
    pub(crate) meter: Meter,
    pub(crate) price: Credits,
    /// Why it was not admitted at its price, if it was admitted for nothing.
    pub(crate) refusal: Option<ApiError>,
}

impl AdmittedCall {
    /// The account that calls.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The product that the call is of.
    pub const fn product(&self) -> Product {
        self.product
    }

    /// The product's meter as the admission left it. For an endpoint without [`endpoints::Price::PerItem`] and
    /// [`endpoints::Endpoint::feature`] it may be a shard, which has a part of the counters and no more.
    pub const fn meter(&self) -> &Meter {
        &self.meter
    }

    /// How much of the feature that the endpoint requires the plan includes.
    ///
    /// # Errors
    /// 500 for an endpoint that requires none.
    pub fn allowance(&self) -> Result<Allowance, ApiError> {
        let feature = self.endpoint.feature;
        let feature = feature.ok_or_else(|| ApiError::bug("the endpoint requires no feature"))?;
        required(self.product, &self.meter, feature)
    }

    /// Counts amounts of features against what the plan includes of each per UTC day, all or none. The endpoint has to require
    /// one of them. One conditional write; none for amounts of zero.
    ///
    /// # Errors
    /// 429 `daily` if one of them would be over what the plan includes.
    pub async fn use_today(&self, amounts: &[(Feature, u64)]) -> Result<UsedToday, ApiError> {
        let amounts = amounts.iter().map(|(feature, amount)| {
            let allowance = required(self.product, &self.meter, *feature)?;
            Ok((*feature, allowance, *amount))
        });
        let amounts: Vec<(Feature, Allowance, u64)> = amounts.collect::<Result<_, ApiError>>()?;
        let quota = &self.context.quota;
        let used = quota.use_today(self.account, self.product, &amounts);
        Ok(used.await?)
    }

    /// Corrects what [`AdmittedCall::use_today`] counted to the amounts that were used in fact, in the same order.
    pub async fn settle_today(&self, used: &UsedToday, actual: &[u64]) {
        self.context.quota.settle_today(used, actual).await;
    }

    /// Settles the price to what was delivered, at most what was charged: the rest is refunded with the response. Returns what
    /// the call costs.
    pub fn settle(&self, delivered: Credits) -> Credits {
        let delivered = delivered.clamp(Credits::ZERO, self.price);
        self.request.settle(delivered);
        delivered
    }

    /// Settles a call that delivers all or nothing: the whole price if there was something to deliver, else none. Returns what
    /// the call costs.
    ///
    /// # Errors
    /// 402 if there is something to deliver, and the call was admitted without the credits for it.
    pub fn settle_if(&self, has_delivered: bool) -> Result<Credits, ApiError> {
        match &self.refusal {
            Some(refusal) if has_delivered => Err(refusal.clone()),
            _ if has_delivered => Ok(self.settle(self.price)),
            _ => Ok(self.settle(Credits::ZERO)),
        }
    }
}

impl From<DailyDenied> for ApiError {
    fn from(denied: DailyDenied) -> Self {
        match denied {
            DailyDenied::Over {
                exceeded,
                used,
                reset,
                now,
            } => {
                let (name, amount) = (exceeded.name, exceeded.amount);
                let limit = exceeded.limit.unwrap_or(u64::MAX);
                let message = format!(
                    "the plan includes {limit} {name} a UTC day, {used} are used and {amount} more are sent; \
                     send fewer, wait until {reset}, or upgrade"
                );
                Self::new(Code::LimitReached, message)
                    .reason("daily")
                    .with("resource", name)
                    .with("limit", limit)
                    .with("used", used)
                    .with("resets_at", reset.to_string())
                    .retry_after((reset.as_second() - now.as_second()).max(1))
            }
            DailyDenied::Store(error) => error.into(),
        }
    }
}
