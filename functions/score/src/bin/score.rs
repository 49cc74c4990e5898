//! The Lambda function of `GET /api/v1/score`.

use std::process::ExitCode;

use store::Dynamo;
use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let dynamo = Dynamo::new(&*runtime::aws::config(&env)?);
        let app = score::App::from_env(&env, &dynamo, Clock::system())?;
        app.warm_up().await;
        runtime::http(score::router(app)).await
    })
}
