//! What the requests are about: a customer whose limits are never reached, and a company of which something is known.

use std::path::Path;

use accounts::{Accounts, Actor, IssuedKey, NewGrant, NewMeter};
use anyhow::{Result, anyhow};
use auth::{ChangedBy, KeyRequest, Keyring, RawKey, Scope};
use config::Env;
use intent::{Kind, Signal, Strength};
use intent_store::Intel;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::{Dynamo, Owner};
use types::{AccountId, Credits, Domain, KeyId, Product};

use crate::dynoxide::Dynoxide;

const DOMAIN: &str = "stripe.com";
/// Calls a minute.
const NEVER_REACHED: u64 = 100_000_000;
const TABLES: [(&str, &str); 3] = [
    ("ACCOUNTS_TABLE", "accounts"),
    ("WORKSPACE_TABLE", "workspace"),
    ("INTEL_TABLE", "intel"),
];

/// The variables that name our tables, and the rest that template.yaml sets.
pub fn variables() -> Vec<(String, String)> {
    let others = [
        ("BUCKET", "bench"),
        ("UPGRADE_URL", ""),
        (
            "GLIBC_TUNABLES",
            "glibc.malloc.tcache_count=200:glibc.malloc.tcache_max=8192",
        ),
    ];
    let all = TABLES.into_iter().chain(others);
    all.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Fills our tables, and answers the key to call with.
pub fn ours(dynamo: &Dynoxide) -> Result<String> {
    for (_, table) in TABLES {
        dynamo.create_table(table)?;
    }
    let endpoint = format!("http://{}", dynamo.address());
    let env = Env::from_pairs([
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "bench"),
        ("AWS_SECRET_ACCESS_KEY", "bench"),
        ("AWS_ENDPOINT_URL", &endpoint),
    ]);
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let dynamo = Dynamo::new(&*runtime::aws::config(&env)?);
            let now = Timestamp::now();
            company(&Intel::new(&dynamo, "intel".to_owned()), now).await?;
            let accounts = Accounts::new(&dynamo, "accounts".to_owned());
            let (_, raw) = customer(&accounts, NEVER_REACHED, now).await?;
            Ok(raw.reveal().into_owned())
        })
}

async fn company(intel: &Intel, now: Timestamp) -> Result<()> {
    let signals: Result<Vec<Signal>> = (0..10)
        .zip(Kind::ALL.iter().cycle())
        .map(|(index, kind)| {
            Ok(Signal {
                kind: *kind,
                strength: Strength::new(0.6)?,
                observed_at: now - SignedDuration::from_hours(24 * 3 * index),
                source: "bench".to_owned(),
                external_id: index.to_string(),
                evidence: "Senior Platform Engineer, Payments".to_owned(),
                url: Some(format!("https://example.com/{index}")),
            })
        })
        .collect();
    let domain = Domain::parse(DOMAIN)?;
    intel
        .add_signals(&domain, Owner::Public, &signals?, now)
        .await?;
    Ok(())
}

/// A customer with one key, a limit of calls a minute, and credits enough.
pub async fn customer(
    accounts: &Accounts,
    minute_limit: u64,
    now: Timestamp,
) -> Result<(IssuedKey, RawKey)> {
    let (account, product) = (AccountId::new(now), Product::Intent);
    let meter = NewMeter {
        plan: "bench",
        minute_limit: Some(minute_limit),
        month_limit: None,
    };
    accounts.open_meter(account, product, &meter).await?;
    let credits = Credits::whole(100_000_000);
    let grant = NewGrant::of(credits, "benchmark", now);
    accounts.grant(account, product, &grant, now).await?;
    let by = ChangedBy {
        actor: Actor::Operator,
        now,
        request: None,
    };
    let request = KeyRequest {
        product,
        scopes: vec![Scope::Read],
        label: None,
        expires_at: None,
    };
    let keyring = Keyring::new(accounts.clone(), |_, _| None);
    let key = KeyId::new(now);
    Ok(keyring.issue(&by, account, key, &request).await?)
}

/// API Gateway's event of a request for the company's score with this key.
pub fn event(root: &Path, key: &str) -> Result<Vec<u8>> {
    let sample = std::fs::read(root.join("tests/events/score.json"))?;
    let mut event: Value = serde_json::from_slice(&sample)?;
    let headers = event.get_mut("headers").and_then(Value::as_object_mut);
    headers
        .ok_or_else(|| anyhow!("the sample event has no headers"))?
        .insert("authorization".to_owned(), json!(format!("Bearer {key}")));
    Ok(serde_json::to_vec(&event)?)
}
