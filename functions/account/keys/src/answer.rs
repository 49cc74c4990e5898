use accounts::{IssuedKey, KeyState};
use auth::RawKey;
use serde::Serialize;
use types::{KeyId, Product, Timestamp, whole_second};

/// An API key without its secret.
#[derive(Debug, Serialize)]
pub(crate) struct KeyAnswer {
    #[serde(rename = "keyId")]
    key_id: KeyId,
    product: Product,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    scopes: Vec<String>,
    prefix: String,
    last4: String,
    state: KeyState,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    #[serde(rename = "gracePeriodEnds", skip_serializing_if = "Option::is_none")]
    grace_period_ends: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<KeyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
}

/// A new API key: the only response with its secret.
#[derive(Debug, Serialize)]
pub(crate) struct NewKeyAnswer {
    #[serde(rename = "apiKey")]
    api_key: String,
    #[serde(rename = "keyId")]
    key_id: KeyId,
    product: Product,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    scopes: Vec<String>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    /// When the replaced key stops working.
    #[serde(rename = "gracePeriodEnds", skip_serializing_if = "Option::is_none")]
    grace_period_ends: Option<Timestamp>,
}

impl KeyAnswer {
    pub(crate) fn of(key: IssuedKey, now: Timestamp) -> Self {
        Self {
            state: key.state(now),
            key_id: key.row.key,
            product: key.row.product,
            label: key.label,
            scopes: key.row.scopes,
            prefix: key.prefix,
            last4: key.last4,
            created_at: whole_second(key.row.created_at),
            last_used_on: key.last_used_on.as_deref().and_then(date),
            expires_at: key.row.expires_at.map(whole_second),
            grace_period_ends: key.grace_until.map(whole_second),
            replaced_by: key.replaced_by,
            revoked_at: key.revoked_at.map(whole_second),
        }
    }
}

/// Formats `yyyymmdd` as `yyyy-mm-dd`.
fn date(day: &str) -> Option<String> {
    let (year, month) = (day.get(..4)?, day.get(4..6)?);
    Some(format!("{year}-{month}-{}", day.get(6..)?))
}

impl NewKeyAnswer {
    pub(crate) fn of(key: IssuedKey, raw: &RawKey, grace_period_ends: Option<Timestamp>) -> Self {
        Self {
            api_key: raw.reveal().into_owned(),
            key_id: key.row.key,
            product: key.row.product,
            label: key.label,
            scopes: key.row.scopes,
            created_at: whole_second(key.row.created_at),
            expires_at: key.row.expires_at.map(whole_second),
            grace_period_ends: grace_period_ends.map(whole_second),
        }
    }
}
