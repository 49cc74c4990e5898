use std::fmt;

use auth::Scope;

/// A route of the API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// What it asks of whoever calls.
    pub(super) access: Access,
    /// Whether it reads a body.
    pub(super) takes_body: bool,
    /// Whether it belongs to a product, whose keys alone may call it; else to the account, which any key may ask about.
    pub(super) of_product: bool,
}

/// What a route asks of whoever calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// A key of intent with this scope, or a session.
    Key(Scope),
    /// A session, and no key.
    Session,
    /// A signed body.
    Signature,
}

const fn route(method: &'static str, path: &'static str, scope: Scope) -> Route {
    Route {
        of_product: true,
        ..of(method, path, Access::Key(scope))
    }
}

const fn of(method: &'static str, path: &'static str, access: Access) -> Route {
    Route {
        method,
        path,
        access,
        takes_body: false,
        of_product: false,
    }
}

const fn with_body(route: Route) -> Route {
    Route {
        takes_body: true,
        ..route
    }
}

const fn of_account(route: Route) -> Route {
    Route {
        of_product: false,
        ..route
    }
}

/// Every route. Whoever adds one adds it here, to template.yaml, to `workspace.metadata.lambda.watch.router` in Cargo.toml
/// and to docs/API.md.
pub(super) const ROUTES: [Route; 30] = [
    route("GET", "/api/v1/score", Scope::Read),
    with_body(route("POST", "/api/v1/score/bulk", Scope::Write)),
    route("GET", "/api/v1/score/bulk", Scope::Read),
    route("GET", "/api/v1/score/bulk/{job_id}", Scope::Read),
    route("POST", "/api/v1/score/bulk/{job_id}/cancel", Scope::Write),
    with_body(route("POST", "/api/v1/signals", Scope::Write)),
    route("GET", "/api/v1/score/history", Scope::Read),
    route("GET", "/api/v1/score/explain", Scope::Read),
    route("GET", "/api/v1/score/preview", Scope::Read),
    with_body(route("POST", "/api/v1/score/preview", Scope::Write)),
    with_body(route("POST", "/api/v1/score/profiles", Scope::Write)),
    route("GET", "/api/v1/score/profiles", Scope::Read),
    route("GET", "/api/v1/score/profiles/{profile_id}", Scope::Read),
    with_body(route(
        "PUT",
        "/api/v1/score/profiles/{profile_id}",
        Scope::Write,
    )),
    route(
        "DELETE",
        "/api/v1/score/profiles/{profile_id}",
        Scope::Write,
    ),
    with_body(route("POST", "/api/v1/watchlist", Scope::Write)),
    route("GET", "/api/v1/watchlist", Scope::Read),
    route("GET", "/api/v1/watchlist/{subject}", Scope::Read),
    with_body(route("PATCH", "/api/v1/watchlist/{subject}", Scope::Write)),
    route("DELETE", "/api/v1/watchlist/{subject}", Scope::Write),
    with_body(of("POST", "/api/v1/user/keys", Access::Session)),
    of("GET", "/api/v1/user/keys", Access::Session),
    with_body(of("POST", "/api/v1/user/keys/rotate", Access::Session)),
    of("DELETE", "/api/v1/user/keys/{key_id}", Access::Session),
    of("POST", "/api/v1/keys/leaked", Access::Signature),
    of("GET", "/api/v1/audit", Access::Session),
    of_account(route("GET", "/api/v1/usage", Scope::Read)),
    of_account(route("GET", "/api/v1/usage/stats", Scope::Read)),
    of_account(route("GET", "/api/v1/credits", Scope::Read)),
    of_account(route("GET", "/api/v1/credits/ledger", Scope::Read)),
];

/// Routes that need no key.
pub(super) const PUBLIC: [&str; 0] = [];

/// Routes that change something and are content with a key that may only read.
pub(super) const WRITE_WITH_READ: [&str; 0] = [];

impl Route {
    /// As the documentation writes it.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The path with an id that no object has.
    pub(super) fn uri(&self) -> String {
        self.path
            .replace("{job_id}", "job_01k9xw3tkbc2v6m8p4h0r5zqde")
            .replace("{profile_id}", "profile_01k9xw3tkbc2v6m8p4h0r5zqde")
            .replace("{subject}", "nobody-watches.com")
            .replace("{key_id}", "key_01k9xw3tkbc2v6m8p4h0r5zqde")
    }

    /// The scope that a key needs here.
    pub(super) fn scope(&self) -> Option<Scope> {
        match self.access {
            Access::Key(scope) => Some(scope),
            Access::Session | Access::Signature => None,
        }
    }
}

impl fmt::Display for Access {
    /// As the documentation writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(scope) => scope.fmt(f),
            Self::Session => f.write_str("session"),
            Self::Signature => f.write_str("signature"),
        }
    }
}
