use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use types::{Clock, Timestamp};

/// An HTTP client that opens new connections once nothing was sent for a while.
///
/// The pool's own limit goes by a clock that may stand still while Lambda has the instance frozen. This one goes by the time
/// of day. The SDK asks a client for a connector at each attempt of a call, so what is behind it is made once and kept.
pub(crate) struct FreshClient {
    clock: Clock,
    idle: Duration,
    make: Box<dyn Fn() -> SharedHttpClient + Send + Sync>,
    current: Mutex<Option<(Timestamp, SharedHttpClient)>>,
}

impl FreshClient {
    /// A client made by `make` at the first request, and again for one that comes later than `idle` after the last.
    pub(crate) fn new(
        clock: Clock,
        idle: Duration,
        make: impl Fn() -> SharedHttpClient + Send + Sync + 'static,
    ) -> Self {
        Self {
            clock,
            idle,
            make: Box::new(make),
            current: Mutex::default(),
        }
    }

    fn client(&self) -> SharedHttpClient {
        let now = self.clock.now();
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |last: &Timestamp| now.duration_since(*last).unsigned_abs() <= self.idle;
        let kept = current.take().filter(|(last, _)| is_fresh(last));
        let client = kept.map_or_else(|| (self.make)(), |(_, client)| client);
        *current = Some((now, client.clone()));
        client
    }
}

impl HttpClient for FreshClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.client().http_connector(settings, components)
    }
}

impl fmt::Debug for FreshClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FreshClient")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

    use super::*;

    #[tokio::test]
    async fn clients_are_kept_while_they_are_used() {
        let (second, made) = (Arc::new(AtomicI64::new(1_000)), Arc::new(AtomicI64::new(0)));
        let (time, count) = (second.clone(), made.clone());
        let clock = Clock::from_fn(move || Timestamp::from_second(time.load(SeqCst)).unwrap());
        let client = FreshClient::new(clock, Duration::from_secs(30), move || {
            count.fetch_add(1, SeqCst);
            crate::aws::http_client(false)
        });
        for (wait, expected) in [(0, 1), (30, 1), (30, 1), (31, 2), (-40, 3), (1, 3)] {
            second.fetch_add(wait, SeqCst);
            drop(client.client());
            assert_eq!(made.load(SeqCst), expected, "after {wait} more seconds");
        }
    }
}
