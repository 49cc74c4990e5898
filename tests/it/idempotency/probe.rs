use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use api::{ApiContext, ApiError, Caller, Code, Idempotent, JsonBody, Routes};
use auth::Scope;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRef, State};
use axum::response::{IntoResponse, Response};
use endpoints::{Endpoint, Method, Price};
use http::{HeaderMap, Request, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::Dynamo;
use tests::{Call, Customer, TestApp, TestClock};
use tower::ServiceExt;
use types::{Credits, Product};

use super::Keyed;

const PATH: &str = "/api/v1/probe";

/// The most that a call of the probe can cost; what it does cost is settled.
const MOST: Credits = Credits::whole(3);

static PROBE: Endpoint = Endpoint::new(Method::Post, PATH, Some(Product::Intent))
    .key(Scope::Write)
    .price(Price::Fixed(MOST))
    .idempotent()
    .code(1);

/// A route that is done once, and does what its body says.
pub(super) struct Probe {
    router: Router,
    runs: Arc<AtomicUsize>,
}

/// What a call of the probe is to do.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Order {
    /// The status to answer; 0 is 200, and 404 is an error as handlers make them.
    pub(super) status: u16,
    /// Credits.
    pub(super) price: i64,
    /// Bytes of the answer.
    pub(super) size: usize,
    /// Seconds that the first run takes.
    pub(super) slow: i64,
    /// Whether the same request comes again while the first run is at it, at its end.
    pub(super) again: bool,
    /// Whether every run but the first fails.
    pub(super) then_fail: bool,
    /// Whether it panics.
    pub(super) panic: bool,
}

#[derive(Clone, FromRef)]
struct Inside {
    context: ApiContext,
    runs: Arc<AtomicUsize>,
    clock: TestClock,
    again: Arc<OnceLock<Router>>,
}

impl Probe {
    pub(super) fn new(app: &TestApp) -> Self {
        let context = ApiContext::from_env(
            &app.env,
            &app.aws,
            &Dynamo::new(&app.aws),
            app.clock.clock(),
        )
        .unwrap();
        let inside = Inside {
            context: context.with_idempotency(app.bucket()),
            runs: Arc::default(),
            clock: app.clock.clone(),
            again: Arc::default(),
        };
        let (again, runs) = (inside.again.clone(), inside.runs.clone());
        let served = Routes::new().on(&PROBE, run).serve(inside);
        again.set(served.clone()).unwrap();
        Self {
            router: served,
            runs,
        }
    }

    /// A call with an idempotency key.
    pub(super) fn call(&self, customer: &Customer, key: &str, order: &Order) -> Call {
        Call::post_to(&self.router, PATH)
            .keyed(customer, key)
            .json(&json!(order))
    }

    /// How often the handler got beyond `once`.
    pub(super) fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }
}

async fn run(
    State(inside): State<Inside>,
    caller: Caller,
    headers: HeaderMap,
    JsonBody(body): JsonBody<Value>,
) -> Result<Idempotent<Response>, ApiError> {
    let (call, body) = caller.authorize(body).await?;
    call.once(&body, async |call, _| {
        let run = inside.runs.fetch_add(1, Ordering::SeqCst);
        let order: Order = serde_json::from_value(body.clone()).unwrap();
        let call = call.admit().await?;
        call.settle(Credits::whole(order.price));
        assert!(!order.panic, "as ordered");
        if run == 0 {
            inside.clock.advance(order.slow);
            if order.again {
                let mut again = Request::post(PATH)
                    .body(Body::from(body.to_string()))
                    .unwrap();
                *again.headers_mut() = headers;
                let router = inside.again.get().unwrap().clone();
                Box::pin(router.oneshot(again)).await.unwrap();
            }
        } else if order.then_fail {
            return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response());
        }
        let text = format!("run {run} {}", "needle ".repeat(order.size / 7));
        match order.status {
            0 => Ok(text.into_response()),
            404 => Err(ApiError::new(Code::NotFound, text)),
            status => Ok((StatusCode::from_u16(status).unwrap(), text).into_response()),
        }
    })
    .await
}
