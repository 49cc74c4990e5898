//! The Lambda function of `/v1/clients`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = clients::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, clients::router).await).await
    })
}
