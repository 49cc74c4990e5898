//! The Lambda function of `/api/v1/usage` and `/api/v1/credits`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = usage::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, usage::router).await).await
    })
}
