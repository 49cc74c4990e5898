use auth::{Principal, Scope};
use axum::extract::{FromRef, FromRequestParts};
use http::header::AUTHORIZATION;
use http::request::Parts;
use quota::{Charge, Denied};
use store::Meter;
use types::{AccountId, Credits, Product};

use crate::visit::Visit;
use crate::{ApiError, Code, Gate};

/// What an endpoint asks of a key.
#[derive(Clone, Copy, Debug)]
pub struct Permission {
    /// The product that the endpoint belongs to.
    pub product: Product,
    /// The scope that it needs.
    pub scope: Scope,
}

/// The holder of a valid API key. It may do nothing yet: see [`Caller::check`].
#[derive(Clone, Debug)]
pub struct Caller(Visitor);

/// A caller with the permission it needs and its input in order, not yet let in: see [`Permitted::admit`].
#[derive(Clone, Debug)]
pub struct Permitted(Visitor);

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
struct Visitor {
    principal: Principal,
    gate: Gate,
    visit: Visit,
}

impl<S> FromRequestParts<S> for Caller
where
    Gate: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let gate = Gate::from_ref(state);
        let visit = parts.extensions.get::<Visit>().cloned().ok_or_else(|| {
            ApiError::new(Code::Internal, "the router is not served by api::serve")
        })?;
        let principal = gate.authenticator.principal(bearer(parts)?).await?;
        visit.set_caller(&principal);
        Ok(Self(Visitor {
            principal,
            gate,
            visit,
        }))
    }
}

impl Caller {
    /// Checks that the key may do this and that its input is in order. A call that fails here costs nothing, but it
    /// counts in the key's minute. Makes no call to any service where all is well.
    pub async fn check<T>(
        self,
        needs: Permission,
        input: Result<T, ApiError>,
    ) -> Result<(Permitted, T), ApiError> {
        match self.0.permitted(needs).and(input) {
            Ok(input) => Ok((Permitted(self.0), input)),
            Err(error) => {
                self.0.admit(Charge::Attempt).await?;
                Err(error)
            }
        }
    }
}

impl Caller {
    /// For a route that belongs to the account and to no product, such as its usage: answers for the key's product,
    /// which the input may name. The call counts in the key's minute only, in order or not.
    pub async fn attend<T>(
        self,
        scope: Scope,
        input: Result<(Option<Product>, T), ApiError>,
    ) -> Result<(Asker, T), ApiError> {
        let meter = self.0.admit(Charge::Attempt).await?;
        let Principal {
            account, product, ..
        } = self.0.principal;
        self.0.permitted(Permission { product, scope })?;
        let (named, input) = input?;
        let product = named.unwrap_or(product);
        self.0.permitted(Permission { product, scope })?;
        let asker = Asker {
            account,
            product,
            meter,
        };
        Ok((asker, input))
    }
}

impl Permitted {
    /// Lets the call in and charges `price`; answers the meter as it is then. A call that is let in and still ends in
    /// an error gets its credits back.
    pub async fn admit(&self, price: Credits) -> Result<Meter, ApiError> {
        let route = self.0.visit.route;
        self.0.admit(Charge::Call { price, route }).await
    }

    /// The answer has nothing in it that is paid for: what was charged goes back.
    pub fn waive(&self) {
        self.0.visit.waive();
    }

    /// The account that calls.
    pub fn account(&self) -> AccountId {
        self.0.principal.account
    }
}

impl Visitor {
    async fn admit(&self, charge: Charge) -> Result<Meter, ApiError> {
        let Gate { quota, .. } = &self.gate;
        let admitted = quota.admit(&self.principal, charge).await;
        let (meter, limits) = admitted.map_err(|denied| self.denied(denied))?;
        self.visit.set_limits(limits);
        // Noted at once: whatever fails from here on, the credits go back.
        if let Charge::Call { price, .. } = charge {
            self.visit.charge(price);
        }
        quota.close_days(&self.principal, &meter).await;
        quota.tell(&self.principal, &meter).await;
        Ok(meter)
    }

    fn permitted(&self, needs: Permission) -> Result<(), ApiError> {
        let Permission { product, scope } = needs;
        if self.principal.product != product {
            let message = format!(
                "this is a key of {}; {product} needs one of its own",
                self.principal.product
            );
            return Err(ApiError::new(Code::Forbidden, message).reason("wrong_product"));
        }
        if !self.principal.may(scope) {
            let message =
                format!("this API key lacks the scope {scope}; use or issue one that has it");
            let error = ApiError::new(Code::Forbidden, message).reason("scope_missing");
            return Err(error.with("scope", scope.as_str()));
        }
        Ok(())
    }

    fn denied(&self, denied: Denied) -> ApiError {
        if let Some(limits) = denied.limits() {
            self.visit.set_limits(limits);
        }
        let wait = denied
            .window()
            .map(|window| window.seconds_left(self.gate.clock.now()));
        let error = ApiError::from(denied);
        match wait {
            Some(seconds) => error.retry_after(seconds),
            None => error,
        }
    }
}

/// The key in `Authorization: Bearer …`.
fn bearer(parts: &Parts) -> Result<&str, ApiError> {
    let missing = || {
        let message = "send your API key as \"Authorization: Bearer iq_live_sk_…\"";
        ApiError::new(Code::Unauthorized, message).reason("key_missing")
    };
    let header = parts.headers.get(AUTHORIZATION).ok_or_else(missing)?;
    let (scheme, key) = str::from_utf8(header.as_bytes())
        .ok()
        .and_then(|header| header.split_once(' '))
        .ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") || key.trim().is_empty() {
        return Err(missing());
    }
    Ok(key.trim())
}
