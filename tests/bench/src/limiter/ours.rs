use std::time::Instant;

use accounts::{Accounts, KeyRow};
use anyhow::Result;
use auth::Principal;
use config::Env;
use futures::future::{join_all, try_join_all};
use jiff::Timestamp;
use quota::{Charge, Denied, Quota};
use store::Dynamo;
use types::{Clock, Credits};
use workspace::Workspace;

use super::{Limiter, Load, TABLE, Tally, Until};
use crate::seed::customer;

/// Keys that are made ready at once.
const AT_ONCE: usize = 32;

/// `quota::Quota`. Every call costs a credit too.
#[derive(Clone, Copy, Debug)]
pub struct Ours;

/// What one client saw: the calls that each key got in, and the others.
struct Seen {
    admitted: Vec<u64>,
    milliseconds: Vec<f64>,
    tally: Tally,
}

impl Limiter for Ours {
    fn name(&self) -> &'static str {
        "assay"
    }

    fn run(&self, endpoint_url: &str, load: &Load) -> Result<Tally> {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(measure(endpoint_url, load))
    }
}

async fn measure(endpoint_url: &str, load: &Load) -> Result<Tally> {
    let (accounts, _) = tables(endpoint_url)?;
    let mut keys = Vec::with_capacity(load.keys);
    while keys.len() < load.keys {
        let batch = AT_ONCE.min(load.keys - keys.len());
        keys.extend(try_join_all((0..batch).map(|_| open(&accounts, load.limit))).await?);
    }
    // It stands still: no minute ends within a run.
    let noon = Timestamp::now();
    let clients = (0..load.clients).map(|_| {
        let clock = Clock::from_fn(move || noon);
        let (accounts, workspace) = tables(endpoint_url)?;
        Ok(Quota::new(accounts, workspace, clock))
    });
    let clients: Vec<Quota> = clients.collect::<Result<_>>()?;
    let started = Instant::now();
    let calls = clients.iter().enumerate();
    let calls = calls.map(|(index, quota)| client(index, quota, &keys, load, started));
    let seen = join_all(calls).await;
    Ok(sum(&seen, load, started.elapsed().as_secs_f64()))
}

/// Handles on the tables with connections of their own. There is but one: nothing here is an occasion to write to the other.
fn tables(endpoint_url: &str) -> Result<(Accounts, Workspace)> {
    let env = Env::from_pairs([
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "bench"),
        ("AWS_SECRET_ACCESS_KEY", "bench"),
        ("AWS_ENDPOINT_URL", endpoint_url),
        // Clients that wait in line for one process are not what is measured.
        ("CALL_TIMEOUT_MS", "60000"),
    ]);
    let dynamo = Dynamo::new(&*runtime::aws::config(&env)?);
    let accounts = Accounts::new(&dynamo, TABLE.to_owned());
    let workspace = Workspace::new(&dynamo, TABLE.to_owned(), accounts.clone());
    Ok((accounts, workspace))
}

/// A customer with this limit, as its quota sees it.
async fn open(accounts: &Accounts, limit: u64) -> Result<Principal> {
    let (issued, _) = customer(accounts, limit, Timestamp::now()).await?;
    let KeyRow {
        account,
        product,
        key,
        lineage,
        ..
    } = issued.row;
    Ok(Principal {
        account,
        product,
        key,
        lineage,
        scopes: Vec::new(),
        expires_at: None,
    })
}

/// One client's calls. Each begins with another key, so that they spread.
async fn client(
    index: usize,
    quota: &Quota,
    keys: &[Principal],
    load: &Load,
    started: Instant,
) -> Seen {
    let mut seen = Seen {
        admitted: vec![0; keys.len()],
        milliseconds: Vec::new(),
        tally: Tally::default(),
    };
    let first = index * keys.len() / load.clients;
    let keys = keys.iter().enumerate().cycle().skip(first);
    let charge = Charge::Call {
        may_be_free: false,
        price: Credits::whole(1),
        route: 1,
    };
    for (call, (key, caller)) in keys.enumerate() {
        let ends = match load.until {
            Until::Calls(calls) => call >= calls / load.clients,
            Until::Seconds(seconds) => started.elapsed().as_secs_f64() >= seconds,
        };
        if ends {
            break;
        }
        let before = Instant::now();
        match quota.admit(caller, charge).await {
            Ok(_) => {
                seen.tally.admitted += 1;
                if let Some(admitted) = seen.admitted.get_mut(key) {
                    *admitted += 1;
                }
            }
            Err(Denied::Minute { .. }) => seen.tally.refused += 1,
            Err(_) => seen.tally.errors += 1,
        }
        seen.milliseconds.push(before.elapsed().as_secs_f64() * 1e3);
    }
    seen
}

fn sum(seen: &[Seen], load: &Load, seconds: f64) -> Tally {
    let mut sum = Tally {
        seconds,
        ..Tally::default()
    };
    for Seen {
        tally,
        milliseconds,
        ..
    } in seen
    {
        sum.admitted += tally.admitted;
        sum.refused += tally.refused;
        sum.errors += tally.errors;
        for time in milliseconds {
            sum.latencies.push(*time);
        }
    }
    for key in 0..load.keys {
        let admitted = seen.iter().filter_map(|seen| seen.admitted.get(key));
        let over = admitted.sum::<u64>().saturating_sub(load.limit);
        sum.over_admitted += u32::try_from(over).unwrap_or(u32::MAX);
    }
    sum
}
