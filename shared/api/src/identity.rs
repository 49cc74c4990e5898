use accounts::SubjectRow;
use auth::{Principal, RawKey, RawKeyError, Scope};
use endpoints::{Access, Endpoint};
use http::request::Parts;
use types::Product;

use crate::credential::Credential;
use crate::request_context::RequestContext;
use crate::{ApiContext, ApiError, Code};

/// Who a request comes from, by a valid credential.
#[derive(Clone, Debug)]
pub(crate) enum Identity {
    /// The holder of an API key.
    Key(Principal),
    /// A signed-in user, with their account.
    Session(SubjectRow),
}

impl Identity {
    /// The holder of the credential, which is where the endpoint's dialect has it.
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
                request.set_key_expiry(key.ends_soon(now));
                Ok(Self::Key(key))
            }
        }
    }

    /// Refuses an API key, at an endpoint for sessions.
    pub(crate) fn refuse_key(&self) -> Result<(), ApiError> {
        match self {
            Self::Session(_) => Ok(()),
            Self::Key(_) => Err(session_required()),
        }
    }

    /// The principal that calls an endpoint of `product`.
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

/// The error of an API key where only a session will do.
pub(crate) fn session_required() -> ApiError {
    let message = "an API key may not do this; sign in, and send the session token in its place";
    ApiError::new(Code::Forbidden, message).reason("session_required")
}

/// The error of a text without the prefix of any product's keys. Names the prefix of this endpoint's keys and of no others.
fn no_key(endpoint: &Endpoint) -> ApiError {
    let mut products = endpoint.products();
    let message = match (endpoint.access, products.next(), products.next()) {
        (Access::Session, ..) => "this is not a session token; sign in for one".to_owned(),
        (_, Some(Product::Leads), None) => {
            "this is not an API key of leads; send it as it was shown when it was issued".to_owned()
        }
        (_, Some(product), None) => format!(
            "this is not an API key; keys of {product} look like {} and 32 hex digits",
            RawKey::prefix_for(product)
        ),
        _ => RawKeyError::UnknownPrefix.to_string(),
    };
    ApiError::new(Code::Unauthorized, message).reason("key_malformed")
}
