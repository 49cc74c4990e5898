use portal_store::ClientRow;
use schemars::JsonSchema;
use serde::Serialize;
use types::{ClientId, Timestamp};

/// A client as its account sees it.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Client")]
pub(crate) struct ClientAnswer {
    /// Its id.
    id: ClientId,
    /// Your reference of it.
    client_ref: String,
    /// Its name.
    name: String,
    /// When it was added.
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
