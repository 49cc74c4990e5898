use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use config::Env;
use intent_store::{Claim, Intel};
use jiff::SignedDuration;
use store::StoreError;
use tokio::time::Instant;
use types::{Domain, Timestamp};

use crate::collected::Collected;
use crate::rows::Rows;
use crate::run::Run;
use crate::settings::{Settings, SettingsError};

/// How often the rows are read while another call collects.
const POLL: Duration = Duration::from_millis(150);

/// Collects from the configured sources. Clones share them and their connections.
#[derive(Clone)]
pub struct Collectors {
    settings: Arc<Settings>,
    intel: Intel,
}

impl Collectors {
    /// From the variables in the README; none if `COLLECTORS` is empty.
    pub fn from_env(env: &Env, intel: Intel) -> Result<Option<Self>, SettingsError> {
        let settings = Settings::from_env(env)?.map(Arc::new);
        Ok(settings.map(|settings| Self { settings, intel }))
    }

    /// Fetches the sources of a company that are due, and stores what they say as public signals. Returns within the budget;
    /// sources that take longer continue in the background, and are stored when they respond.
    pub async fn collect(&self, domain: &Domain, now: Timestamp) -> Result<Collected, StoreError> {
        let ends = Instant::now() + self.settings.budget;
        let rows = self.intel.sources(domain).await?;
        if self.settings.due(&rows, now).is_empty() {
            return Ok(self.collected(&rows, now, false));
        }
        let lease = self.settings.lease();
        let until = now + SignedDuration::try_from(lease).unwrap_or(SignedDuration::ZERO);
        let rows = match self.intel.claim_collection(domain, now, until).await? {
            Claim::Mine => {
                let run = Run::new(self.settings.clone(), self.intel.clone(), domain, now);
                run.collect(rows, ends).await
            }
            Claim::Anothers { until } => {
                let began = until - i64::try_from(lease.as_secs()).unwrap_or(0);
                let age = u64::try_from(now.as_second() - began).unwrap_or(0);
                let ends = ends.checked_sub(Duration::from_secs(age)).unwrap_or(ends);
                self.wait(domain, rows, now, ends).await?
            }
        };
        Ok(self.collected(&rows, now, true))
    }

    /// Waits for what another call collects, and returns the rows then.
    async fn wait(
        &self,
        domain: &Domain,
        mut rows: Rows,
        now: Timestamp,
        ends: Instant,
    ) -> Result<Rows, StoreError> {
        while !self.settings.due(&rows, now).is_empty() && Instant::now() + POLL < ends {
            tokio::time::sleep(POLL).await;
            rows = self.intel.sources(domain).await?;
        }
        Ok(rows)
    }

    fn collected(&self, rows: &Rows, now: Timestamp, asked: bool) -> Collected {
        let retry_in = i64::try_from(self.settings.lease().as_secs()).ok();
        Collected::of(self.settings.sources(), rows, now, retry_in, asked)
    }
}

impl fmt::Debug for Collectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.settings.sources()).finish()
    }
}
