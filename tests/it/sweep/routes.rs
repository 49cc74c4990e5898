use auth::Scope;
use endpoints::{Endpoint, Method};
use types::Product;

/// A plan of a product that includes everything the sweeps call.
pub(super) const fn plan(product: Product) -> &'static str {
    match product {
        Product::Intent | Product::Leads => "growth",
        Product::Liquidity => "professional",
        Product::Portal => "free",
    }
}

/// The endpoint's path with names in the place of its parameters that no object has: ids as `job_01k9…`, or any text.
pub(super) fn uri(endpoint: &Endpoint) -> String {
    let part = |part: &str| match part
        .strip_prefix('{')
        .and_then(|part| part.strip_suffix('}'))
    {
        None => part.to_owned(),
        Some("subject") => "nobody-watches.com".to_owned(),
        Some(parameter) => match parameter.strip_suffix("_id") {
            Some(kind) => format!("{kind}_01k9xw3tkbc2v6m8p4h0r5zqde"),
            None => format!("no-such-{}", parameter.replace('_', "-")),
        },
    };
    endpoint
        .path
        .split('/')
        .map(part)
        .collect::<Vec<_>>()
        .join("/")
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
    endpoint.method == Method::Get
        || ["/graphql", "/api/v1/portfolio/liquidity"].contains(&endpoint.path)
}

/// Products with endpoints of their own.
pub(super) fn products() -> impl Iterator<Item = Product> {
    let with_endpoints =
        |product: &Product| endpoints::all().any(|endpoint| endpoint.product == Some(*product));
    Product::ALL.into_iter().filter(with_endpoints)
}
