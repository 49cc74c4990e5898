use axum::extract::{FromRef, FromRequestParts};
use endpoints::Access;
use http::request::Parts;
use quota::Charge;
use types::{Product, Scope};

use crate::account_call::{AccountCall, account_of_session};
use crate::authorized_call::AuthorizedCall;
use crate::identity::Identity;
use crate::incoming_call::IncomingCall;
use crate::{ApiContext, ApiError, Code};

/// The holder of a valid API key, or a signed-in user. Authenticated and not yet authorized: see [`Caller::authorize`].
#[derive(Clone, Debug)]
pub struct Caller {
    identity: Identity,
    incoming: IncomingCall,
}

impl<S> FromRequestParts<S> for Caller
where
    ApiContext: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let (identity, incoming) = IncomingCall::read(parts, state).await?;
        if incoming.endpoint.access == Access::Session {
            identity.refuse_key()?;
        }
        Ok(Self { identity, incoming })
    }
}

impl Caller {
    /// Checks that the caller may call the endpoint and that its input is valid. A call that fails here costs nothing, but it
    /// counts in the key's minute. Makes no request if the call is authorized.
    ///
    /// A session has every scope on its account's products, and is metered as a key of its own.
    ///
    /// # Errors
    /// 403 `wrong_product` or `scope_missing`, before the error of the input; whatever [`AuthorizedCall::admit`] refuses.
    pub async fn authorize<T>(
        self,
        input: Result<T, ApiError>,
    ) -> Result<(AuthorizedCall, T), ApiError> {
        let endpoint = self.incoming.endpoint;
        let scope = endpoint.scope();
        let takes_callers = matches!(endpoint.access, Access::Key(_) | Access::Session);
        let Some(product) = endpoint.product.filter(|_| takes_callers) else {
            return Err(ApiError::bug("the endpoint is not a product's"));
        };
        let call = AuthorizedCall {
            principal: self.identity.principal(product),
            incoming: self.incoming,
        };
        let permitted = call.is_of(product).and_then(|()| call.has(scope));
        let query = call.incoming.query.clone();
        match permitted.and(query).and(input) {
            Ok(input) => Ok((call, input)),
            Err(error) => call.refuse(error).await,
        }
    }

    /// For an endpoint that belongs to the account and to no product, such as its usage: the product that the input names, of
    /// the caller's account.
    ///
    /// A key is for its own product, and the call counts in its minute only, whether valid or not. A session is for
    /// `default` if the input names no product, and is not counted.
    ///
    /// # Errors
    /// As [`Caller::authorize`]; 402 if the plan does not include what the endpoint requires; 404 for a session whose account
    /// does not have the product.
    pub async fn authorize_account<T>(
        self,
        default: Product,
        input: Result<(Option<Product>, T), ApiError>,
    ) -> Result<(AccountCall, T), ApiError> {
        let Self { identity, incoming } = self;
        let principal = match identity {
            Identity::Session(user) => {
                return account_of_session(incoming, user, default, input).await;
            }
            Identity::Key(principal) => principal,
        };
        let call = AuthorizedCall {
            principal,
            incoming,
        };
        let meter = call.charge(Charge::Attempt).await?;
        // Portal's scopes are about its clients, so any of its keys may call.
        let product = call.principal.product;
        let scope = (product != Product::Portal).then_some(Scope::Read);
        call.has(scope)?;
        let (named, input) = input?;
        call.is_of(named.unwrap_or(product))?;
        let quota = &call.incoming.context.quota;
        let meter = quota.whole_meter(&call.principal, meter).await?;
        let account = AccountCall::new(&call.incoming, call.principal.account, product, meter)?;
        Ok((account, input))
    }
}

impl AuthorizedCall {
    fn is_of(&self, product: Product) -> Result<(), ApiError> {
        if self.principal.product == product {
            return Ok(());
        }
        let products = self.incoming.endpoint.products();
        let mut needed: Vec<&str> = products.map(Product::as_str).collect();
        if needed.is_empty() {
            needed.push(product.as_str());
        }
        let message = format!(
            "this key is for {}; this endpoint needs a key for {}",
            self.principal.product,
            needed.join(" or ")
        );
        Err(ApiError::new(Code::Forbidden, message).reason("wrong_product"))
    }

    fn has(&self, scope: Option<Scope>) -> Result<(), ApiError> {
        let Some(scope) = scope.filter(|scope| !self.principal.may(*scope)) else {
            return Ok(());
        };
        let message = format!("this API key lacks the scope {scope}; use or issue one that has it");
        let error = ApiError::new(Code::Forbidden, message).reason("scope_missing");
        Err(error.with("scope", scope.as_str()))
    }
}
