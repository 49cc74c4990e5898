use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

use crate::intercept::Intercept;

/// Counts the queries of one table that are under way at once.
#[derive(Clone, Debug)]
pub struct InFlight {
    table: String,
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl InFlight {
    /// A count of this table's.
    pub fn of(table: String) -> Self {
        Self {
            table,
            now: Arc::default(),
            most: Arc::default(),
        }
    }

    /// The most that were under way at once.
    pub fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    fn is_counted(&self, request: &HttpRequest) -> bool {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        let table = self.table.as_bytes();
        target.ends_with(".Query") && body.windows(table.len()).any(|part| part == table)
    }
}

impl Intercept for InFlight {
    fn call(&self, request: HttpRequest, inner: &SharedHttpConnector) -> HttpConnectorFuture {
        if !self.is_counted(&request) {
            return inner.call(request);
        }
        let (this, response) = (self.clone(), inner.call(request));
        HttpConnectorFuture::new(async move {
            let now = this.now.fetch_add(1, Ordering::SeqCst) + 1;
            this.most.fetch_max(now, Ordering::SeqCst);
            let response = response.await;
            this.now.fetch_sub(1, Ordering::SeqCst);
            response
        })
    }
}
