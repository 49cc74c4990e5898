//! The Lambda function that sends events to webhooks.

use std::process::ExitCode;

use delivery::Sender;
use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let sender = Sender::from_env(&env, &aws, Clock::system())?;
        runtime::queue_at_once(async |message| sender.handle(&message.body).await).await
    })
}
