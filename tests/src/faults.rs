use std::cell::Cell;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use aws_sdk_dynamodb::config::{AsyncSleep, SharedAsyncSleep, Sleep};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use futures::future::poll_fn;

use crate::intercept::Intercept;
use crate::kill::is_write;
use crate::stack::ATTEMPT_LIMIT;

/// What goes wrong with a request to AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The service answers 500 and does nothing.
    Broken,
    /// The service throttles, in its own words.
    Throttled,
    /// The service does what it is asked, and the connection is reset before it answers.
    Reset,
    /// The service does what it is asked, and answers after the time limit of the attempt.
    Late,
    /// Nobody accepts the connection.
    Refused,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Broken,
        Self::Throttled,
        Self::Reset,
        Self::Late,
        Self::Refused,
    ];

    /// Whether the request is carried out and its response lost.
    pub const fn loses_the_answer(self) -> bool {
        matches!(self, Self::Reset | Self::Late)
    }
}

/// Which requests a fault meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// One request; what is sent again arrives.
    Once,
    /// The request and whatever repeats it to the letter.
    Repeats,
    /// The request and all that follow.
    Onwards,
}

impl Reach {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Once, Self::Repeats, Self::Onwards];
}

/// What goes wrong in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The number of the first request that the fault meets, from zero.
    pub at: usize,
    /// The fault.
    pub fault: Fault,
    /// How many more it meets.
    pub reach: Reach,
}

/// Intercepts the AWS calls of an app, and makes them fail as planned.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Run>>);

#[derive(Debug, Default)]
struct Run {
    plan: Option<Plan>,
    first: Option<Sent>,
    requests: Vec<String>,
    /// The operations that were carried out and whose response was lost.
    lost: Vec<String>,
}

/// What two sendings of one request have in common.
#[derive(Debug, PartialEq, Eq)]
struct Sent {
    operation: String,
    place: String,
    body: Option<Vec<u8>>,
}

impl Sent {
    fn of(request: &HttpRequest) -> Self {
        let target = request.headers().get("x-amz-target");
        let operation = target.map_or_else(
            || format!("S3 {}", request.method()),
            |target| {
                let (service, operation) = target.split_once('.').unwrap();
                let service = service.trim_start_matches("Amazon");
                format!("{} {operation}", service.split('_').next().unwrap())
            },
        );
        Self {
            operation,
            place: request.uri().to_owned(),
            body: target.and_then(|_| Some(request.body().bytes()?.to_vec())),
        }
    }
}

/// What happened in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The operations of its requests, in their order.
    pub requests: Vec<String>,
    /// The writes that were carried out and whose response was lost.
    pub lost: Vec<String>,
    /// Whether the fault met a request.
    pub met: bool,
}

impl Faults {
    /// Runs `work` with a fault, or with none.
    pub async fn run<T>(&self, plan: Option<Plan>, work: impl Future<Output = T>) -> (T, Happened) {
        *self.0.lock().unwrap() = Run {
            plan,
            ..Run::default()
        };
        let done = work.await;
        let Run {
            first,
            requests,
            lost,
            ..
        } = std::mem::take(&mut *self.0.lock().unwrap());
        let met = first.is_some();
        (
            done,
            Happened {
                requests,
                lost,
                met,
            },
        )
    }

    /// The fault that meets a request, if any.
    fn fate(&self, request: &HttpRequest) -> Option<Fault> {
        let mut run = self.0.lock().unwrap();
        let sent = Sent::of(request);
        let number = run.requests.len();
        run.requests.push(sent.operation.clone());
        let plan = run.plan?;
        let meets = number == plan.at
            || (run.first.is_some()
                && match plan.reach {
                    Reach::Once => false,
                    Reach::Repeats => run.first.as_ref() == Some(&sent),
                    Reach::Onwards => true,
                });
        if !meets {
            return None;
        }
        if plan.fault.loses_the_answer() && is_write(request) {
            run.lost.push(sent.operation.clone());
        }
        run.first.get_or_insert(sent);
        Some(plan.fault)
    }
}

impl Intercept for Faults {
    fn call(&self, mut request: HttpRequest, inner: &SharedHttpConnector) -> HttpConnectorFuture {
        // Others are not signed, such as for the public keys of an issuer of tokens.
        let is_of_aws = request.headers().contains_key("authorization");
        let fate = is_of_aws.then(|| self.fate(&request)).flatten();
        match fate {
            None => inner.call(request),
            Some(Fault::Broken) => HttpConnectorFuture::ready(Ok(broken(&request))),
            Some(Fault::Throttled) => HttpConnectorFuture::ready(Ok(throttled(&request))),
            Some(Fault::Reset) => {
                let response = inner.call(request);
                HttpConnectorFuture::new(async move {
                    response.await?;
                    let reset = io::Error::from(io::ErrorKind::ConnectionReset);
                    Err(ConnectorError::io(reset.into()))
                })
            }
            Some(Fault::Late) => {
                let response = inner.call(request);
                HttpConnectorFuture::new(async move {
                    response.await?;
                    poll_fn(|_| {
                        LATE.set(true);
                        Poll::Pending
                    })
                    .await
                })
            }
            Some(Fault::Refused) => {
                // Nothing listens on this port.
                request.set_uri("http://127.0.0.1:1/").unwrap();
                inner.call(request)
            }
        }
    }
}

fn response(status: u16, body: &str) -> HttpResponse {
    let status = StatusCode::try_from(status).unwrap();
    HttpResponse::new(status, SdkBody::from(body.to_owned()))
}

fn broken(request: &HttpRequest) -> HttpResponse {
    let body = match service(request) {
        "S3" => {
            "<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>"
        }
        "SQS" => r#"{"__type":"com.amazonaws.sqs#InternalFailure"}"#,
        _ => r#"{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}"#,
    };
    response(500, body)
}

fn throttled(request: &HttpRequest) -> HttpResponse {
    match service(request) {
        "S3" => response(
            503,
            "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>",
        ),
        "SQS" => response(400, r#"{"__type":"com.amazonaws.sqs#RequestThrottled"}"#),
        _ => response(
            400,
            r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}"#,
        ),
    }
}

fn service(request: &HttpRequest) -> &'static str {
    match request.headers().get("x-amz-target") {
        None => "S3",
        Some(target) if target.starts_with("AmazonSQS") => "SQS",
        Some(_) => "DynamoDB",
    }
}

thread_local! {
    /// Whether the attempt that is being polled has a response that is late.
    static LATE: Cell<bool> = const { Cell::new(false) };
}

/// The timers of clients whose calls fail as planned. The time limit of an attempt is over as soon as its response is late,
/// and nobody waits between two attempts. The SDK polls an attempt, and next its limit.
#[derive(Debug)]
struct Timers;

impl AsyncSleep for Timers {
    fn sleep(&self, duration: Duration) -> Sleep {
        if duration != ATTEMPT_LIMIT {
            return Sleep::new(std::future::ready(()));
        }
        Sleep::new(async move {
            let mut real = pin!(tokio::time::sleep(duration));
            poll_fn(|context| {
                if LATE.take() {
                    Poll::Ready(())
                } else {
                    real.as_mut().poll(context)
                }
            })
            .await;
        })
    }
}

/// See [`Timers`].
pub(crate) fn timers() -> SharedAsyncSleep {
    SharedAsyncSleep::new(Timers)
}
