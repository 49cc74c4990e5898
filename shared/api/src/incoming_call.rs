use axum::extract::FromRef;
use endpoints::Endpoint;
use http::request::Parts;

use crate::idempotent_request::IdempotentRequest;
use crate::identity::Identity;
use crate::request_context::RequestContext;
use crate::{ApiContext, ApiError, Params};

/// A request as it came in: everything except who makes it.
#[derive(Clone, Debug)]
pub(crate) struct IncomingCall {
    pub(crate) context: ApiContext,
    pub(crate) request: RequestContext,
    pub(crate) endpoint: &'static Endpoint,
    /// What is wrong with its query string, of an endpoint without parameters there; the others read theirs.
    pub(crate) query: Result<(), ApiError>,
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
        let query = if endpoint.has_query() {
            Ok(())
        } else {
            Params::read(&parts.uri, endpoint).map(drop)
        };
        let call = Self {
            context,
            request,
            endpoint,
            query,
            idempotent: IdempotentRequest::of(parts, endpoint),
        };
        Ok((identity, call))
    }
}
