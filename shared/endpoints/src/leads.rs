//! `leads`: search and enrichment of people and companies, and prospect lists.

use types::{Product, Scope};

use crate::{Dialect, Endpoint, Method};

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint::new(method, path, Some(Product::Leads))
}

endpoints! {
    /// Runs a GraphQL query.
    GRAPHQL = endpoint(Method::Post, "/graphql").function("graphql").key(Scope::Read).body()
        .dialect(Dialect::LeadsGraphql).code(1);
    /// Shows the owner of the key.
    WHOAMI = endpoint(Method::Get, "/v1/whoami").function("lists").key(Scope::Read)
        .dialect(Dialect::LeadsRest).code(2);
}
