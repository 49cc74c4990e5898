//! The Lambda function on the workspace table's stream.

use std::process::ExitCode;

use outbox::Outbox;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let outbox = Outbox::from_env(&env, &*runtime::aws::config(&env)?)?;
        runtime::stream(async |image| outbox.send(image).await).await
    })
}
