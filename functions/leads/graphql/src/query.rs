use accounts::Accounts;
use api::{ApiError, Caller, JsonBody};
use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Request, Response};
use axum::Json;
use axum::extract::State;
use types::{AccountId, Clock};

use crate::App;
use crate::account::Account;

/// The schema of leads.
pub(crate) type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// Bytes of a query. The parsed form, to which the other limits apply, takes many times as much.
const MAX_BYTES: usize = 20_000;
/// Levels that a query may nest, and fields that it may select.
const MAX_DEPTH: usize = 12;
const MAX_FIELDS: usize = 500;

/// The account that a query is run for.
#[derive(Clone, Copy)]
struct Viewer(AccountId);

pub(crate) struct Query;

#[Object]
impl Query {
    /// The caller's plans, and what is left of their credits. Costs nothing.
    async fn account(&self, context: &Context<'_>) -> async_graphql::Result<Option<Account>> {
        let Viewer(account) = *context.data()?;
        let (accounts, clock) = (context.data()?, context.data::<Clock>()?);
        let account = Account::read(accounts, account, clock.now()).await;
        account.map_err(|error| async_graphql::Error::new_with_source(ApiError::from(error)))
    }
}

pub(crate) fn schema(accounts: Accounts, clock: Clock) -> Schema {
    Schema::build(Query, EmptyMutation, EmptySubscription)
        .data(accounts)
        .data(clock)
        .limit_depth(MAX_DEPTH)
        .limit_complexity(MAX_FIELDS)
        .finish()
}

/// `POST /graphql`: runs a query.
pub(crate) async fn run(
    State(app): State<App>,
    caller: Caller,
    JsonBody(request): JsonBody<Request>,
) -> Result<Json<Response>, ApiError> {
    let (call, request) = caller.authorize(request.and_then(bounded)).await?;
    let call = call.admit().await?;
    let response = app
        .schema
        .execute(request.data(Viewer(call.account())))
        .await;
    // What failed on our side is no answer to a part of the query: the call fails, and costs nothing.
    let failed = response
        .errors
        .iter()
        .find_map(|error| error.source::<ApiError>());
    match failed {
        Some(error) => Err(error.clone()),
        None => Ok(Json(response)),
    }
}

fn bounded(request: Request) -> Result<Request, ApiError> {
    if request.query.trim().is_empty() {
        let message =
            "query is required, for example {\"query\": \"{ account { plans { name } } }\"}";
        return Err(ApiError::invalid("query", message).reason("field_missing"));
    }
    if request.query.len() <= MAX_BYTES {
        return Ok(request);
    }
    let message =
        format!("the query has more than {MAX_BYTES} bytes; use variables for long values");
    Err(ApiError::invalid("query", message).reason("query_too_long"))
}
