use api::ApiError;
use auth::{KeyRequest, Scope};
use serde::{Deserialize, Serialize};
use types::{KeyId, Product, Timestamp, UnknownProduct, parse_time};

/// Characters of a label.
const MAX_LABEL: usize = 100;

/// The body of a request for a new key. Every field is optional.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyForm {
    product: Option<String>,
    label: Option<String>,
    scopes: Option<Vec<String>>,
    expires_at: Option<String>,
}

/// The body of a request to rotate a key.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotateForm {
    #[serde(rename = "keyId")]
    key_id: String,
}

impl KeyForm {
    /// The key to issue. The default product is liquidity, whose published API has no `product` field.
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
    /// The key to rotate. Malformed ids are not found.
    pub(crate) fn parse(&self) -> Result<KeyId, ApiError> {
        key_id(&self.key_id)
    }
}

/// Parses a key id. Malformed ids are not found.
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
        let message = format!("scopes must not be empty; {product} has {known}");
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
    api::one_line("label", text, MAX_LABEL, "CRM sync")
}

fn expiry(text: &str, now: Timestamp) -> Result<Timestamp, ApiError> {
    let invalid =
        |message: &'static str, reason| ApiError::invalid("expires_at", message).reason(reason);
    let at = parse_time(text).ok_or_else(|| {
        let message = "expires_at is a timestamp such as 2027-01-31T12:00:00Z";
        invalid(message, "time_invalid")
    })?;
    if at <= now {
        return Err(invalid("expires_at is in the past", "time_in_past"));
    }
    Ok(at)
}
