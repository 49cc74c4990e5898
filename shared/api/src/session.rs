use accounts::{Actor, SubjectRow};
use auth::ChangedBy;
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use types::{AccountId, Timestamp};

use crate::identity::{Identity, session_required};
use crate::incoming_call::IncomingCall;
use crate::{ApiContext, ApiError};

/// A signed-in user. In a handler's signature it requires a session: an API key is refused. What a session does with its
/// account, other than calling a product, is not metered; so whether the account is suspended is looked up.
#[derive(Clone, Debug)]
pub struct Session {
    pub(crate) user: SubjectRow,
    pub(crate) incoming: IncomingCall,
}

impl<S> FromRequestParts<S> for Session
where
    ApiContext: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let (identity, incoming) = IncomingCall::read(parts, state).await?;
        match identity {
            Identity::Session(user) => {
                // A session that calls a product is refused by the meter.
                Box::pin(incoming.context.users.refuse_suspended(&user)).await?;
                incoming.query.clone()?;
                incoming.request.set_admitted();
                Ok(Self { user, incoming })
            }
            Identity::Key(_) => Err(session_required()),
        }
    }
}

impl Session {
    /// The user's account.
    pub const fn account(&self) -> AccountId {
        self.user.account
    }

    /// What the audit log records about a change that this session makes at `now`.
    pub fn by(&self, now: Timestamp) -> ChangedBy {
        ChangedBy {
            actor: Actor::Session(self.user.key),
            now,
            request: Some(self.incoming.request.id),
        }
    }
}
