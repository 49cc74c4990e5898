//! The Lambda function on the workspace table's stream that makes deliveries of events and messages of deliveries.

use std::process::ExitCode;

use delivery::Dispatcher;
use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let dispatcher = Dispatcher::from_env(&env, &aws, Clock::system())?;
        runtime::stream(async |image| dispatcher.dispatch(image).await).await
    })
}
