//! The Lambda function of `/openapi.json` and `/docs`.

use std::process::ExitCode;

use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |_| runtime::http(docs_page::router(Clock::system())).await)
}
