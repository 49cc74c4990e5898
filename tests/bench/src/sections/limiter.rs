//! Our rate limiter alone, beside those of others, on the same DynamoDB.

use anyhow::{Context as _, Result};

use super::Context;
use crate::dynoxide::Dynoxide;
use crate::limiter::{Limiter, Load, Ours, Peer, TABLE, Tally, Until};
use crate::needs::{Needs, PEERS};
use crate::proxy::Proxy;
use crate::report::{Bound, Check, Section, Table, Unit};

const CLIENTS: usize = 64;
const SECONDS: f64 = 5.0;
/// A limit that no run reaches.
const NONE: u64 = 1_000_000;
/// Calls of the two runs whose difference is what a call asks for: what a client does once falls out of it.
const FEW: u32 = 100;
const MORE: u32 = 300;

/// Loads that end by themselves and meet the limit.
const EXACT: [(&str, Load); 2] = [
    ("1 key, limit 500", exact(1, 500, 3_200)),
    ("1,000 keys, limit 2", exact(1_000, 2, 6_400)),
];

const fn exact(keys: usize, limit: u64, calls: usize) -> Load {
    Load {
        clients: CLIENTS,
        keys,
        limit,
        until: Until::Calls(calls),
    }
}

pub(super) fn needs() -> Needs {
    Needs::with_dynoxide(PEERS)
}

pub(super) fn run(context: &Context) -> Result<Section> {
    let peers = Peer::all(&context.artefacts)?;
    let peers = peers.iter().map(|peer| peer as &dyn Limiter);
    let limiters: Vec<&dyn Limiter> = [&Ours as &dyn Limiter].into_iter().chain(peers).collect();
    let (exact, checks) = exactness(&limiters)?;
    let notes = vec![
        format!(
            "{CLIENTS} clients at once, each with a connection and a memory of its own, against one dynoxide in memory over \
             HTTP on the same machine, a fresh one for each run. Ours in one process with one thread, zae-limiter in four \
             processes with threads. Ours charges a credit with every call; the others count the minute only."
        ),
        format!(
            "A call's round trips and units: the difference between {MORE} and {FEW} calls of one client on one key that is \
             not over its limit, through the counting proxy."
        ),
        "The clock stands still for ours only: a run of a peer that lasts over the end of a minute may let in the limit once \
         for each. Its own count of what is over the limit goes by the minute."
            .to_owned(),
    ];
    Ok(Section {
        title: "The rate limiter".to_owned(),
        tables: vec![speed(&limiters)?, exact, a_call(&limiters)?],
        checks,
        notes,
    })
}

/// A database and its address. Each run has one of its own: peers leave their tables behind.
fn database() -> Result<(Dynoxide, String)> {
    let dynamo = Dynoxide::start(&std::env::temp_dir())?;
    dynamo.create_table(TABLE)?;
    let url = format!("http://{}", dynamo.address());
    Ok((dynamo, url))
}

fn measure(limiter: &dyn Limiter, load: &Load) -> Result<Tally> {
    let (name, keys) = (limiter.name(), load.keys);
    eprintln!("  limiter: {name}, {keys} keys, limit {}", load.limit);
    let (_dynamo, url) = database()?;
    let tally = limiter.run(&url, load);
    tally.with_context(|| limiter.name().to_owned())
}

fn speed(limiters: &[&dyn Limiter]) -> Result<Table> {
    let columns = [
        ("1 key", Unit::PerSecond),
        ("p50", Unit::Milliseconds),
        ("p99", Unit::Milliseconds),
        ("1,000 keys", Unit::PerSecond),
        ("p50", Unit::Milliseconds),
        ("p99", Unit::Milliseconds),
        ("errors", Unit::Count),
    ];
    let mut table = Table::new("Calls below their limit, 64 at once", &columns);
    for limiter in limiters {
        let (mut figures, mut errors) = (Vec::new(), 0);
        for keys in [1, 1_000] {
            let load = Load {
                clients: CLIENTS,
                keys,
                limit: NONE,
                until: Until::Seconds(SECONDS),
            };
            let tally = measure(*limiter, &load)?;
            errors += tally.errors;
            let latencies = &tally.latencies;
            figures.extend([
                Some(tally.rate()),
                latencies.median(),
                latencies.percentile(99),
            ]);
        }
        figures.push(Some(f64::from(errors)));
        table.row(limiter.name(), figures);
    }
    Ok(table)
}

fn exactness(limiters: &[&dyn Limiter]) -> Result<(Table, Vec<Check>)> {
    let columns = ["admitted", "refused", "errors", "over the limit"];
    let columns = columns.map(|name| (name, Unit::Count));
    let mut table = Table::new("Calls over their limit, 64 at once", &columns);
    let mut checks = Vec::new();
    for (what, load) in EXACT {
        for limiter in limiters {
            let tally = measure(*limiter, &load)?;
            let counts = [
                tally.admitted,
                tally.refused,
                tally.errors,
                tally.over_admitted,
            ];
            let counts = counts.map(f64::from);
            table.row(&format!("{}: {what}", limiter.name()), counts.map(Some));
            if limiter.name() == Ours.name() {
                let allowed = load.limit * u64::try_from(load.keys)?;
                checks.extend(holds(what, &tally, f64::from(u32::try_from(allowed)?)));
            }
        }
    }
    Ok((table, checks))
}

/// Exactly the limit: none over it on any key, and none short of it in all.
fn holds(what: &str, tally: &Tally, allowed: f64) -> [Check; 2] {
    let check = |name: &str, figure, bound| Check {
        what: format!("{what}: {name}"),
        figure,
        unit: Unit::Count,
        bound,
        fails: true,
    };
    [
        check(
            "admitted over the limit",
            f64::from(tally.over_admitted),
            Bound::AtMost(0.0),
        ),
        check(
            "admitted",
            f64::from(tally.admitted),
            Bound::AtLeast(allowed),
        ),
    ]
}

fn a_call(limiters: &[&dyn Limiter]) -> Result<Table> {
    let columns = [
        ("round trips", Unit::Units),
        ("read units", Unit::Units),
        ("write units", Unit::Units),
    ];
    let mut table = Table::new("What a call asks of DynamoDB", &columns);
    for limiter in limiters {
        let few = asked(*limiter, FEW)?;
        let more = asked(*limiter, MORE)?;
        let each = few.iter().zip(more);
        let each = each.map(|(few, more)| Some((more - few) / f64::from(MORE - FEW)));
        table.row(limiter.name(), each);
    }
    Ok(table)
}

/// Round trips, read units and write units of so many calls.
fn asked(limiter: &dyn Limiter, calls: u32) -> Result<[f64; 3]> {
    eprintln!("  limiter: {}, {calls} calls counted", limiter.name());
    let (_dynamo, url) = database()?;
    let proxy = Proxy::before(&url)?;
    let load = Load {
        clients: 1,
        keys: 1,
        limit: NONE,
        until: Until::Calls(usize::try_from(calls)?),
    };
    limiter
        .run(&proxy.url(), &load)
        .with_context(|| limiter.name().to_owned())?;
    let cost = proxy.take()?;
    let trips = f64::from(u32::try_from(cost.round_trips)?);
    Ok([trips, cost.read_units, cost.write_units])
}
