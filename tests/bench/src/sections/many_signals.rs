//! Scores of companies of very many signals: what they read, and how long that takes.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Result, anyhow};
use config::Env;
use intent::{Kind, Profile, Signal, Strength};
use intent_store::Intel;
use jiff::{SignedDuration, Timestamp};
use scores::Scores;
use store::{Dynamo, Owner};
use types::{AccountId, Domain};

use super::Context;
use crate::dynoxide::Dynoxide;
use crate::needs::Needs;
use crate::proxy::Proxy;
use crate::report::{Section, Table, Unit};
use crate::sample::Sample;

const COUNTS: [i64; 4] = [100, 1_000, 10_000, 100_000];
const RUNS: usize = 9;
const TABLE: &str = "intel";

pub(super) fn needs() -> Needs {
    Needs::with_dynoxide([])
}

pub(super) fn run(context: &Context) -> Result<Section> {
    let dynamo = Dynoxide::start(&context.scratch)?;
    dynamo.create_table(TABLE)?;
    let endpoint = format!("http://{}", dynamo.address());
    let proxy = Proxy::before(&endpoint)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(measure(&endpoint, &proxy))
}

/// The table at an endpoint.
fn intel(endpoint: &str) -> Result<Intel> {
    let env = Env::from_pairs([
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "bench"),
        ("AWS_SECRET_ACCESS_KEY", "bench"),
        ("AWS_ENDPOINT_URL", endpoint),
    ]);
    let dynamo = Dynamo::new(&*runtime::aws::config(&env)?);
    Ok(Intel::new(&dynamo, TABLE.to_owned()))
}

async fn measure(endpoint: &str, proxy: &Proxy) -> Result<Section> {
    let columns = [
        ("calls", Unit::Count),
        ("read units", Unit::Units),
        ("p50", Unit::Milliseconds),
    ];
    let mut preview = Table::new(
        "A preview, which is two scores of the same signals",
        &columns,
    );
    let mut explain = Table::new("A score explained", &columns);
    let store = intel(endpoint)?;
    let (direct, counted) = (
        Scores::new(intel(endpoint)?),
        Scores::new(intel(&proxy.url())?),
    );
    let now = Timestamp::now();
    let account = AccountId::new(now);
    let profile = Profile::new([(Kind::Hiring, 60.0)].into(), [].into())?;
    for count in COUNTS {
        eprintln!("  many-signals: {count}");
        let domain = Domain::parse(&format!("company{count}.com"))?;
        let signals = signals(count, now)?;
        store
            .add_signals(&domain, Owner::Public, &signals, now)
            .await?;
        proxy.take()?;
        counted.preview(account, &domain, &profile, now).await?;
        let previewed = proxy.take()?;
        counted.at(account, &domain, now).await?;
        let explained = proxy.take()?;
        let (mut of_preview, mut of_explain) = (Sample::default(), Sample::default());
        for _ in 0..RUNS {
            let started = Instant::now();
            black_box(direct.preview(account, &domain, &profile, now).await?);
            of_preview.push(started.elapsed().as_secs_f64() * 1e3);
            let started = Instant::now();
            black_box(direct.at(account, &domain, now).await?);
            of_explain.push(started.elapsed().as_secs_f64() * 1e3);
        }
        let name = format!("{count} signals");
        for (table, cost, times) in [
            (&mut preview, previewed, of_preview),
            (&mut explain, explained, of_explain),
        ] {
            let calls = f64::from(u32::try_from(cost.round_trips)?);
            table.row(&name, [Some(calls), Some(cost.read_units), times.median()]);
        }
    }
    Ok(Section {
        title: "Companies of very many signals".to_owned(),
        tables: vec![preview, explain],
        checks: Vec::new(),
        notes: vec![format!(
            "In this process, on all of its CPU; DynamoDB is a process beside it, without TLS, and much of the time is its own. \
             {RUNS} runs each. Beyond 500 signals a company is packed (docs/design/scores.md)."
        )],
    })
}

/// Signals of all kinds, a few minutes apart.
fn signals(count: i64, now: Timestamp) -> Result<Vec<Signal>> {
    let kinds = Kind::ALL.iter().cycle();
    (0..count)
        .zip(kinds)
        .map(|(index, kind)| {
            let thousandths = i32::try_from(1 + index * 7 % 20).map_err(|error| anyhow!(error))?;
            Ok(Signal {
                kind: *kind,
                strength: Strength::new(f64::from(thousandths) / 1_000.0)?,
                observed_at: now - SignedDuration::from_mins(index),
                source: "bench".to_owned(),
                external_id: index.to_string(),
                evidence: "Senior Platform Engineer, Payments".to_owned(),
                url: Some(format!("https://example.com/{index}")),
            })
        })
        .collect()
}
