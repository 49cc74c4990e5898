use accounts::Meter;
use auth::{Principal, Scope};
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use quota::{Charge, Denied};
use types::{AccountId, Credits, Product};

use crate::arrival::Arrival;
use crate::identity::Identity;
use crate::{ApiError, Code, Gate};

/// What an endpoint asks of a caller.
#[derive(Clone, Copy, Debug)]
pub struct Permission {
    /// The product that the endpoint belongs to.
    pub product: Product,
    /// The scope that it needs.
    pub scope: Scope,
}

/// The holder of a valid API key, or a user who is signed in. It may do nothing yet: see [`Caller::check`].
#[derive(Clone, Debug)]
pub struct Caller {
    identity: Identity,
    arrival: Arrival,
}

/// A caller with the permission it needs and its input in order, not yet let in: see [`Permitted::admit`].
#[derive(Clone, Debug)]
pub struct Permitted(pub(crate) Visitor);

/// Who asks about an account itself, and what of it.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The account that asks.
    pub account: AccountId,
    /// The product that it asks about.
    pub product: Product,
    /// The meter of the two.
    pub meter: Meter,
}

#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) principal: Principal,
    pub(crate) arrival: Arrival,
}

impl Permission {
    /// A scope of a product.
    pub const fn of(product: Product, scope: Scope) -> Self {
        Self { product, scope }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    Gate: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let (identity, arrival) = Arrival::read(parts, state).await?;
        Ok(Self { identity, arrival })
    }
}

impl Caller {
    /// Checks that the caller may do this and that its input is in order. A call that fails here costs nothing, but it
    /// counts in the key's minute. Makes no call to any service where all is well.
    ///
    /// A session may do everything with its account's products, and is metered as a key of its own.
    pub async fn check<T>(
        self,
        needs: Permission,
        input: Result<T, ApiError>,
    ) -> Result<(Permitted, T), ApiError> {
        let visitor = Visitor {
            principal: self.identity.principal(needs.product),
            arrival: self.arrival,
        };
        match visitor.permitted(needs).and(input) {
            Ok(input) => Ok((Permitted(visitor), input)),
            Err(error) => visitor.refuse(error).await,
        }
    }

    /// For a route that belongs to the account and to no product, such as its usage: answers for the product that the
    /// input names.
    ///
    /// A key is answered for its own product, and the call counts in its minute only, in order or not. A session is
    /// answered for `usual` if the input names none, and is not counted.
    pub async fn attend<T>(
        self,
        usual: Product,
        input: Result<(Option<Product>, T), ApiError>,
    ) -> Result<(Asker, T), ApiError> {
        let Self { identity, arrival } = self;
        let user = match identity {
            Identity::Session(user) => user,
            Identity::Key(principal) => {
                let visitor = Visitor { principal, arrival };
                return visitor.attend(input).await;
            }
        };
        let (product, input) = input?;
        let product = product.unwrap_or(usual);
        let meter = arrival.gate.quota.meter(user.account, product).await?;
        let asker = Asker {
            account: user.account,
            product,
            meter: meter.ok_or_else(|| ApiError::not_found("product"))?,
        };
        Ok((asker, input))
    }
}

impl Permitted {
    /// Lets the call in and charges `price`. A call that is let in and still ends in an error gets its credits back.
    pub async fn admit(&self, price: Credits) -> Result<(), ApiError> {
        let route = self.0.arrival.visit.route;
        self.0.admit(Charge::Call { price, route }).await?;
        Ok(())
    }

    /// Lets a call in, at no price, that goes by its meter: the balance, to set credits aside, or the plan. Answers it.
    pub async fn admit_on_meter(&self) -> Result<Meter, ApiError> {
        let route = self.0.arrival.visit.route;
        self.0.admit(Charge::OnMeter { route }).await
    }

    /// The answer has nothing in it that is paid for: what was charged goes back.
    pub fn waive(&self) {
        self.0.arrival.visit.waive();
    }

    /// The account that calls.
    pub fn account(&self) -> AccountId {
        self.0.principal.account
    }
}

impl Visitor {
    /// Counts a call in the key's minute that goes no further, and answers why.
    pub(crate) async fn refuse<T>(&self, error: ApiError) -> Result<T, ApiError> {
        self.admit(Charge::Attempt).await?;
        Err(error)
    }

    pub(crate) async fn admit(&self, charge: Charge) -> Result<Meter, ApiError> {
        let Arrival { gate, visit, .. } = &self.arrival;
        let quota = &gate.quota;
        let admitted = quota.admit(&self.principal, charge).await;
        let (meter, limits) = admitted.map_err(|denied| self.denied(denied))?;
        visit.set_limits(limits);
        // Noted at once: whatever fails from here on, the credits go back.
        if let Charge::Call { price, .. } = charge {
            visit.charge(&self.principal, price);
        }
        quota.close_days(&self.principal, &meter).await;
        quota.tell(&self.principal, &meter).await;
        Ok(meter)
    }

    async fn attend<T>(
        self,
        input: Result<(Option<Product>, T), ApiError>,
    ) -> Result<(Asker, T), ApiError> {
        let meter = self.admit(Charge::Attempt).await?;
        let Principal {
            account, product, ..
        } = self.principal;
        // Portal's scopes are about its clients, so any of its keys may ask.
        let scope = match product {
            Product::Portal => None,
            Product::Intent | Product::Leads | Product::Liquidity => Some(Scope::Read),
        };
        self.may(scope)?;
        let (named, input) = input?;
        self.is_of(named.unwrap_or(product))?;
        let meter = self
            .arrival
            .gate
            .quota
            .whole(&self.principal, meter)
            .await?;
        let asker = Asker {
            account,
            product,
            meter,
        };
        Ok((asker, input))
    }

    fn permitted(&self, needs: Permission) -> Result<(), ApiError> {
        self.is_of(needs.product)?;
        self.may(Some(needs.scope))
    }

    fn is_of(&self, product: Product) -> Result<(), ApiError> {
        if self.principal.product == product {
            return Ok(());
        }
        let message = format!(
            "this is a key of {}; {product} needs one of its own",
            self.principal.product
        );
        Err(ApiError::new(Code::Forbidden, message).reason("wrong_product"))
    }

    fn may(&self, scope: Option<Scope>) -> Result<(), ApiError> {
        let Some(scope) = scope.filter(|scope| !self.principal.may(*scope)) else {
            return Ok(());
        };
        let message = format!("this API key lacks the scope {scope}; use or issue one that has it");
        let error = ApiError::new(Code::Forbidden, message).reason("scope_missing");
        Err(error.with("scope", scope.as_str()))
    }

    pub(crate) fn denied(&self, denied: Denied) -> ApiError {
        if let Some(limits) = denied.limits() {
            self.arrival.visit.set_limits(limits);
        }
        let wait = denied
            .window()
            .map(|window| window.seconds_left(self.arrival.gate.clock.now()));
        let error = ApiError::from(denied);
        match wait {
            Some(seconds) => error.retry_after(seconds),
            None => error,
        }
    }
}
