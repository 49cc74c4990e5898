use aws_sdk_dynamodb::types::TransactWriteItem;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{PrimaryKey, item, row};
use store::keys::WorkspaceKey;
use types::{AccountId, ClientId, Timestamp};
use workspace::Workspace;

/// How often an addition starts over because what stood in its way went away.
const ATTEMPTS: usize = 3;

/// A client of an account's portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRow {
    /// Its id.
    pub id: ClientId,
    /// The account's own reference to it, unlike any other of the account.
    pub client_ref: String,
    /// Its name.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
}

/// What became of an addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// The client is stored.
    Yes,
    /// The reference is taken, by this client.
    Exists(Box<ClientRow>),
    /// The account has as many as it may have.
    Full,
}

/// The clients of accounts.
#[derive(Clone, Debug)]
pub struct Clients(Workspace);

impl Clients {
    /// Portal's part of a workspace.
    pub const fn new(workspace: Workspace) -> Self {
        Self(workspace)
    }

    /// Adds a client, if its reference is free and the account has less than `limit`. One transaction.
    pub async fn add(
        &self,
        account: AccountId,
        client: &ClientRow,
        limit: Option<u64>,
    ) -> Result<Added, StoreError> {
        let table = self.0.table();
        for _ in 0..ATTEMPTS {
            match table.transact(self.addition(account, client, limit)?).await {
                Ok(()) => return Ok(Added::Yes),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
            if let Some(known) = self.find(account, &client.client_ref).await? {
                return Ok(Added::Exists(Box::new(known)));
            }
            let clients = self.count(account).await?;
            if limit.is_some_and(|limit| clients >= limit) {
                return Ok(Added::Full);
            }
        }
        let busy = "other clients are being added at this moment";
        Err(StoreError::Throttled(busy.into()))
    }

    /// The client of this reference.
    pub async fn find(
        &self,
        account: AccountId,
        client_ref: &str,
    ) -> Result<Option<ClientRow>, StoreError> {
        let key = WorkspaceKey::Client(account, client_ref).into();
        let found = self.0.table().get(key, true).await?;
        found.map(|item| row("client", item)).transpose()
    }

    /// A page of at most `limit` clients in the order of their references, from behind one on; and the reference behind which
    /// the next page begins, if there may be one.
    pub async fn page(
        &self,
        account: AccountId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<ClientRow>, Option<String>), StoreError> {
        let prefix: PrimaryKey = WorkspaceKey::Client(account, "").into();
        let after = after.map(|after| WorkspaceKey::Client(account, after).into());
        let table = self.0.table();
        let (items, has_more) = table.page_forward(&prefix, after, limit).await?;
        let clients: Vec<ClientRow> = items
            .into_iter()
            .map(|item| row("client", item))
            .collect::<Result<_, _>>()?;
        let last = clients.last().filter(|_| has_more);
        let next = last.map(|client| client.client_ref.clone());
        Ok((clients, next))
    }

    async fn count(&self, account: AccountId) -> Result<u64, StoreError> {
        let key = WorkspaceKey::ClientCount(account).into();
        let found = self.0.table().get(key, true).await?;
        let clients = found.and_then(|item| item.get("clients")?.as_n().ok()?.parse().ok());
        Ok(clients.unwrap_or(0))
    }

    fn addition(
        &self,
        account: AccountId,
        client: &ClientRow,
        limit: Option<u64>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let table = self.0.table();
        let count = WorkspaceKey::ClientCount(account);
        let key = WorkspaceKey::Client(account, &client.client_ref).into();
        Ok(vec![
            table.count_up(count, "clients", limit)?,
            table.creation(item("client", key, client)?)?,
        ])
    }
}
