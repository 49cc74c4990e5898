use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use futures::future::BoxFuture;

use crate::intercept::Intercept;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It arrives, and so does its response.
    Whole,
    /// It arrives, and its response is lost.
    ResponseLost,
    /// The sender sees a reset, and the request arrives later, or never.
    Held,
}

/// What happens before the nth request (from zero) is sent.
type Before = Arc<dyn Fn(usize) -> BoxFuture<'static, ()> + Send + Sync>;

/// Intercepts the AWS calls of a process, and decides what becomes of the next of them.
#[derive(Clone, Default)]
pub struct Deliveries(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    next: VecDeque<Delivery>,
    before: Option<Before>,
    sent: usize,
    held: Vec<(HttpRequest, SharedHttpConnector)>,
}

impl Deliveries {
    /// The next requests are delivered like this, and those after them whole. `before` is called with the number of each.
    pub fn expect(
        &self,
        next: impl IntoIterator<Item = Delivery>,
        before: impl Fn(usize) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) {
        *self.0.lock().unwrap() = State {
            next: next.into_iter().collect(),
            before: Some(Arc::new(before)),
            ..State::default()
        };
    }

    /// Delivers what was held, the oldest first.
    pub async fn arrive(&self) {
        let held = std::mem::take(&mut self.0.lock().unwrap().held);
        for (request, connector) in held {
            connector.call(request).await.unwrap();
        }
    }

    async fn deliver(
        self,
        request: HttpRequest,
        inner: SharedHttpConnector,
    ) -> Result<HttpResponse, ConnectorError> {
        let (delivery, before, number) = {
            let mut state = self.0.lock().unwrap();
            state.sent += 1;
            let delivery = state.next.pop_front().unwrap_or(Delivery::Whole);
            (delivery, state.before.clone(), state.sent - 1)
        };
        if let Some(before) = before {
            before(number).await;
        }
        match delivery {
            Delivery::Whole => return inner.call(request).await,
            Delivery::ResponseLost => {
                inner.call(request).await?;
            }
            Delivery::Held => self.0.lock().unwrap().held.push((request, inner)),
        }
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        Err(ConnectorError::io(reset.into()))
    }
}

impl Intercept for Deliveries {
    fn call(&self, request: HttpRequest, inner: &SharedHttpConnector) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().deliver(request, inner.clone()))
    }
}

impl fmt::Debug for Deliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deliveries")
    }
}
