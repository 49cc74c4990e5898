//! The Lambda function of `/api/v1/usage` and `/api/v1/credits`.

use std::process::ExitCode;

use store::Dynamo;
use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let dynamo = Dynamo::new(&*runtime::aws::config(&env)?);
        runtime::http(usage::router(usage::App::from_env(
            &env,
            &dynamo,
            Clock::system(),
        )?))
        .await
    })
}
