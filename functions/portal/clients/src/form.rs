use api::{ApiError, cut};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest reference, and the longest name, in characters.
const REFERENCE: usize = 100;
const NAME: usize = 200;

/// A client to add.
#[derive(Debug, JsonSchema, Deserialize, Serialize)]
#[schemars(rename = "ClientForm", extend("required" = ["client_ref", "name"]))]
#[serde(deny_unknown_fields, expecting = "a client is a JSON object")]
pub(crate) struct ClientForm {
    /// Your reference of it, unique in the account: letters, digits and `-` `_` `.` `:`.
    #[serde(default)]
    #[schemars(regex(pattern = r"^[A-Za-z0-9_.:-]{1,100}$"))]
    client_ref: String,
    /// Its name, on one line.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    name: String,
}

/// A client to add, checked.
#[derive(Debug, Serialize)]
pub(crate) struct NewClient {
    pub(crate) client_ref: String,
    pub(crate) name: String,
}

impl ClientForm {
    pub(crate) fn parse(self) -> Result<NewClient, ApiError> {
        Ok(NewClient {
            client_ref: reference("client_ref", &self.client_ref)?,
            name: name(&self.name)?,
        })
    }
}

/// A reference as callers choose it: it stands in paths and query strings, so it needs no escaping there.
pub(crate) fn reference(field: &'static str, text: &str) -> Result<String, ApiError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    if text.is_empty() || text.len() > REFERENCE || !text.chars().all(is_plain) {
        let message = format!(
            "{field} is 1 to {REFERENCE} letters, digits and - _ . :, for example \"partner-123\", not {:?}",
            cut(text)
        );
        return Err(ApiError::invalid(field, message).reason("reference_invalid"));
    }
    Ok(text.to_owned())
}

fn name(text: &str) -> Result<String, ApiError> {
    api::one_line("name", text, NAME, "Partner Ltd")
}
