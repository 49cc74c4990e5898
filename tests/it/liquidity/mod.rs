//! Liquidity: protocols, the watchlist on the path that it shares with intent, and scoring profiles.

mod profile_default;
mod profiles;
mod protocols;
mod watchlist;

use liquidity::Category;
use liquidity_store::{Protocol, Protocols};
use store::Dynamo;
use tests::{Customer, TestApp};
use types::Product;

/// A customer of liquidity on one of its plans.
async fn customer(app: &TestApp, plan: &str) -> Customer {
    app.customer_on(Product::Liquidity, plan, 0).await
}

/// A protocol of which only what must be known is known.
pub(crate) fn unknown(slug: &str) -> Protocol {
    Protocol {
        slug: slug.parse().unwrap(),
        name: slug.to_uppercase(),
        category: Category::Commodity,
        issuer: None,
        jurisdiction: None,
        blockchains: Vec::new(),
        aum_usd: None,
        yield_pct: None,
        redemption_frequency: None,
        holder_count: None,
        as_of: "2026-03-22".parse().unwrap(),
        source: "test".to_owned(),
    }
}

/// The protocol of the published example.
pub(crate) fn usdy() -> Protocol {
    Protocol {
        name: "Ondo US Dollar Yield".to_owned(),
        category: Category::Treasury,
        issuer: Some("Ondo Finance".to_owned()),
        jurisdiction: Some("US".to_owned()),
        blockchains: ["Ethereum", "Solana", "Mantle"].map(str::to_owned).into(),
        aum_usd: Some(450_200_000),
        yield_pct: Some(5.10),
        redemption_frequency: Some("daily".to_owned()),
        holder_count: Some(12_400),
        ..unknown("ondo-usdy")
    }
}

/// Stores protocols.
pub(crate) async fn publish(app: &TestApp, protocols: &[Protocol]) {
    let table = app.env.required("INTEL_TABLE").unwrap();
    let stored = Protocols::new(&Dynamo::new(&app.aws), table);
    for protocol in protocols {
        stored.put(protocol).await.unwrap();
    }
}
