use api::{ApiError, Caller, Params};
use axum::Json;
use axum::extract::State;
use endpoints::account::USAGE;
use http::Uri;
use quota::Plan;
use schemars::JsonSchema;
use serde::Serialize;
use types::{Feature, Product, Timestamp, date_of, month_of, next_month};

use crate::{App, product};

/// The product of a session that names none: the published endpoint belongs to liquidity and takes no `product`.
pub(crate) const DEFAULT_PRODUCT: Product = Product::Liquidity;

/// The response of `GET /api/v1/usage`, with the field names of its published example. An absent limit is null.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Usage")]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counters {
    /// The product of the other fields.
    product: Product,
    /// Its plan.
    plan: String,
    /// Calls of this UTC month that were admitted.
    api_calls_used: u64,
    /// Calls a month of the plan; null is no limit.
    api_calls_limit: Option<u64>,
    /// Reports of this UTC month.
    reports_generated: u64,
    /// Reports a month of the plan; null is no limit.
    reports_limit: Option<u64>,
    /// When the next UTC month begins.
    reset_at: Timestamp,
}

/// `GET /api/v1/usage`: this month's use of the plan.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Counters>, ApiError> {
    let query = Params::read(&uri, &USAGE).and_then(|params| Ok((product(&params)?, ())));
    let (account, ()) = caller.authorize_account(DEFAULT_PRODUCT, query).await?;
    let now = app.context.clock().now();
    let today = [date_of(now)];
    let reports = app.reports_made(account.account, account.product, &today);
    let reports = reports.await?;
    let plan = Plan::named(account.product, &account.meter.plan);
    Ok(Json(Counters {
        product: account.product,
        api_calls_used: account.meter.calls_of_month(&month_of(now)),
        api_calls_limit: account.meter.month_limit,
        reports_generated: reports.iter().map(|(_, made)| made).sum(),
        reports_limit: match plan.ok().and_then(|plan| plan.allowance(Feature::Reports)) {
            Some(allowance) => allowance.limit(),
            None => Some(0),
        },
        reset_at: next_month(now),
        plan: account.meter.plan,
    }))
}
