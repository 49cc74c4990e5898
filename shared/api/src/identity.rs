use accounts::SubjectRow;
use auth::{Principal, RawKey, RawKeyError, Scope};
use endpoints::{Access, Endpoint};
use http::request::Parts;
use types::Product;

use crate::credential::Credential;
use crate::request_context::RequestContext;
use crate::{ApiContext, ApiError, Code};

/// Who a request comes from, by a credential that was found to be valid.
#[derive(Clone, Debug)]
pub(crate) enum Identity {
    /// The holder of an API key.
    Key(Principal),
    /// A user who is signed in, with their account.
    Session(SubjectRow),
}

impl Identity {
    /// The holder of the credential that the endpoint's dialect asks for.
    pub(crate) async fn read(
        parts: &Parts,
        endpoint: &Endpoint,
        context: &ApiContext,
        request: &RequestContext,
    ) -> Result<Self, ApiError> {
        let now = context.clock.now();
        match Credential::read(&parts.headers, endpoint)? {
            Credential::Session(token) => {
                let user = Box::pin(context.users.account_of(token, request.id, now)).await?;
                request.set_caller(user.account, user.key);
                Ok(Self::Session(user))
            }
            Credential::Key(raw) => {
                let principal = context.authenticator.principal(raw, now).await;
                let key = principal.map_err(|error| match error {
                    auth::AuthError::Malformed(RawKeyError::UnknownPrefix) => no_key(endpoint),
                    error => error.into(),
                })?;
                request.set_caller(key.account, key.key);
                request.set_key_end(key.ends_soon(now));
                Ok(Self::Key(key))
            }
        }
    }

    /// Who calls an endpoint of `product`.
    pub(crate) fn principal(self, product: Product) -> Principal {
        match self {
            Self::Key(principal) => principal,
            Self::Session(SubjectRow { account, key, .. }) => Principal {
                account,
                product,
                key,
                lineage: key,
                scopes: Scope::of(product).to_vec(),
                expires_at: None,
            },
        }
    }
}

/// The text has the prefix of no product's keys. Names the form that this endpoint's keys have, and no other product's.
fn no_key(endpoint: &Endpoint) -> ApiError {
    let mut products = endpoint.products();
    let message = match (endpoint.access, products.next(), products.next()) {
        (Access::Session, ..) => "this is not a session token; sign in for one".to_owned(),
        (_, Some(Product::Leads), None) => {
            "this is not an API key of leads; send it as it was shown when it was issued".to_owned()
        }
        (_, Some(product), None) => format!(
            "this is not an API key; keys of {product} look like {} and 32 hex digits",
            RawKey::form(product)
        ),
        _ => RawKeyError::UnknownPrefix.to_string(),
    };
    ApiError::new(Code::Unauthorized, message).reason("key_malformed")
}
