use std::time::Duration;

use aws_types::SdkConfig;
use config::Env;
use futures::{StreamExt, stream};
use liquidity_store::{Protocols, Recorded};
use runtime::Failure;
use serde::Serialize;
use store::Dynamo;
use types::{Chain, Clock, Deadline};

/// Protocols scored concurrently.
const CONCURRENCY: usize = 8;
/// Time before the deadline from which on nothing new is begun.
const MARGIN: Duration = Duration::from_secs(20);

/// Scores every protocol: a score depends on the age of its data, and data that do not come are found by nobody else.
#[derive(Clone, Debug)]
pub struct DailyScorer {
    protocols: Protocols,
    clock: Clock,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scored {
    /// Protocols that got a score, or a pause.
    pub scored: usize,
    /// Protocols that had today's already.
    pub unchanged: usize,
    /// Protocols that failed, or for which there was no time: the next run takes them.
    pub failed: usize,
}

impl DailyScorer {
    /// From `INTEL_TABLE`.
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Self, Failure> {
        Ok(Self {
            protocols: Protocols::new(&Dynamo::new(aws), env.required("INTEL_TABLE")?),
            clock,
        })
    }

    /// Gives every protocol the daily scores that it does not have yet. A second run changes nothing.
    ///
    /// # Errors
    /// If any protocol failed, after all others were scored.
    pub async fn run(&self, Deadline(ends): Deadline) -> Result<Scored, Failure> {
        let stop = ends - MARGIN;
        let all = self.protocols.all().await?;
        let mut runs = stream::iter(all)
            .map(async |protocol| {
                let now = self.clock.now();
                if now >= stop {
                    return None;
                }
                match self.protocols.record(&protocol.slug, &[], now).await {
                    Ok(recorded) => Some(recorded),
                    Err(error) => {
                        tracing::error!(protocol = %protocol.slug, error = %Chain(&error), "a protocol was not scored");
                        None
                    }
                }
            })
            .buffer_unordered(CONCURRENCY);
        let mut report = Scored::default();
        while let Some(recorded) = runs.next().await {
            match recorded {
                Some(Recorded::Unchanged) => report.unchanged += 1,
                Some(_) => report.scored += 1,
                None => report.failed += 1,
            }
        }
        let Scored {
            scored,
            unchanged,
            failed,
        } = report;
        tracing::info!(scored, unchanged, failed, "protocols scored");
        if failed > 0 {
            return Err(format!("{failed} protocols were not scored").into());
        }
        Ok(report)
    }
}
