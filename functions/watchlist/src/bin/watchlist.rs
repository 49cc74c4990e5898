//! The Lambda function of `/api/v1/watchlist`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = watchlist::App::from_env(&env, &aws, Clock::system())?;
        app.warm_up().await;
        runtime::http(watchlist::router(app)).await
    })
}
