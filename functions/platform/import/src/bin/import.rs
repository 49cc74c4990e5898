//! The Lambda function that imports files put under the bucket's `import/` prefix.

use std::process::ExitCode;

use import::ImportWorker;
use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let worker = ImportWorker::from_env(&env, &aws, Clock::system())?;
        runtime::queue(async |delivery| worker.receive(delivery).await).await
    })
}
