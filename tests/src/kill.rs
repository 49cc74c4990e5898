use std::pin::pin;
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

impl Death {
    /// Before and after each write in turn, without an end.
    pub fn every() -> impl Iterator<Item = Self> {
        (0..).flat_map(|write| [Self::Before(write), Self::After(write)])
    }
}

/// Intercepts the AWS calls of a process, and kills the process at one of its writes, or holds it there.
#[derive(Clone, Debug, Default)]
pub struct Deaths {
    plan: Arc<Mutex<Option<Fate>>>,
    writes: Arc<AtomicI64>,
    reached: Arc<Notify>,
    go_on: Arc<Notify>,
}

/// What is planned for one of a process's writes.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Death(Death),
    /// The write waits before it is sent.
    Wait(i64),
}

impl Fate {
    const fn number(self) -> i64 {
        match self {
            Self::Death(Death::Before(at) | Death::After(at)) | Self::Wait(at) => at,
        }
    }
}

impl Deaths {
    /// Runs `process` until it ends, or dies as planned. `None` if it died: its future is dropped at that point, as the
    /// operating system drops a process.
    pub async fn run<T>(
        &self,
        death: Option<Death>,
        process: impl Future<Output = T>,
    ) -> Option<T> {
        self.begin(death.map(Fate::Death));
        let ended = tokio::select! {
            biased;
            () = self.reached.notified() => None,
            ended = process => Some(ended),
        };
        *self.plan.lock().unwrap() = None;
        ended
    }

    /// Runs `process`, and `other` as a whole just before the process sends its nth write (from zero). Returns what the process
    /// came to, and whether it had so many writes: if not, `other` was not run.
    pub async fn meanwhile<T>(
        &self,
        number: i64,
        process: impl Future<Output = T>,
        other: impl Future<Output = ()>,
    ) -> (T, bool) {
        self.begin(Some(Fate::Wait(number)));
        let mut process = pin!(process);
        tokio::select! {
            biased;
            () = self.reached.notified() => {}
            ended = &mut process => return (ended, false),
        }
        *self.plan.lock().unwrap() = None;
        other.await;
        self.go_on.notify_one();
        (process.await, true)
    }

    fn begin(&self, plan: Option<Fate>) {
        self.writes.store(0, Ordering::SeqCst);
        *self.plan.lock().unwrap() = plan;
    }

    /// The writes of the last run.
    pub fn writes(&self) -> i64 {
        self.writes.load(Ordering::SeqCst)
    }

    /// What is planned for a request, if anything.
    fn fate(&self, request: &HttpRequest) -> Option<Fate> {
        if !is_write(request) {
            return None;
        }
        let number = self.writes.fetch_add(1, Ordering::SeqCst);
        let plan = *self.plan.lock().unwrap();
        plan.filter(|fate| fate.number() == number)
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
        let reached = self.reached.clone();
        match self.fate(&request) {
            None => inner.call(request),
            Some(Fate::Wait(_)) => {
                let (go_on, inner) = (self.go_on.clone(), inner.clone());
                HttpConnectorFuture::new(async move {
                    reached.notify_one();
                    go_on.notified().await;
                    inner.call(request).await
                })
            }
            Some(Fate::Death(Death::Before(_))) => HttpConnectorFuture::new(async move {
                reached.notify_one();
                std::future::pending().await
            }),
            Some(Fate::Death(Death::After(_))) => {
                let response = inner.call(request);
                HttpConnectorFuture::new(async move {
                    let _ = response.await;
                    reached.notify_one();
                    std::future::pending().await
                })
            }
        }
    }
}
