//! The Lambda function on the intel table's stream that tells those who watch a protocol what has happened to it.

use std::process::ExitCode;

use liquidity_watchlist::FanOut;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let aws = runtime::aws::config(&env)?;
        let fan_out = FanOut::from_env(&env, &aws)?;
        runtime::stream(async |image| fan_out.run(image).await).await
    })
}
