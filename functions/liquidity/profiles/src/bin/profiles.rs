//! The Lambda function of `/api/v1/scoring-profiles`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = profiles::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, profiles::router).await).await
    })
}
