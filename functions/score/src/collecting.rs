use scores::{Sources, Standing};
use store::StoreError;
use types::{AccountId, Chain, Domain, Timestamp};

use crate::App;

impl App {
    /// Asks the public sources of a company where no fresh score is kept, and looks again at what is known then. Without
    /// configured sources this is nothing, and costs nothing.
    pub(crate) async fn with_sources(
        &self,
        account: AccountId,
        domain: &Domain,
        standing: Standing,
        now: Timestamp,
    ) -> Result<(Standing, Option<Sources>), StoreError> {
        let Some(collectors) = &self.collectors else {
            return Ok((standing, None));
        };
        if matches!(standing, Standing::Fresh(_)) {
            return Ok((standing, None));
        }
        let collected = match collectors.collect(domain, now).await {
            Ok(collected) => collected,
            Err(error) => {
                // What is known already still makes a score.
                tracing::warn!(error = %Chain(&error), "public sources could not be asked");
                return Ok((standing, None));
            }
        };
        let standing = if collected.asked {
            self.scores.standing_now(account, domain, now).await?
        } else {
            standing
        };
        let sources = Sources {
            coverage: collected.coverage,
            good_for: collected.good_for,
        };
        Ok((standing, Some(sources)))
    }
}
