//! The Lambda function of prospect lists.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = lists::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, lists::router).await).await
    })
}
