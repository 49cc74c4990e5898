use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use types::{Clock, Timestamp};

/// A connector that opens new connections once nothing was sent for a while.
///
/// The pool's own limit goes by a clock that may stand still while Lambda has the instance frozen. This one goes by the time
/// of day.
pub(crate) struct FreshConnector {
    clock: Clock,
    idle: Duration,
    make: Box<dyn Fn() -> SharedHttpConnector + Send + Sync>,
    current: Mutex<Option<(Timestamp, SharedHttpConnector)>>,
}

impl FreshConnector {
    /// A connector made by `make`, and again for a request that comes later than `idle` after the last.
    pub(crate) fn new(
        clock: Clock,
        idle: Duration,
        make: impl Fn() -> SharedHttpConnector + Send + Sync + 'static,
    ) -> Self {
        Self {
            clock,
            idle,
            make: Box::new(make),
            current: Mutex::default(),
        }
    }

    fn connector(&self) -> SharedHttpConnector {
        let now = self.clock.now();
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |last: &Timestamp| now.duration_since(*last).unsigned_abs() <= self.idle;
        let kept = current.take().filter(|(last, _)| is_fresh(last));
        let connector = kept.map_or_else(|| (self.make)(), |(_, connector)| connector);
        *current = Some((now, connector.clone()));
        connector
    }
}

impl HttpConnector for FreshConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.connector().call(request)
    }
}

impl fmt::Debug for FreshConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FreshConnector")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

    use aws_smithy_runtime_api::client::result::ConnectorError;

    use super::*;

    #[derive(Debug)]
    struct Nowhere;

    impl HttpConnector for Nowhere {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            HttpConnectorFuture::ready(Err(ConnectorError::user("nowhere".into())))
        }
    }

    #[tokio::test]
    async fn connections_are_kept_while_they_are_used() {
        let (second, made) = (Arc::new(AtomicI64::new(1_000)), Arc::new(AtomicI64::new(0)));
        let (time, count) = (second.clone(), made.clone());
        let clock = Clock::from_fn(move || Timestamp::from_second(time.load(SeqCst)).unwrap());
        let connector = FreshConnector::new(clock, Duration::from_secs(30), move || {
            count.fetch_add(1, SeqCst);
            SharedHttpConnector::new(Nowhere)
        });
        for (wait, expected) in [(0, 1), (30, 1), (30, 1), (31, 2), (-40, 3), (1, 3)] {
            second.fetch_add(wait, SeqCst);
            let _ = connector.call(HttpRequest::empty()).await;
            assert_eq!(made.load(SeqCst), expected, "after {wait} more seconds");
        }
    }
}
