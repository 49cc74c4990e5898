//! `portal`: clients, and messages that are sent exactly once.

use types::{Feature, Product, Scope};

use crate::{Endpoint, Method};

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint::new(method, path, Some(Product::Portal))
}

endpoints! {
    /// Adds a client.
    CLIENT_CREATE = endpoint(Method::Post, "/v1/clients").function("clients").key(Scope::ClientsWrite).body().idempotent()
        .requires(Feature::Clients).code(1);
    /// The account's clients.
    CLIENT_LIST = endpoint(Method::Get, "/v1/clients").function("clients").key(Scope::ClientsRead).code(2);
    /// A client.
    CLIENT_READ = endpoint(Method::Get, "/v1/clients/{client_ref}").function("clients").key(Scope::ClientsRead)
        .code(3);
}
