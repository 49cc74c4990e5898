//! Watchlists, and the refresher that gives their companies new scores.

mod add;
mod deaths;
mod entry;
mod events;
mod limit;
mod list;
mod load;
mod overlap;
mod products;
mod refresh;
mod sources;

use intent::Kind;
use serde_json::Value;
use tests::{Customer, TestApp, known};

const PATH: &str = "/api/v1/watchlist";

/// Gives a company what makes it HOT for everyone.
async fn excite(app: &TestApp, domain: &str) {
    let kinds = [
        Kind::Engagement,
        Kind::Funding,
        Kind::Hiring,
        Kind::Leadership,
    ];
    for (kind, id) in kinds.into_iter().zip(0..) {
        for twice in 0..2 {
            let signal = known(kind, 14, &format!("{id}-{twice}"));
            app.publish(domain, signal).await;
        }
    }
}

/// The entry of a company.
async fn entry(app: &TestApp, customer: &Customer, domain: &str) -> Value {
    let call = app.get(&format!("{PATH}/{domain}")).key(customer);
    call.send().await.expect(200).json
}
