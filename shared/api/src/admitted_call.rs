use accounts::Meter;
use endpoints::Endpoint;
use quota::Allowance;
use types::{AccountId, Credits, Product};

use crate::ApiError;
use crate::plan::required;
use crate::request_context::RequestContext;

/// A call that is admitted: counted and charged. Only it gives access to the account.
#[derive(Clone, Debug)]
pub struct AdmittedCall {
    pub(crate) account: AccountId,
    pub(crate) product: Product,
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) request: RequestContext,
    pub(crate) meter: Meter,
    pub(crate) price: Credits,
}

impl AdmittedCall {
    /// The account that calls.
    pub const fn account(&self) -> AccountId {
        self.account
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

    /// Settles the price to what was delivered, at most what was charged: the rest is refunded with the response. Returns what
    /// the call costs.
    pub fn settle(&self, delivered: Credits) -> Credits {
        let delivered = delivered.clamp(Credits::ZERO, self.price);
        self.request.settle(delivered);
        delivered
    }

    /// Settles a call that delivers all or nothing: the whole price if there was something to deliver, else none. Returns what
    /// the call costs.
    pub fn settle_if(&self, has_delivered: bool) -> Credits {
        self.settle(if has_delivered {
            self.price
        } else {
            Credits::ZERO
        })
    }
}
