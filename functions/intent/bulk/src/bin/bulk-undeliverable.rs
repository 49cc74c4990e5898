//! The Lambda function that consumes the dead-letter queue of bulk chunks: their rows fail and are refunded.

use std::process::ExitCode;

use bulk::{Attempt, Worker};
use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let worker = Worker::giving_up(&env, &runtime::aws::config(&env)?, Clock::system())?;
        runtime::queue(async |message| worker.handle(&message.body, Attempt::GiveUp).await).await
    })
}
