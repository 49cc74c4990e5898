//! Signed-in users: whose session a token is, and the account that a user has.

mod accounts;
mod issuer_keys;
mod issuer_waits;
mod tokens;
mod welcome;

/// Takes credits.
const SCORE: &str = "/api/v1/score?domain=stripe.com";
/// Takes none.
const PATH: &str = "/api/v1/usage";
