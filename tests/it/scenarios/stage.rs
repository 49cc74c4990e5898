use std::rc::Rc;

use endpoints::Endpoint;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use http::StatusCode;
use tests::{Call, TestApp};

/// Where a scenario runs.
#[derive(Clone)]
pub(crate) struct Stage {
    /// Its tables without anything in between, to prepare and to inspect.
    pub(crate) app: TestApp,
    /// The same app as it is measured, or made to fail.
    pub(crate) subject: TestApp,
    /// Whether [`Stage::size`] is the smaller one.
    pub(crate) is_small: bool,
}

impl Stage {
    /// How many of something there are: as the scenario's name says, or fewer where only the kinds of its calls matter.
    pub(crate) fn size(&self, named: usize, fewer: usize) -> usize {
        if self.is_small { fewer } else { named }
    }
}

/// A call and what is there before it.
pub(crate) struct Scenario {
    /// Its name.
    pub(crate) name: &'static str,
    /// Whether it is not run with faults: another makes the same calls for less.
    pub(crate) is_only_measured: bool,
    set_up: Box<dyn Fn(Stage) -> LocalBoxFuture<'static, Act>>,
}

impl Scenario {
    /// A scenario. `set_up` prepares the stage, and returns the call.
    pub(crate) fn new<F>(name: &'static str, set_up: impl Fn(Stage) -> F + 'static) -> Self
    where
        F: Future<Output = Act> + 'static,
    {
        let set_up = Box::new(move |stage| set_up(stage).boxed_local());
        Self {
            name,
            is_only_measured: false,
            set_up,
        }
    }

    /// The same, which is not run with faults.
    pub(crate) fn only_measured(self) -> Self {
        Self {
            is_only_measured: true,
            ..self
        }
    }

    /// Prepares a stage; returns the call.
    pub(crate) async fn set_up(&self, stage: Stage) -> Act {
        (self.set_up)(stage).await
    }
}

/// What a scenario does once it is set up. It may be done again.
#[derive(Clone)]
pub(crate) struct Act {
    run: Rc<dyn Fn() -> LocalBoxFuture<'static, Done>>,
    /// The status of the response when it is done for the first time and nothing fails.
    pub(crate) status: u16,
    /// Whether doing it again is a repetition of the same operation: it has an idempotency key, or is a worker's message.
    pub(crate) is_repeatable: bool,
    /// Whether it may succeed without its effect, which it then has when it is done again.
    pub(crate) may_defer: bool,
    /// The endpoint that it calls; none for a worker.
    pub(crate) endpoint: Option<&'static Endpoint>,
}

/// What an act came to.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    /// Its status; of a worker 200, or 503 if it failed and is to be called again.
    pub(crate) status: u16,
    /// The header `Retry-After`; of a worker that failed 0.
    pub(crate) retry_after: Option<i64>,
    /// The response or the error.
    pub(crate) text: String,
}

impl Act {
    /// A request that is answered with this status.
    pub(crate) fn call(status: u16, call: impl Fn() -> Call + 'static) -> Self {
        let endpoint = call().endpoint();
        let run = move || {
            let call = call();
            let sent = async move {
                let answer = call.send().await;
                Done {
                    status: answer.status.as_u16(),
                    retry_after: answer.header("retry-after").parse().ok(),
                    text: String::from_utf8_lossy(&answer.bytes).into_owned(),
                }
            };
            sent.boxed_local()
        };
        Self {
            run: Rc::new(run),
            status,
            is_repeatable: false,
            may_defer: false,
            endpoint,
        }
    }

    /// A run of a worker, which is called again if it fails.
    pub(crate) fn work<F, T, E>(work: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, E>> + 'static,
        E: std::fmt::Debug,
    {
        let run = move || {
            let work = work();
            let done = async move {
                let error = work.await.err();
                Done {
                    status: if error.is_some() { 503 } else { 200 },
                    retry_after: error.is_some().then_some(0),
                    text: error.map(|error| format!("{error:?}")).unwrap_or_default(),
                }
            };
            done.boxed_local()
        };
        Self {
            run: Rc::new(run),
            status: 200,
            is_repeatable: true,
            may_defer: false,
            endpoint: None,
        }
    }

    /// The same, saying that its requests have an idempotency key.
    pub(crate) fn repeatable(self) -> Self {
        Self {
            is_repeatable: true,
            ..self
        }
    }

    /// The same, saying that it may leave its effect to the next call.
    pub(crate) fn deferring(self) -> Self {
        Self {
            may_defer: true,
            ..self
        }
    }

    /// Does it.
    pub(crate) async fn run(&self) -> Done {
        (self.run)().await
    }

    /// Does it as a part of the set-up, such as for an instance that is to know the caller's key.
    pub(crate) async fn once_before(self) -> Self {
        let done = self.run().await;
        let status = StatusCode::from_u16(done.status).unwrap();
        assert!(!status.is_server_error(), "{done:?}");
        self
    }
}
