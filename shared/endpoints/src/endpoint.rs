use std::fmt;

use types::{Credits, Feature, Product, Scope};

use crate::{Dialect, Param};

/// The highest code of an endpoint. The meter of a product that uses all of them stays below 1 KB, which is one write unit a
/// call.
pub const MAX_CODE: u8 = 17;

/// One endpoint: a method and a path, of one product or of the account itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its name in the table, which no other endpoint of the product has.
    pub id: &'static str,
    /// What it does, for callers: one sentence.
    pub summary: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, with its parameters' names in braces.
    pub path: &'static str,
    /// The product whose keys may call it and whose meter counts it; none if it belongs to the account.
    pub product: Option<Product>,
    /// The binary of the Lambda function that serves it.
    pub function: &'static str,
    /// Which credential it requires.
    pub access: Access,
    /// The feature that the plan must include.
    pub feature: Option<Feature>,
    /// What a call costs.
    pub price: Price,
    /// Whether a call may carry an `Idempotency-Key`.
    pub idempotent: bool,
    /// Whether its responses have an `ETag`, and are 304 for a caller that has them (`If-None-Match`).
    pub revalidates: bool,
    /// Whether it reads a body.
    pub takes_body: bool,
    /// Its parameters: those in the path, and those in the query string that it reads.
    pub params: &'static [Param],
    /// The code that its calls are counted under, from 1 to [`MAX_CODE`]: a number of the product's own. It never changes, since
    /// closed days are stored under it. Similar endpoints share one. None if not counted.
    pub code: Option<u8>,
    /// The format of credentials, errors and rate limits.
    pub dialect: Dialect,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "they are HTTP's")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// Which credential an endpoint requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A body signed by a party that the operator has configured.
    Signature,
    /// A link that one of our responses had, with a secret in its query string that opens this one thing.
    Link,
    /// A session; an API key is refused. At an endpoint of a product it is metered as one of the product's keys.
    Session,
    /// A key with this scope, or a session. An endpoint of the account accepts the keys of every product.
    Key(Scope),
}

/// What a call costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// Nothing.
    Free,
    /// This much, if something chargeable is delivered.
    Fixed(Credits),
    /// Nothing by itself: the job that it starts reserves this much for each of its items.
    PerItem(Credits),
}

impl Method {
    /// The name in a request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Access {
    /// As the documentation writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature => f.write_str("signature"),
            Self::Link => f.write_str("link"),
            Self::Session => f.write_str("session"),
            Self::Key(scope) => scope.fmt(f),
        }
    }
}

impl Endpoint {
    /// As the documentation writes it: method and path.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The scope that a key needs, where a key does.
    pub const fn scope(&self) -> Option<Scope> {
        match self.access {
            Access::Key(scope) => Some(scope),
            Access::Session | Access::Signature | Access::Link => None,
        }
    }

    /// The products whose keys may call this method and path: more than one where products share it, none for an endpoint
    /// of the account.
    pub fn products(&self) -> impl Iterator<Item = Product> {
        crate::at(self.method, self.path).filter_map(|endpoint| endpoint.product)
    }

    /// Whether it has parameters in the query string.
    pub fn has_query(&self) -> bool {
        self.params.iter().any(|param| !param.is_in_path())
    }

    /// Whether this is the endpoint of a request's method and path, such as `/api/v1/score/bulk/job_1`.
    pub fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_str() == method && self.is_at(path)
    }

    /// Whether a request's path is that of this endpoint.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        crate::path::fits(self.path, path)
    }

    /// A free endpoint for sessions, to be completed by the methods below.
    #[must_use]
    pub const fn new(method: Method, path: &'static str, product: Option<Product>) -> Self {
        Self {
            id: "",
            summary: "",
            method,
            path,
            product,
            function: "",
            access: Access::Session,
            feature: None,
            price: Price::Free,
            idempotent: false,
            revalidates: false,
            takes_body: false,
            params: &[],
            code: None,
            dialect: Dialect::Standard,
        }
    }

    /// With its name in the table, and what it does.
    #[must_use]
    pub(crate) const fn named(self, id: &'static str, summary: &'static str) -> Self {
        Self {
            id,
            summary,
            ..self
        }
    }

    /// With these parameters.
    #[must_use]
    pub const fn params(self, params: &'static [Param]) -> Self {
        Self { params, ..self }
    }

    /// Served by this binary.
    #[must_use]
    pub const fn function(self, function: &'static str) -> Self {
        Self { function, ..self }
    }

    /// With this access.
    #[must_use]
    pub const fn access(self, access: Access) -> Self {
        Self { access, ..self }
    }

    /// For keys with this scope, and sessions.
    #[must_use]
    pub const fn key(self, scope: Scope) -> Self {
        self.access(Access::Key(scope))
    }

    /// For plans that include this.
    #[must_use]
    pub const fn requires(self, feature: Feature) -> Self {
        Self {
            feature: Some(feature),
            ..self
        }
    }

    /// At this price.
    #[must_use]
    pub const fn price(self, price: Price) -> Self {
        Self { price, ..self }
    }

    /// Whose calls may carry an `Idempotency-Key`.
    #[must_use]
    pub const fn idempotent(self) -> Self {
        Self {
            idempotent: true,
            ..self
        }
    }

    /// Whose responses have an `ETag`.
    #[must_use]
    pub const fn revalidates(self) -> Self {
        Self {
            revalidates: true,
            ..self
        }
    }

    /// Which reads a body.
    #[must_use]
    pub const fn body(self) -> Self {
        Self {
            takes_body: true,
            ..self
        }
    }

    /// Whose calls are counted under this code, from 1 to [`MAX_CODE`].
    ///
    /// # Panics
    /// For any other code, while the table is compiled.
    #[must_use]
    pub const fn code(self, code: u8) -> Self {
        assert!(code >= 1 && code <= MAX_CODE, "no such code");
        Self {
            code: Some(code),
            ..self
        }
    }

    /// In this dialect.
    #[must_use]
    pub const fn dialect(self, dialect: Dialect) -> Self {
        Self { dialect, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_part_by_part() {
        let endpoint = Endpoint::new(Method::Get, "/api/v1/score/bulk/{job_id}", None);
        assert!(endpoint.matches("GET", "/api/v1/score/bulk/job_1"));
        for (method, path) in [
            ("POST", "/api/v1/score/bulk/job_1"),
            ("GET", "/api/v1/score/bulk/"),
            ("GET", "/api/v1/score/bulk"),
            ("GET", "/api/v1/score/bulk/job_1/cancel"),
            ("GET", "/api/v2/score/bulk/job_1"),
        ] {
            assert!(!endpoint.matches(method, path), "{method} {path}");
        }
    }
}
