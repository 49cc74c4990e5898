//! The Lambda function of `/api/v1/user/keys`, `/api/v1/keys/leaked` and `/api/v1/audit`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        runtime::http(keys::router(keys::App::from_env(
            &env,
            &aws,
            Clock::system(),
        )?))
        .await
    })
}
