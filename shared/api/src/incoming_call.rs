use axum::extract::FromRef;
use endpoints::Endpoint;
use http::request::Parts;

use crate::idempotent_request::IdempotentRequest;
use crate::identity::Identity;
use crate::request_context::RequestContext;
use crate::{ApiContext, ApiError};

/// A request as it came in: everything except who makes it.
#[derive(Clone, Debug)]
pub(crate) struct IncomingCall {
    pub(crate) context: ApiContext,
    pub(crate) request: RequestContext,
    pub(crate) endpoint: &'static Endpoint,
    /// Its `Idempotency-Key`, if it has one and the endpoint accepts one.
    pub(crate) idempotent: Option<IdempotentRequest>,
}

impl IncomingCall {
    /// Reads a request and authenticates its caller, for the extractors.
    pub(crate) async fn read<S>(parts: &Parts, state: &S) -> Result<(Identity, Self), ApiError>
    where
        ApiContext: FromRef<S>,
        S: Sync,
    {
        let context = ApiContext::from_ref(state);
        let request = RequestContext::of(parts)?;
        let endpoint = request.endpoint.ok_or_else(|| {
            ApiError::bug("a handler that needs a caller has no endpoint in the table")
        })?;
        let identity = Identity::read(parts, endpoint, &context, &request).await?;
        let call = Self {
            context,
            request,
            endpoint,
            idempotent: IdempotentRequest::of(parts, endpoint),
        };
        Ok((identity, call))
    }
}
