use api::ApiError;
use auth::{KeyRequest, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{KeyId, Product, Timestamp, UnknownProduct, parse_time};

/// Characters of a label.
const MAX_LABEL: usize = 100;

/// The body of a request for a new key. Every field is optional.
#[derive(Debug, Default, JsonSchema, Deserialize, Serialize)]
#[schemars(rename = "ApiKeyForm")]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyForm {
    /// The product that the key is for; `liquidity` if it is left out.
    #[schemars(with = "Option<Product>")]
    product: Option<String>,
    /// Your name for it, on one line.
    #[schemars(length(min = 1, max = 100))]
    label: Option<String>,
    /// What it may do: all scopes of the product if it is left out.
    #[schemars(length(min = 1))]
    scopes: Option<Vec<String>>,
    /// When it ends, not in the past; the plan's rotation age may end it sooner.
    #[schemars(with = "Option<Timestamp>")]
    expires_at: Option<String>,
}

/// The body of a request to rotate a key.
#[derive(Debug, JsonSchema, Deserialize, Serialize)]
#[schemars(rename = "RotateKeyForm")]
#[serde(deny_unknown_fields)]
pub(crate) struct RotateForm {
    /// The id of the key to replace.
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
