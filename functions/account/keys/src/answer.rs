use accounts::{IssuedKey, KeyState};
use auth::RawKey;
use schemars::JsonSchema;
use serde::Serialize;
use types::{KeyId, Product, Timestamp, whole_second};

/// An API key without its secret.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ApiKey")]
pub(crate) struct KeyAnswer {
    /// Its id.
    #[serde(rename = "keyId")]
    key_id: KeyId,
    /// The product that it is for.
    product: Product,
    /// Your name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// What it may do.
    scopes: Vec<String>,
    /// How it begins.
    prefix: String,
    /// How it ends.
    last4: String,
    /// Where it is in its life.
    state: KeyState,
    /// When it was issued.
    created_at: Timestamp,
    /// The UTC day it was last used on, once that day is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<types::Date>")]
    last_used_on: Option<String>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    /// Of a rotated key: until when it is accepted.
    #[serde(rename = "gracePeriodEnds", skip_serializing_if = "Option::is_none")]
    grace_period_ends: Option<Timestamp>,
    /// Of a rotated key: the one that replaced it.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<KeyId>,
    /// Of a revoked key: when it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
}

/// A new API key: the only response with its secret.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "NewApiKey")]
pub(crate) struct NewKeyAnswer {
    /// The key itself. It is shown this once, and only its hash is stored.
    #[serde(rename = "apiKey")]
    api_key: String,
    /// Its id.
    #[serde(rename = "keyId")]
    key_id: KeyId,
    /// The product that it is for.
    product: Product,
    /// Your name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// What it may do.
    scopes: Vec<String>,
    /// When it was issued.
    created_at: Timestamp,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    /// Until when the replaced key is accepted.
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
