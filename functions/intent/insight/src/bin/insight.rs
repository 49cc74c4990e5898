//! The Lambda function of `/api/v1/score/history`, `/explain`, `/preview` and `/profiles`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = insight::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, insight::router).await).await
    })
}
