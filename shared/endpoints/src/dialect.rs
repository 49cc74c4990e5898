/// How a credential is sent, and how errors and rate limits are returned. It is part of the product's published API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `Authorization: Bearer <key>`; `{"error": {"code", "message", …}}`; `X-RateLimit-*`.
    Standard,
    /// `Authorization: Basic <key>`; GraphQL's `{"errors": [{"message", "extensions"}]}`; `RateLimit: limit=…`.
    LeadsGraphql,
    /// `X-API-Key: <decoded key>`; `{"code", "message", "details"}`; `RateLimit: limit=…`.
    LeadsRest,
}
