//! The Lambda function that gives watched companies their next score, run by its schedule.

use std::process::ExitCode;

use types::Clock;
use watchlist::Refresher;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let refresher = Refresher::from_env(&env, &aws, Clock::system())?;
        runtime::schedule(async |order, ends| refresher.run(order, ends).await).await
    })
}
