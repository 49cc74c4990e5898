use axum::extract::FromRef;
use http::request::Parts;

use crate::identity::Identity;
use crate::once::Named;
use crate::visit::Visit;
use crate::{ApiError, Gate};

/// A request as it came in: what goes along with whoever makes it.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) gate: Gate,
    pub(crate) visit: Visit,
    /// What it says of itself, if it is to be done once.
    pub(crate) named: Option<Named>,
}

impl Arrival {
    /// Reads a request, and who makes it: all that the extractors of callers do.
    pub(crate) async fn read<S>(parts: &Parts, state: &S) -> Result<(Identity, Self), ApiError>
    where
        Gate: FromRef<S>,
        S: Sync,
    {
        let (gate, visit) = (Gate::from_ref(state), Visit::of(parts)?);
        let identity = Identity::read(parts, &gate, &visit).await?;
        let named = Named::of(parts);
        let arrival = Self { gate, visit, named };
        Ok((identity, arrival))
    }
}
