use auth::Scope;
use endpoints::{Endpoint, Method};
use types::Product;

/// A plan of a product that includes everything the sweeps call.
pub(super) const fn plan(product: Product) -> &'static str {
    match product {
        Product::Intent | Product::Leads => "growth",
        Product::Liquidity => "analyst",
        Product::Portal => "free",
    }
}

/// The endpoint's path with ids that no object has.
pub(super) fn uri(endpoint: &Endpoint) -> String {
    endpoint
        .path
        .replace("{job_id}", "job_01k9xw3tkbc2v6m8p4h0r5zqde")
        .replace("{profile_id}", "profile_01k9xw3tkbc2v6m8p4h0r5zqde")
        .replace("{subject}", "nobody-watches.com")
        .replace("{slug}", "no-such-protocol")
        .replace("{key_id}", "key_01k9xw3tkbc2v6m8p4h0r5zqde")
}

/// The scope of a product that only reads, and the one that changes things.
pub(super) const fn read_scope(product: Product) -> Scope {
    match product {
        Product::Intent | Product::Leads | Product::Liquidity => Scope::Read,
        Product::Portal => Scope::ClientsRead,
    }
}

/// Whether the endpoint changes nothing. GraphQL's queries are POSTs.
pub(super) fn only_reads(endpoint: &Endpoint) -> bool {
    endpoint.method == Method::Get || endpoint.path == "/graphql"
}

/// Products with endpoints of their own.
pub(super) fn products() -> impl Iterator<Item = Product> {
    let with_endpoints =
        |product: &Product| endpoints::all().any(|endpoint| endpoint.product == Some(*product));
    Product::ALL.into_iter().filter(with_endpoints)
}
