//! The Lambda function of `/api/reports`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = reports::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, reports::router).await).await
    })
}
