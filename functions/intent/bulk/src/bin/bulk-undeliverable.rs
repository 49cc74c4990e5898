//! The Lambda function that gives up the chunks whose attempts are used up: their rows fail and are refunded.

use std::process::ExitCode;

use bulk::{Attempt, Worker};
use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let worker = Worker::giving_up(&env, &runtime::aws::config(&env)?, Clock::system())?;
        runtime::queue(async |message| worker.handle(&message, Attempt::GiveUp).await).await
    })
}
