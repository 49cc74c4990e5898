//! A simulation of 10,000 requests a second on one account: one meter, a sharded one, leases.

use anyhow::{Result, anyhow};

use super::Context;
use crate::report::{Bound, Check, Section, Table, Unit};
use crate::simulation::{self, Demand, Outcome, Policy, simulate};

const SEED: u64 = 1;
const DEMAND: Demand = Demand {
    rate: 10_000,
    seconds: 10,
    instances: 100,
    limit: 1_000_000,
};
/// The same with a limit that is reached: what leases strand shows as calls that are not let in.
const LIMITED: Demand = Demand {
    limit: 60_000,
    ..DEMAND
};

const fn policy(shards: usize, block: u64, lease: u64) -> Policy {
    Policy {
        shards,
        block,
        lease,
    }
}

const POLICIES: [(&str, Policy); 8] = [
    ("one meter", policy(1, 1, 0)),
    ("4 shards", policy(4, 1, 0)),
    ("16 shards", policy(16, 1, 0)),
    ("32 shards", policy(32, 1, 0)),
    ("leases of 10 for 1 s", policy(1, 10, 1)),
    ("leases of 50 for 1 s", policy(1, 50, 1)),
    ("leases of 100 for 1 s", policy(1, 100, 1)),
    ("leases of 100 for 5 s", policy(1, 100, 5)),
];

pub(super) fn run(_: &Context) -> Result<Section> {
    let (unlimited, mut checks) = table("No limit is reached", DEMAND)?;
    let (limited, more) = table("A limit of 60,000 calls is reached", LIMITED)?;
    checks.extend(more);
    Ok(Section {
        title: "A hot account, simulated".to_owned(),
        tables: vec![unlimited, limited],
        checks,
        notes: vec![
            format!(
                "A simulation, not a measurement. {} calls a second for {} s at random times to {} instances, seed {SEED}. An \
                 item takes {} writes a second and {} at once; a write takes {} to {} ms; a throttled one is tried {} times \
                 with random pauses of up to 25, 50, 100 and 200 ms.",
                DEMAND.rate,
                DEMAND.seconds,
                DEMAND.instances,
                simulation::WRITES_A_SECOND,
                simulation::BURST,
                simulation::WRITE_MICROSECONDS / 1_000,
                simulation::WRITE_MICROSECONDS / 500,
                simulation::ATTEMPTS,
            ),
            "A lease is a block of calls that an instance debits in one write before it lets any in. Stranded is what was \
             debited and let nobody in by the end of the run. A sharded limit is cut into equal shares, and a call that finds \
             its shard used up is refused. A throttled write costs nothing."
                .to_owned(),
        ],
    })
}

fn table(title: &str, demand: Demand) -> Result<(Table, Vec<Check>)> {
    let columns = [
        ("let in", Unit::PerSecond),
        ("throttled, %", Unit::Units),
        ("writes, busiest item", Unit::PerSecond),
        ("p50", Unit::Milliseconds),
        ("p99", Unit::Milliseconds),
        ("stranded", Unit::Count),
        ("over the limit", Unit::Count),
        ("write units, 1,000 calls", Unit::Count),
    ];
    let mut table = Table::new(title, &columns);
    let mut over = 0.0;
    for (name, policy) in POLICIES {
        let outcome = simulate(policy, demand, SEED);
        let figures = figures(&outcome, demand)?;
        over += number(outcome.admitted.saturating_sub(demand.limit))?;
        table.row(name, figures);
    }
    let check = Check {
        what: format!("{title}: let in over the limit, all ways"),
        figure: over,
        unit: Unit::Count,
        bound: Bound::AtMost(0.0),
        fails: true,
    };
    Ok((table, vec![check]))
}

fn figures(outcome: &Outcome, demand: Demand) -> Result<[Option<f64>; 8]> {
    let seconds = number(demand.seconds)?;
    let calls = number(outcome.calls)?;
    let busiest = outcome
        .writes
        .iter()
        .max()
        .ok_or_else(|| anyhow!("no shard"))?;
    let writes = number(outcome.writes.iter().sum())?;
    Ok([
        Some(number(outcome.admitted)? / seconds),
        Some(number(outcome.throttled)? / calls * 100.0),
        Some(number(*busiest)? / seconds),
        outcome.latencies.median(),
        outcome.latencies.percentile(99),
        Some(number(outcome.stranded)?),
        Some(number(outcome.admitted.saturating_sub(demand.limit))?),
        Some(writes / calls * 1_000.0),
    ])
}

fn number(count: u64) -> Result<f64> {
    Ok(f64::from(u32::try_from(count)?))
}
