//! The Lambda function that records what DefiLlama says of protocols, run by its schedule.

use std::process::ExitCode;

use liquidity_ingest::ProtocolRefresher;
use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let refresher = ProtocolRefresher::from_env(&env, &aws, Clock::system())?;
        runtime::schedule(async |_: serde_json::Value, ends| match &refresher {
            Some(refresher) => refresher.run(ends).await.map(Some),
            None => Ok(None),
        })
        .await
    })
}
