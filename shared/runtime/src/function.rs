use std::future::Future;
use std::process::ExitCode;

use config::Env;
use lambda_runtime::Context;
use types::{Deadline, Timestamp};

use crate::{Failure, log};

/// Runs a function on one thread: Lambda sends an instance one call at a time, so a second thread would only cost start-up
/// time.
///
/// `function` gets the process's environment. If it fails, the error is logged once and the process ends.
pub fn run<F>(function: impl FnOnce(Env) -> F) -> ExitCode
where
    F: Future<Output = Result<(), Failure>>,
{
    let env = Env::process();
    log::init(&env);
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    match runtime.block_on(function(env)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

/// When an invocation must have ended.
pub(crate) fn deadline(context: &Context) -> Result<Deadline, lambda_runtime::Error> {
    let ends = i64::try_from(context.deadline)?;
    Ok(Deadline(Timestamp::from_millisecond(ends)?))
}

fn failed(error: &Failure) -> ExitCode {
    tracing::error!(%error, "the function could not run");
    ExitCode::FAILURE
}
