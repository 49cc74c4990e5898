//! The Lambda function of `/api/v1/watchlist`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = shared_paths::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, shared_paths::router).await).await
    })
}
