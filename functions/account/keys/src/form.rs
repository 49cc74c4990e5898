use api::ApiError;
use auth::{KeyRequest, Scope};
use serde::{Deserialize, Serialize};
use types::{KeyId, Product, Timestamp, UnknownProduct};

/// The longest label, in characters.
const LABEL: usize = 100;

/// A key that is asked for. All of it may be left out.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyForm {
    product: Option<String>,
    label: Option<String>,
    scopes: Option<Vec<String>>,
    expires_at: Option<String>,
}

/// A key that is to be rotated.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotateForm {
    #[serde(rename = "keyId")]
    key_id: String,
}

impl KeyForm {
    /// The request. Without a product it is for liquidity, whose published call names none.
    pub(crate) fn parse(&self, now: Timestamp) -> Result<KeyRequest, ApiError> {
        let product = self.product.as_deref().unwrap_or("liquidity");
        let product: Product = product.parse().map_err(|error: UnknownProduct| {
            ApiError::invalid("product", error.to_string()).reason("product_unknown")
        })?;
        Ok(KeyRequest {
            product,
            scopes: scopes(product, self.scopes.as_deref())?,
            label: self.label.as_deref().map(label).transpose()?,
            expires_at: self
                .expires_at
                .as_deref()
                .map(|at| expiry(at, now))
                .transpose()?,
        })
    }
}

impl RotateForm {
    /// The key. A text that is no id names a key that does not exist.
    pub(crate) fn parse(&self) -> Result<KeyId, ApiError> {
        key_id(&self.key_id)
    }
}

/// The key of this id.
pub(crate) fn key_id(text: &str) -> Result<KeyId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found("key"))
}

fn scopes(product: Product, names: Option<&[String]>) -> Result<Vec<Scope>, ApiError> {
    let Some(names) = names else {
        return Ok(Scope::of(product).to_vec());
    };
    let known: Vec<&str> = Scope::of(product).iter().map(|s| s.as_str()).collect();
    let known = known.join(", ");
    if names.is_empty() {
        let message = format!("a key without scopes may do nothing; {product} has {known}");
        return Err(ApiError::invalid("scopes", message).reason("scopes_empty"));
    }
    let mut scopes = Vec::with_capacity(names.len());
    for name in names {
        let scope = Scope::named(product, name).ok_or_else(|| {
            let message = format!("{product} has no scope {:?}; use {known}", api::cut(name));
            ApiError::invalid("scopes", message).reason("scope_unknown")
        })?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

fn label(text: &str) -> Result<String, ApiError> {
    let label = text.trim();
    if label.is_empty() || label.chars().count() > LABEL || label.chars().any(char::is_control) {
        let message = format!("label is 1 to {LABEL} characters on one line");
        return Err(ApiError::invalid("label", message).reason("text_invalid"));
    }
    Ok(label.to_owned())
}

fn expiry(text: &str, now: Timestamp) -> Result<Timestamp, ApiError> {
    let invalid =
        |message: &'static str, reason| ApiError::invalid("expires_at", message).reason(reason);
    let at: Timestamp = text.parse().map_err(|_| {
        let message = "expires_at is a time such as 2027-01-31T12:00:00Z";
        invalid(message, "time_invalid")
    })?;
    if at <= now {
        return Err(invalid("expires_at is in the past", "time_in_past"));
    }
    Ok(at)
}
