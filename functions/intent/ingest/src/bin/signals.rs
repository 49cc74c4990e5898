//! The Lambda function of `POST /api/v1/signals`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = ingest::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, ingest::router).await).await
    })
}
