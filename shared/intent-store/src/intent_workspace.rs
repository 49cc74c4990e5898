use intent::Profile;
use store::StoreError;
use store::table::Table;
use types::{AccountId, Product, ProfileId, Timestamp};
use workspace::{Profiles, Watchlists, Workspace};

use crate::WatchEntry;

/// A score profile of an account.
pub type ProfileRow = workspace::ProfileRow<Profile>;
/// What became of a change of a score profile.
pub type ProfileChange = workspace::ProfileChange<Profile>;

/// What accounts own in intent: watch entries and score profiles, in the `workspace` table.
#[derive(Clone, Debug)]
pub struct IntentWorkspace {
    workspace: Workspace,
    pub(crate) watchlists: Watchlists<WatchEntry>,
    profiles: Profiles<Profile>,
}

impl IntentWorkspace {
    /// Intent's part of a workspace.
    pub fn new(workspace: Workspace) -> Self {
        Self {
            watchlists: Watchlists::new(&workspace),
            profiles: Profiles::new(&workspace, Product::Intent),
            workspace,
        }
    }

    pub(crate) const fn table(&self) -> &Table {
        self.workspace.table()
    }

    /// The profiles of an account, the oldest first.
    pub async fn profiles(&self, account: AccountId) -> Result<Vec<ProfileRow>, StoreError> {
        self.profiles.list(account).await
    }

    /// A profile of this account.
    pub async fn profile(
        &self,
        account: AccountId,
        id: ProfileId,
    ) -> Result<Option<ProfileRow>, StoreError> {
        self.profiles.find(account, id).await
    }

    /// Adds a profile: see [`Profiles::add`].
    pub async fn add_profile(
        &self,
        account: AccountId,
        new: ProfileRow,
        most: u64,
    ) -> Result<ProfileChange, StoreError> {
        self.profiles.add(account, new, most).await
    }

    /// Gives a profile another name and content.
    pub async fn replace_profile(
        &self,
        account: AccountId,
        id: ProfileId,
        content: (&str, &Profile),
        now: Timestamp,
    ) -> Result<ProfileChange, StoreError> {
        self.profiles.replace(account, id, content, now).await
    }

    /// Removes a profile; returns whether there was one.
    pub async fn remove_profile(
        &self,
        account: AccountId,
        id: ProfileId,
    ) -> Result<bool, StoreError> {
        self.profiles.remove(account, id).await
    }
}
