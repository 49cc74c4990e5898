use accounts::Accounts;
use aws_types::SdkConfig;
use config::Env;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::SignedDuration;
use liquidity_store::{EventImage, ProtocolWatch, Protocols};
use runtime::Failure;
use store::{Dynamo, StoreError};
use types::{Product, whole_second};
use workspace::{Event, EventPayload, Watchlists, Workspace};

use crate::told::{Told, told};

/// Watchers that are told in one run.
const PAGE: usize = 100;
/// Watchers that are told at once.
const AT_ONCE: usize = 16;
/// How long ago something may have happened when it is recorded. What is older is history, and no news.
const NEWS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Tells those who watch a protocol what has happened to it: an event of the protocol becomes one of each account.
///
/// A run tells one page of watchers, then stores in the event's row how far it came; the stream brings the changed row, which is the
/// next run. A run that is repeated stores nothing twice, so it may end anywhere.
#[derive(Clone, Debug)]
pub struct FanOut {
    accounts: Accounts,
    workspace: Workspace,
    watchlists: Watchlists<ProtocolWatch>,
    protocols: Protocols,
}

impl FanOut {
    /// From `ACCOUNTS_TABLE`, `WORKSPACE_TABLE` and `INTEL_TABLE`.
    pub fn from_env(env: &Env, aws: &SdkConfig) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let table = env.required("WORKSPACE_TABLE")?;
        let workspace = Workspace::new(&dynamo, table, accounts.clone());
        Ok(Self {
            accounts,
            watchlists: Watchlists::new(&workspace),
            workspace,
            protocols: Protocols::new(&dynamo, env.required("INTEL_TABLE")?),
        })
    }

    /// Tells the next page of watchers of an event, as the stream has it. The stream's filter in template.yaml passes only events of
    /// protocols.
    pub async fn run(&self, image: serde_dynamo::Item) -> Result<(), Failure> {
        let event = EventImage::of(image)?;
        let happened = &event.happened;
        if happened.recorded_at.duration_since(happened.at) > NEWS {
            return Ok(());
        }
        Ok(Box::pin(self.page(&event)).await?)
    }

    /// Tells the next page of watchers, and stores how far it came.
    async fn page(&self, event: &EventImage) -> Result<(), StoreError> {
        let slug = event.slug.as_str();
        let (mut watchers, next) = self
            .watchlists
            .watchers_page(slug, event.told_up_to, PAGE)
            .await?;
        if watchers.is_empty() {
            return Ok(());
        }
        let suspended = self.accounts.suspended_accounts().await?;
        watchers.retain(|account| !suspended.contains(account));
        let entries = self.watchlists.entries(slug, &watchers).await?;
        let protocol = self.protocols.find(&event.slug).await?;
        let name = protocol.map_or_else(|| slug.to_owned(), |protocol| protocol.name);
        let told: Vec<usize> = stream::iter(&entries)
            .map(|entry| self.tell(entry, event, &name))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        tracing::info!(
            protocol = slug,
            event.kind = event.happened.event.name(),
            watchers = watchers.len(),
            events = told.iter().sum::<usize>(),
            "watchers told"
        );
        if let Some(last) = next {
            self.protocols.told(event, last).await?;
        }
        Ok(())
    }

    /// Stores what the owner of an entry is told. Returns how many events that are.
    async fn tell(
        &self,
        entry: &ProtocolWatch,
        event: &EventImage,
        name: &str,
    ) -> Result<usize, StoreError> {
        let at = event.happened.at;
        let of_account = |event: &liquidity::Event| {
            let payload = EventPayload::of_protocol(entry.slug.clone(), name.to_owned(), event);
            Event::new(Product::Liquidity, whole_second(at), payload)
        };
        match told(entry, &event.happened) {
            Told::Nothing => return Ok(0),
            Told::Event(happened) => {
                let event = of_account(&happened);
                self.workspace.record_event(entry.account, &event).await?;
            }
            Told::Change(change, score) => {
                let event = of_account(&change);
                let counted = entry.count_from(&self.workspace, (score, at), Some(&event));
                counted.await?;
            }
            Told::CountFrom(score) => {
                let counted = entry.count_from(&self.workspace, (score, at), None);
                counted.await?;
                return Ok(0);
            }
        }
        Ok(1)
    }
}
