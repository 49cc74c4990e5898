use accounts::SubjectRow;
use auth::{Principal, Scope};
use http::header::AUTHORIZATION;
use http::request::Parts;
use types::Product;

use crate::visit::Visit;
use crate::{ApiError, Code, Gate};

/// Who a request says it comes from, found out to be so.
#[derive(Clone, Debug)]
pub(crate) enum Identity {
    /// The holder of an API key.
    Key(Principal),
    /// A user who is signed in, by the account that is theirs.
    Session(SubjectRow),
}

impl Identity {
    /// The holder of what stands in `Authorization: Bearer …`. A session token has dots, and no API key has.
    pub(crate) async fn read(parts: &Parts, gate: &Gate, visit: &Visit) -> Result<Self, ApiError> {
        let raw = bearer(parts)?;
        let now = gate.clock.now();
        if raw.contains('.') {
            let user = Box::pin(gate.users.account_of(raw, visit.request, now)).await?;
            visit.set_caller(user.account, user.key);
            return Ok(Self::Session(user));
        }
        let key = gate.authenticator.principal(raw, now).await?;
        visit.set_caller(key.account, key.key);
        visit.set_key_end(key.ends_soon(now));
        Ok(Self::Key(key))
    }

    /// Who calls a route of `product`.
    pub(crate) fn principal(self, product: Product) -> Principal {
        match self {
            Self::Key(principal) => principal,
            Self::Session(SubjectRow { account, key, .. }) => Principal {
                account,
                product,
                key,
                lineage: key,
                scopes: Scope::of(product).to_vec(),
                expires_at: None,
            },
        }
    }
}

fn bearer(parts: &Parts) -> Result<&str, ApiError> {
    let missing = || {
        let message = "send your API key as \"Authorization: Bearer iq_live_sk_…\"";
        ApiError::new(Code::Unauthorized, message).reason("key_missing")
    };
    let header = parts.headers.get(AUTHORIZATION).ok_or_else(missing)?;
    let (scheme, key) = str::from_utf8(header.as_bytes())
        .ok()
        .and_then(|header| header.split_once(' '))
        .ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") || key.trim().is_empty() {
        return Err(missing());
    }
    Ok(key.trim())
}
