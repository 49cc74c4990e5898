//! The Lambda function that scores every protocol once a day, run by its schedule.

use std::process::ExitCode;

use liquidity_ingest::DailyScorer;
use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let scorer = DailyScorer::from_env(&env, &aws, Clock::system())?;
        runtime::schedule(async |_: serde_json::Value, ends| scorer.run(ends).await).await
    })
}
