use portal_store::ClientRow;
use serde::Serialize;
use types::{ClientId, Timestamp};

/// A client as its account sees it.
#[derive(Debug, Serialize)]
pub(crate) struct ClientAnswer {
    id: ClientId,
    client_ref: String,
    name: String,
    created_at: Timestamp,
}

impl From<ClientRow> for ClientAnswer {
    fn from(row: ClientRow) -> Self {
        Self {
            id: row.id,
            client_ref: row.client_ref,
            name: row.name,
            created_at: row.created_at,
        }
    }
}
