use clap::Subcommand;
use runtime::Failure;
use serde::Serialize;
use types::{ProtocolSlug, Timestamp};

use crate::operator::Operator;
use crate::output::Output;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the protocols with their scores, and why scoring is paused where it is.
    #[command(after_help = "Example: assay protocols list")]
    List,
    /// End the pause of a protocol: what was not believed is true, and is scored from now on.
    #[command(after_help = "Example: assay protocols resume ondo-usdy")]
    Resume {
        /// The protocol's slug.
        slug: ProtocolSlug,
    },
}

/// A protocol as it is listed.
#[derive(Debug, Serialize)]
struct Row {
    slug: ProtocolSlug,
    name: String,
    score: Option<u8>,
    tier: Option<&'static str>,
    aum_usd: Option<f64>,
    scored_at: Option<Timestamp>,
    paused: Option<serde_json::Value>,
}

/// What came of a resumption.
#[derive(Debug, Serialize)]
struct Resumed {
    slug: ProtocolSlug,
    resumed: bool,
}

impl Command {
    pub(crate) async fn run(self, operator: &Operator) -> Result<Output, Failure> {
        match self {
            Self::List => list(operator).await,
            Self::Resume { slug } => resume(operator, slug).await,
        }
    }
}

async fn list(operator: &Operator) -> Result<Output, Failure> {
    let mut rows = Vec::new();
    for protocol in operator.protocols()?.all().await? {
        let score = protocol.monitor.score().and_then(|score| score.score);
        let pause = protocol.monitor.pause().map(|pause| pause.reason);
        rows.push(Row {
            score,
            tier: score.map(|score| liquidity::Tier::of(score).as_str()),
            aum_usd: protocol.monitor.scored_facts().aum_usd,
            scored_at: protocol.monitor.scored_at(),
            paused: pause.map(serde_json::to_value).transpose()?,
            slug: protocol.slug,
            name: protocol.name,
        });
    }
    let mut table = Table::new(&["SLUG", ">SCORE", "TIER", ">AUM USD", "SCORED", "PAUSED"]);
    for row in &rows {
        let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        let paused = row.paused.as_ref().and_then(|word| word.as_str());
        table.row([
            row.slug.to_string(),
            text(row.score.map(|score| score.to_string())),
            text(row.tier.map(str::to_owned)),
            text(row.aum_usd.map(|usd| format!("{usd:.0}"))),
            text(row.scored_at.map(|at| at.to_string())),
            text(paused.map(str::to_owned)),
        ]);
    }
    let text = table.to_string();
    Output::new(rows, text)
}

async fn resume(operator: &Operator, slug: ProtocolSlug) -> Result<Output, Failure> {
    let now = operator.clock.now();
    let Some(resumed) = operator.protocols()?.resume(&slug, now).await? else {
        let message = format!("there is no protocol {slug}; list them with: assay protocols list");
        return Err(message.into());
    };
    let text = if resumed {
        format!("{slug} is scored again.\n")
    } else {
        format!("{slug} is not paused.\n")
    };
    Output::new(Resumed { slug, resumed }, text)
}
