use accounts::{Meter, SubjectRow};
use types::{AccountId, Product};

use crate::ApiError;
use crate::incoming_call::IncomingCall;
use crate::plan::required;

/// A call about an account itself: whose, and of which of its products.
#[derive(Clone, Debug)]
pub struct AccountCall {
    /// The account.
    pub account: AccountId,
    /// The product that it is about.
    pub product: Product,
    /// The meter of the account and product, with all of its shards.
    pub meter: Meter,
}

impl AccountCall {
    /// The call, if the plan includes what its endpoint requires.
    pub(crate) fn new(
        incoming: &IncomingCall,
        account: AccountId,
        product: Product,
        meter: Meter,
    ) -> Result<Self, ApiError> {
        if let Some(feature) = incoming.endpoint.feature {
            required(product, &meter, feature)?;
        }
        incoming.request.set_admitted();
        Ok(Self {
            account,
            product,
            meter,
        })
    }
}

/// The call of a signed-in user: for the product that the input names, or `default`.
pub(crate) async fn account_of_session<T>(
    incoming: IncomingCall,
    user: SubjectRow,
    default: Product,
    input: Result<(Option<Product>, T), ApiError>,
) -> Result<(AccountCall, T), ApiError> {
    let named = input.as_ref().ok().and_then(|(product, _)| *product);
    let product = named.unwrap_or(default);
    let meter = incoming.context.quota.meter(user.account, product).await?;
    if meter.as_ref().is_some_and(Meter::is_suspended) {
        return Err(ApiError::suspended());
    }
    let (_, input) = input?;
    let meter = meter.ok_or_else(|| ApiError::not_found("product"))?;
    let call = AccountCall::new(&incoming, user.account, product, meter)?;
    Ok((call, input))
}
