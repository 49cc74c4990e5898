use accounts::{Grant, GrantSource};
use api::{AccountCall, ApiError, Caller, Code, Params};
use axum::Json;
use axum::extract::State;
use endpoints::account;
use http::Uri;
use serde::Serialize;
use types::{Credits, GrantId, Product, Timestamp};

use crate::{App, product};

/// The product of a session that names none: the first that has credits.
pub(crate) const DEFAULT_PRODUCT: Product = Product::Intent;

/// The response of `GET /api/v1/credits`.
#[derive(Debug, Serialize)]
pub(crate) struct CreditsAnswer {
    product: Product,
    balance: Credits,
    grants: Vec<GrantAnswer>,
}

#[derive(Debug, Serialize)]
struct GrantAnswer {
    grant_id: GrantId,
    source: GrantSource,
    amount: Credits,
    remaining: Credits,
    priority: u8,
    expires_at: Option<Timestamp>,
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
