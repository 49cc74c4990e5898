use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use api::{ApiError, Caller, Code, Gate, JsonBody, Permission};
use auth::Scope;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRef, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::{HeaderMap, Request, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::Dynamo;
use tests::{Call, Customer, TestApp, TestClock};
use tower::ServiceExt;
use types::{Credits, Product};

use super::Keyed;

const PATH: &str = "/api/v1/probe";

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
    gate: Gate,
    runs: Arc<AtomicUsize>,
    clock: TestClock,
    again: Arc<OnceLock<Router>>,
}

impl Probe {
    pub(super) fn new(app: &TestApp) -> Self {
        let gate = Gate::from_env(
            &app.env,
            &app.aws,
            &Dynamo::new(&app.aws),
            app.clock.clock(),
        )
        .unwrap();
        let gate = gate.keeping_answers(app.bucket());
        let inside = Inside {
            gate: gate.clone(),
            runs: Arc::default(),
            clock: app.clock.clone(),
            again: Arc::default(),
        };
        let (again, runs) = (inside.again.clone(), inside.runs.clone());
        let routes = Router::new().route(PATH, post(run)).with_state(inside);
        let served = api::serve(routes, gate);
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
) -> Result<Response, ApiError> {
    let needs = Permission::of(Product::Intent, Scope::Write);
    let (caller, body) = caller.check(needs, body).await?;
    caller.once(&body).await?;
    let run = inside.runs.fetch_add(1, Ordering::SeqCst);
    let order: Order = serde_json::from_value(body.clone()).unwrap();
    caller.admit(Credits::whole(order.price)).await?;
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
}
