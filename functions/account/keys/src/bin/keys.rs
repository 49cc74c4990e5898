//! The Lambda function of `/api/v1/user/keys`, `/api/v1/keys/leaked` and `/api/v1/audit`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = keys::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, keys::router).await).await
    })
}
