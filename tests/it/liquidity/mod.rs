//! Liquidity: protocols, the watchlist on the path that it shares with intent, scoring profiles, and reports.

pub(crate) mod fan_out;
mod profile_default;
mod profiles;
mod protocols;
mod recorded;
mod refreshed;
mod reports;
mod revalidated;
mod scores;
mod watchlist;

use liquidity::{Cadence, Category, Facts, Frequency, Statement};
use liquidity_store::{Description, Protocols, Stated};
use store::Dynamo;
use tests::{Customer, TestApp};
use types::{Product, ProtocolSlug};

/// A customer of liquidity on one of its plans.
async fn customer(app: &TestApp, plan: &str) -> Customer {
    app.customer_on(Product::Liquidity, plan, 0).await
}

/// What a source states of a protocol.
pub(crate) type Source = (ProtocolSlug, Stated);

/// A protocol of which only what must be known is known.
pub(crate) fn unknown(slug: &str) -> Source {
    let description = Description {
        name: Some(slug.to_uppercase()),
        category: Some(Category::Commodity),
        source: Some("test".to_owned()),
        ..Description::default()
    };
    let statement = Statement {
        at: "2026-11-15T00:00:00Z".parse().unwrap(),
        cadence: Some(Cadence::Yearly),
        facts: Facts::default(),
        status: None,
    };
    let stated = Stated {
        description,
        statement,
    };
    (slug.parse().unwrap(), stated)
}

/// The protocol of the published example.
pub(crate) fn usdy() -> Source {
    let (slug, mut stated) = unknown("ondo-usdy");
    stated.description = Description {
        name: Some("Ondo US Dollar Yield".to_owned()),
        category: Some(Category::Treasury),
        issuer: Some("Ondo Finance".to_owned()),
        blockchains: Some(["Ethereum", "Solana", "Mantle"].map(str::to_owned).into()),
        yield_pct: Some(5.10),
        holder_count: Some(12_400),
        ..stated.description
    };
    let facts = &mut stated.statement.facts;
    facts.aum_usd = Some(450_200_000.0);
    facts.jurisdiction = Some("US".parse().unwrap());
    facts.redemption.frequency = Some(Frequency::Daily);
    (slug, stated)
}

/// The table of protocols.
pub(crate) fn protocols(app: &TestApp) -> Protocols {
    let table = app.env.required("INTEL_TABLE").unwrap();
    Protocols::new(&Dynamo::new(&app.aws), table)
}

/// Stores what sources state.
pub(crate) async fn publish(app: &TestApp, sources: &[Source]) {
    let stored = protocols(app);
    for (slug, stated) in sources {
        let stated = std::slice::from_ref(stated);
        stored.record(slug, stated, app.clock.now()).await.unwrap();
    }
}
