//! The Lambda function of `POST /graphql`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let app = graphql::App::from_env(&env, &aws, Clock::system())?;
        runtime::http(api::start(app, graphql::router).await).await
    })
}
