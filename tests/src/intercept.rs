use std::fmt::Debug;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// Decides what becomes of each request to AWS.
pub(crate) trait Intercept: Clone + Debug + Send + Sync + 'static {
    /// Sends a request by `inner`, or does something else with it.
    fn call(&self, request: HttpRequest, inner: &SharedHttpConnector) -> HttpConnectorFuture;
}

/// The client `inner` with an interceptor in front of its connectors.
pub(crate) fn intercepted(inner: SharedHttpClient, by: &impl Intercept) -> SharedHttpClient {
    SharedHttpClient::new(Intercepted {
        inner,
        by: by.clone(),
    })
}

#[derive(Debug)]
struct Intercepted<C, I> {
    inner: C,
    by: I,
}

impl<I: Intercept> HttpClient for Intercepted<SharedHttpClient, I> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Intercepted {
            inner: self.inner.http_connector(settings, components),
            by: self.by.clone(),
        })
    }
}

impl<I: Intercept> HttpConnector for Intercepted<SharedHttpConnector, I> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.by.call(request, &self.inner)
    }
}
