use accounts::{Grant, GrantSource};
use api::{AccountCall, ApiError, Caller, Code, Params};
use axum::Json;
use axum::extract::State;
use endpoints::account;
use http::Uri;
use schemars::JsonSchema;
use serde::Serialize;
use types::{Credits, GrantId, Product, Timestamp};

use crate::{App, product};

/// The product of a session that names none: the first that has credits.
pub(crate) const DEFAULT_PRODUCT: Product = Product::Intent;

/// The response of `GET /api/v1/credits`.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Balance")]
pub(crate) struct CreditsAnswer {
    /// The product of the other fields.
    product: Product,
    /// Credits left to spend: the sum of `remaining`.
    balance: Credits,
    /// Grants with something left, in the order in which they are spent.
    grants: Vec<GrantAnswer>,
}

#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Grant")]
struct GrantAnswer {
    /// Its id.
    grant_id: GrantId,
    /// Where it comes from.
    source: GrantSource,
    /// Credits given.
    amount: Credits,
    /// Credits left.
    remaining: Credits,
    /// Lower ones are spent first.
    priority: u8,
    /// From then on its rest is no longer spent; null is never.
    expires_at: Option<Timestamp>,
    /// When it was given.
    created_at: Timestamp,
}

/// `GET /api/v1/credits`: the balance and its grants.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<CreditsAnswer>, ApiError> {
    let query =
        Params::read(&uri, &account::CREDITS).and_then(|params| Ok((product(&params)?, ())));
    let (account, ()) = caller.authorize_account(DEFAULT_PRODUCT, query).await?;
    has_credits(&account)?;
    let now = app.context.clock().now();
    let held = app
        .accounts
        .holdings(account.account, account.product, now)
        .await?;
    let left = held.grants.iter().filter(|grant| grant.remaining > 0);
    Ok(Json(CreditsAnswer {
        product: account.product,
        balance: held.balance,
        grants: left.map(GrantAnswer::of).collect(),
    }))
}

/// Rejects a product that has no credits.
pub(crate) fn has_credits(account: &AccountCall) -> Result<(), ApiError> {
    match account.product {
        Product::Intent | Product::Leads => Ok(()),
        product @ (Product::Liquidity | Product::Portal) => {
            let message =
                format!("{product} is billed by plan and has no credits; only intent and leads do");
            Err(ApiError::new(Code::NotFound, message).reason("no_credits"))
        }
    }
}

impl GrantAnswer {
    fn of(grant: &Grant) -> Self {
        Self {
            grant_id: grant.grant,
            source: grant.source,
            amount: grant.amount(),
            remaining: grant.left(),
            priority: grant.priority,
            expires_at: grant.expires_at,
            created_at: grant.created_at,
        }
    }
}
