use accounts::Meter;
use quota::Allowance;
use types::{AccountId, Credits};

use crate::ApiError;
use crate::authorized_call::AuthorizedCall;
use crate::plan::required;

/// A call that is admitted: counted, and paid for. It alone tells its account.
#[derive(Clone, Debug)]
pub struct AdmittedCall {
    call: AuthorizedCall,
    meter: Meter,
    price: Credits,
}

impl AdmittedCall {
    pub(crate) const fn new(call: AuthorizedCall, meter: Meter, price: Credits) -> Self {
        Self { call, meter, price }
    }

    /// The account that calls.
    pub const fn account(&self) -> AccountId {
        self.call.principal.account
    }

    /// The product's meter as the admission left it. For an endpoint without [`endpoints::Price::PerItem`] and
    /// [`endpoints::Endpoint::feature`] it may be a shard, which has a part of the counters and no more.
    pub const fn meter(&self) -> &Meter {
        &self.meter
    }

    /// How much of the feature that the endpoint requires the plan includes.
    pub fn allowance(&self) -> Result<Allowance, ApiError> {
        let feature = self.call.incoming.endpoint.feature;
        let feature = feature.ok_or_else(|| ApiError::bug("the endpoint requires no feature"))?;
        required(self.call.principal.product, &self.meter, feature)
    }

    /// Settles the price to what was delivered, at most what was charged: the rest goes back with the response. Returns what
    /// the call costs.
    pub fn settle(&self, delivered: Credits) -> Credits {
        let delivered = delivered.clamp(Credits::ZERO, self.price);
        self.call.incoming.request.settle(delivered);
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
