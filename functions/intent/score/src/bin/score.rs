//! The Lambda function of `GET /api/v1/score`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = score::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, score::router).await).await
    })
}
