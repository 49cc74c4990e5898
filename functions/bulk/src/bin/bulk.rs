//! The Lambda function of `/api/v1/score/bulk`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        runtime::http(bulk::router(bulk::App::from_env(
            &env,
            &aws,
            Clock::system(),
        )?))
        .await
    })
}
