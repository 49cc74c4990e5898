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
    /// Issue an API key. It is shown once; only its hash is kept.
    #[command(
        after_help = "Example: assay key issue acct_01k9xw3tkbc2v6m8p4h0r5zqde intent --label ci --scopes read,write"
    )]
    Issue {
        /// The account's id.
        account: AccountId,
        /// intent, leads, liquidity or portal.
        product: Product,
        /// What its owner calls it.
        #[arg(long, value_parser = parse::label)]
        label: Option<String>,
        /// What the key may do; everything if it is not given.
        #[arg(long, value_delimiter = ',')]
        scopes: Vec<String>,
        /// When it ends by itself, such as 2027-01-31T12:00:00Z. The plan may end it sooner.
        #[arg(long, value_parser = parse::time)]
        expires_at: Option<Timestamp>,
    },
    /// Revoke an API key: no call with it is let in afterwards.
    #[command(
        after_help = "Example: assay key revoke acct_01k9xw3tkbc2v6m8p4h0r5zqde key_01k9xw5e0c7d1q2r3s4t5v6w7x"
    )]
    Revoke {
        /// The account's id.
        account: AccountId,
        /// The key's id (not its secret).
        key: KeyId,
    },
    /// List an account's keys, those that ended within 90 days among them.
    #[command(after_help = "Example: assay key list acct_01k9xw3tkbc2v6m8p4h0r5zqde")]
    List {
        /// The account's id.
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
                let text = format!("{raw}\n\n{id}: shown this once, so keep it now");
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

/// Issues a key; answers its id and the raw key.
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

/// Keys, for a person.
pub(super) fn table(keys: &[IssuedKey], now: Timestamp) -> Table {
    let mut table = Table::new(&[
        "KEY",
        "PRODUCT",
        "STATE",
        "LABEL",
        "SCOPES",
        "BEGINS",
        "ENDS",
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

/// A key, for a program.
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
