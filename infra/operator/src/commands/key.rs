use accounts::{IssuedKey, KeyState};
use auth::KeyRequest;
use clap::Subcommand;
use runtime::Failure;
use serde_json::{Value, json};
use types::{AccountId, KeyId, Product, Timestamp, whole_second};

use crate::operator::Operator;
use crate::output::Output;
use crate::parse;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Issue an API key. It is shown once; only its hash is stored.
    #[command(
        after_help = "Example: assay key issue acct_01k9xw3tkbc2v6m8p4h0r5zqde intent --label ci --scopes read,write"
    )]
    Issue {
        /// Account id, such as acct_01k9xw3tkbc2v6m8p4h0r5zqde.
        account: AccountId,
        /// Product: intent, leads, liquidity or portal.
        product: Product,
        /// Label for the key, such as ci, up to 100 characters (default: none).
        #[arg(long, value_parser = parse::label)]
        label: Option<String>,
        /// Scopes of the key, separated by commas, such as read,write (default: every scope of the product).
        #[arg(long, value_delimiter = ',')]
        scopes: Vec<String>,
        /// Expiry, such as 2027-01-31T12:00:00Z (default: none). The plan's rotation period may end the key sooner.
        #[arg(long, value_name = "TIMESTAMP", value_parser = parse::time)]
        expires_at: Option<Timestamp>,
    },
    /// Revoke an API key. Calls with it fail from then on.
    #[command(
        after_help = "Example: assay key revoke acct_01k9xw3tkbc2v6m8p4h0r5zqde key_01k9xw5e0c7d1q2r3s4t5v6w7x"
    )]
    Revoke {
        /// Account id, such as acct_01k9xw3tkbc2v6m8p4h0r5zqde.
        account: AccountId,
        /// Key id, such as key_01k9xw5e0c7d1q2r3s4t5v6w7x; not the secret key.
        key: KeyId,
    },
    /// List an account's API keys, including those that expired or were revoked in the last 90 days.
    #[command(after_help = "Example: assay key list acct_01k9xw3tkbc2v6m8p4h0r5zqde")]
    List {
        /// Account id, such as acct_01k9xw3tkbc2v6m8p4h0r5zqde.
        account: AccountId,
    },
}

impl Command {
    pub(crate) async fn run(self, operator: &Operator) -> Result<Output, Failure> {
        let by = operator.by();
        match self {
            Self::Issue {
                account,
                product,
                label,
                scopes,
                expires_at,
            } => {
                if expires_at.is_some_and(|end| end <= by.now) {
                    return Err("--expires-at is in the past".into());
                }
                let request = KeyRequest {
                    product,
                    scopes: parse::scopes(product, &scopes)?,
                    label,
                    expires_at,
                };
                let (id, raw) = issue(operator, account, &request).await?;
                let text = format!("{raw}\n\n{id}: the key is shown only once; store it now");
                Output::new(json!({ "key_id": id, "key": raw }), text)
            }
            Self::Revoke { account, key } => {
                operator.keyring()?.revoke(&by, account, key).await?;
                Output::new(json!({ "revoked": key }), format!("{key} is revoked"))
            }
            Self::List { account } => {
                let keys = operator.accounts()?.issued_keys(account, by.now).await?;
                let shown: Vec<Value> = keys.iter().map(|key| json(key, by.now)).collect();
                Output::new(shown, table(&keys, by.now).to_string())
            }
        }
    }
}

/// Issues a key; returns its id and the raw key.
pub(super) async fn issue(
    operator: &Operator,
    account: AccountId,
    request: &KeyRequest,
) -> Result<(KeyId, String), Failure> {
    let by = operator.by();
    let id = KeyId::new(by.now);
    let (key, raw) = operator.keyring()?.issue(&by, account, id, request).await?;
    Ok((key.row.key, raw.reveal().into_owned()))
}

/// Keys as a table.
pub(super) fn table(keys: &[IssuedKey], now: Timestamp) -> Table {
    let mut table = Table::new(&[
        "KEY",
        "PRODUCT",
        "STATE",
        "LABEL",
        "SCOPES",
        "PREFIX",
        "LAST 4",
        "CREATED",
        "EXPIRES",
        "LAST USED",
    ]);
    let time = |at: Option<Timestamp>| at.map_or(String::new(), |at| whole_second(at).to_string());
    for key in keys {
        table.row([
            key.row.key.to_string(),
            key.row.product.to_string(),
            state(key.state(now)).to_owned(),
            key.label.clone().unwrap_or_default(),
            key.row.scopes.join(","),
            key.prefix.clone(),
            key.last4.clone(),
            time(Some(key.row.created_at)),
            time(key.grace_until.or(key.row.expires_at)),
            key.last_used_on.clone().unwrap_or_default(),
        ]);
    }
    table
}

/// A key as JSON.
pub(super) fn json(key: &IssuedKey, now: Timestamp) -> Value {
    json!({
        "keyId": key.row.key, "product": key.row.product, "state": key.state(now), "label": key.label,
        "scopes": key.row.scopes, "prefix": key.prefix, "last4": key.last4, "createdAt": key.row.created_at,
        "expiresAt": key.row.expires_at, "graceUntil": key.grace_until, "replacedBy": key.replaced_by,
        "revokedAt": key.revoked_at, "lastUsedOn": key.last_used_on,
    })
}

const fn state(state: KeyState) -> &'static str {
    match state {
        KeyState::Active => "active",
        KeyState::Grace => "grace",
        KeyState::Rotated => "rotated",
        KeyState::Expired => "expired",
        KeyState::Revoked => "revoked",
    }
}
