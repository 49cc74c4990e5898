//! The Lambda function of protocols.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = market::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, market::router).await).await
    })
}
