use std::sync::Arc;
use std::time::Duration;

use aws_types::SdkConfig;
use blob::Bucket;
use config::Env;
use imports::{REPORT_SUFFIX, Times};
use ingest::SignalImporter;
use liquidity_ingest::ProtocolImporter;
use runtime::Failure;
use store::Dynamo;
use types::{Clock, Deadline};

/// Time before the deadline from which on nothing new is begun. A write may take a minute.
const MARGIN: Duration = Duration::from_secs(70);
/// What the keys of files of protocols begin with.
const LIQUIDITY: &str = "import/liquidity/";

/// Imports the files of every product.
#[derive(Clone, Debug)]
pub struct Importer {
    signals: SignalImporter,
    protocols: ProtocolImporter,
    bucket: Bucket,
    clock: Clock,
}

impl Importer {
    /// From `INTEL_TABLE` and `BUCKET`.
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let table = env.required("INTEL_TABLE")?;
        Ok(Self {
            signals: SignalImporter::new(&dynamo, table.clone(), clock.clone()),
            protocols: ProtocolImporter::new(&dynamo, table, clock.clone()),
            bucket: Bucket::new(aws.clone(), env.required("BUCKET")?),
            clock,
        })
    }

    /// Imports the files that an S3 notification names, as far as the time goes. Importing a file again changes nothing, so a
    /// notification may be delivered again after a partial import.
    pub async fn handle(&self, message: &str, Deadline(ends): Deadline) -> Result<(), Failure> {
        let stop = ends - MARGIN;
        for key in runtime::created_objects(message)? {
            let times = Times {
                now: self.clock.now(),
                stop,
            };
            if key.ends_with(REPORT_SUFFIX) {
                continue;
            }
            if key.starts_with(LIQUIDITY) {
                imports::import(&self.protocols, &self.bucket, &key, times).await?;
            } else {
                imports::import(&self.signals, &self.bucket, &key, times).await?;
            }
        }
        Ok(())
    }
}
