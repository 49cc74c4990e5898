use auth::Scope;

/// A route of the API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// The scope that it needs.
    pub(super) scope: Scope,
    /// Whether it reads a body.
    pub(super) takes_body: bool,
    /// Whether it belongs to a product, whose keys alone may call it; else to the account, which any key may ask about.
    pub(super) of_product: bool,
}

const fn route(method: &'static str, path: &'static str, scope: Scope) -> Route {
    Route {
        method,
        path,
        scope,
        takes_body: false,
        of_product: true,
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
pub(super) const ROUTES: [Route; 10] = [
    route("GET", "/api/v1/score", Scope::Read),
    with_body(route("POST", "/api/v1/score/bulk", Scope::Write)),
    route("GET", "/api/v1/score/bulk", Scope::Read),
    route("GET", "/api/v1/score/bulk/{job_id}", Scope::Read),
    route("POST", "/api/v1/score/bulk/{job_id}/cancel", Scope::Write),
    with_body(route("POST", "/api/v1/signals", Scope::Write)),
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
    }
}
