use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use tokio::sync::Notify;

use crate::intercept::Intercept;

/// When a process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Just before its nth write (from zero) is sent.
    Before(i64),
    /// Just after its nth write is done, before it receives the response.
    After(i64),
}

/// Intercepts the AWS calls of a process, and kills the process at one of its writes.
#[derive(Clone, Debug, Default)]
pub struct Deaths {
    plan: Arc<Mutex<Option<Death>>>,
    writes: Arc<AtomicI64>,
    died: Arc<Notify>,
}

impl Deaths {
    /// Runs `process` until it ends, or dies as planned. `None` if it died: its future is dropped at that point, as the
    /// operating system drops a process.
    pub async fn run<T>(
        &self,
        death: Option<Death>,
        process: impl Future<Output = T>,
    ) -> Option<T> {
        self.writes.store(0, Ordering::SeqCst);
        *self.plan.lock().unwrap() = death;
        let ended = tokio::select! {
            biased;
            () = self.died.notified() => None,
            ended = process => Some(ended),
        };
        *self.plan.lock().unwrap() = None;
        ended
    }

    /// The writes of the last run.
    pub fn writes(&self) -> i64 {
        self.writes.load(Ordering::SeqCst)
    }

    /// The death planned for a request, if any.
    fn fate(&self, request: &HttpRequest) -> Option<Death> {
        if !is_write(request) {
            return None;
        }
        let number = self.writes.fetch_add(1, Ordering::SeqCst);
        let plan = *self.plan.lock().unwrap();
        plan.filter(|death| matches!(death, Death::Before(at) | Death::After(at) if *at == number))
    }
}

/// Whether a request may change something, by its operation or method.
pub(crate) fn is_write(request: &HttpRequest) -> bool {
    match request.headers().get("x-amz-target") {
        Some(target) => !["GetItem", "Query", "Scan"]
            .iter()
            .any(|read| target.ends_with(read)),
        None => request.method() != "GET",
    }
}

impl Intercept for Deaths {
    fn call(&self, request: HttpRequest, inner: &SharedHttpConnector) -> HttpConnectorFuture {
        let died = self.died.clone();
        match self.fate(&request) {
            None => inner.call(request),
            Some(Death::Before(_)) => HttpConnectorFuture::new(async move {
                died.notify_one();
                std::future::pending().await
            }),
            Some(Death::After(_)) => {
                let response = inner.call(request);
                HttpConnectorFuture::new(async move {
                    let _ = response.await;
                    died.notify_one();
                    std::future::pending().await
                })
            }
        }
    }
}
