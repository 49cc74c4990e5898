//! The Lambda function that scores the chunks of bulk jobs.

use std::process::ExitCode;

use bulk::{Attempt, Worker};
use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let worker = Worker::from_env(&env, &runtime::aws::config(&env)?, Clock::system())?;
        runtime::queue(async |message| worker.handle(&message.body, Attempt::Score).await).await
    })
}
