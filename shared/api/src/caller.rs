use auth::{Principal, Scope};
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use quota::{Charge, Denied};
use store::Meter;
use types::{AccountId, Credits, Product};

use crate::identity::Identity;
use crate::once::Named;
use crate::visit::Visit;
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
    gate: Gate,
    visit: Visit,
    named: Option<Named>,
}

/// A caller with the permission it needs and its input in order, not yet let in: see [`Permitted::admit`].
#[derive(Clone, Debug)]
pub struct Permitted(pub(crate) Visitor);

#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) principal: Principal,
    pub(crate) gate: Gate,
    pub(crate) visit: Visit,
    pub(crate) named: Option<Named>,
}

impl<S> FromRequestParts<S> for Caller
where
    Gate: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let gate = Gate::from_ref(state);
        let visit = Visit::of(parts)?;
        let identity = Identity::read(parts, &gate, &visit).await?;
        Ok(Self {
            identity,
            gate,
            visit,
            named: Named::of(parts),
        })
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
        let Self {
            identity,
            gate,
            visit,
            named,
        } = self;
        let visitor = Visitor {
            principal: identity.principal(needs.product),
            gate,
            visit,
            named,
        };
        match visitor.permitted(needs).and(input) {
            Ok(input) => Ok((Permitted(visitor), input)),
            Err(error) => visitor.refuse(error).await,
        }
    }
}

impl Permitted {
    /// Lets the call in and charges `price`; answers the meter as it is then. A call that is let in and still ends in
    /// an error gets its credits back.
    pub async fn admit(&self, price: Credits) -> Result<Meter, ApiError> {
        self.0.admit(Charge::Call(price)).await
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
    /// Counts a call in the key's minute that goes no further, and answers why.
    pub(crate) async fn refuse<T>(&self, error: ApiError) -> Result<T, ApiError> {
        self.admit(Charge::Attempt).await?;
        Err(error)
    }

    pub(crate) async fn admit(&self, charge: Charge) -> Result<Meter, ApiError> {
        let Gate { quota, .. } = &self.gate;
        let admitted = quota.admit(&self.principal, charge).await;
        let (meter, limits) = admitted.map_err(|denied| self.denied(denied))?;
        self.visit.set_limits(limits);
        // Noted at once: whatever fails from here on, the credits go back.
        if let Charge::Call(price) = charge {
            self.visit.charge(&self.principal, price);
        }
        quota.close_days(&self.principal, &meter).await;
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

    pub(crate) fn denied(&self, denied: Denied) -> ApiError {
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
