//! The Lambda function of webhooks, of every product that has them.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = webhooks::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, webhooks::router).await).await
    })
}
