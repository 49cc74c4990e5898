//! `portal`: clients, and messages that are sent exactly once.

use types::{Feature, Product, Scope};

use crate::{CURSOR, Endpoint, Method, Param};

/// Clients a page.
pub const CLIENTS_LIMIT: Param = Param::number("limit", 25, 1..=100, "Clients a page.");

const CLIENT_REF: Param = Param::path("client_ref", "partner-123", "The client's `client_ref`.");

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint::new(method, path, Some(Product::Portal))
}

endpoints! {
    /// Adds a client.
    CLIENT_CREATE = endpoint(Method::Post, "/v1/clients").function("clients").key(Scope::ClientsWrite).body().idempotent()
        .requires(Feature::Clients).code(1);
    /// Lists the clients.
    CLIENT_LIST = endpoint(Method::Get, "/v1/clients").function("clients").key(Scope::ClientsRead).code(2)
        .params(&[CLIENTS_LIMIT, CURSOR]);
    /// Shows a client.
    CLIENT_READ = endpoint(Method::Get, "/v1/clients/{client_ref}").function("clients").key(Scope::ClientsRead)
        .code(3).params(&[CLIENT_REF]);
}
