//! The Lambda function that imports files put under the bucket's `import/` prefix.

use std::process::ExitCode;

use ingest::Importer;
use types::Clock;

fn main() -> ExitCode {
    runtime::run(async |env| {
        let importer = Importer::from_env(&env, &runtime::aws::config(&env)?, Clock::system())?;
        runtime::queue(async |message| importer.handle(&message).await).await
    })
}
