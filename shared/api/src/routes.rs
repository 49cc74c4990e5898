use axum::Router;
use axum::extract::FromRef;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use endpoints::{Endpoint, Method};

use crate::ApiContext;
use crate::serve::serve;

/// The router of a function, built from endpoints of the table and their handlers.
#[derive(Debug)]
pub struct Routes<A> {
    router: Router<A>,
    endpoints: Vec<&'static Endpoint>,
}

impl<A: Clone + Send + Sync + 'static> Routes<A> {
    /// A router without endpoints.
    pub fn new() -> Self {
        Self {
            router: Router::new(),
            endpoints: Vec::new(),
        }
    }

    /// Adds an endpoint with its handler.
    #[must_use]
    pub fn on<T: 'static>(
        mut self,
        endpoint: &'static Endpoint,
        handler: impl Handler<T, A>,
    ) -> Self {
        let filter = match endpoint.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Patch => MethodFilter::PATCH,
            Method::Delete => MethodFilter::DELETE,
        };
        self.endpoints.push(endpoint);
        Self {
            router: self.router.route(endpoint.path, on(filter, handler)),
            ..self
        }
    }

    /// The router, wrapped in the layer that all responses pass.
    pub fn serve(self, app: A) -> Router
    where
        ApiContext: FromRef<A>,
    {
        let context = ApiContext::from_ref(&app);
        serve(self.router.with_state(app), self.endpoints, context)
    }
}

impl<A: Clone + Send + Sync + 'static> Default for Routes<A> {
    fn default() -> Self {
        Self::new()
    }
}
