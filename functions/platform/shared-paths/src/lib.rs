#![doc = include_str!("../README.md")]

use std::sync::Arc;

use accounts::Accounts;
use api::ApiContext;
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use blob::Bucket;
use config::Env;
use runtime::Failure;
use store::Dynamo;
use types::{Clock, Product};
use workspace::Workspace;

/// The watchlists of intent and of liquidity.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    intent: watchlist::App,
    liquidity: liquidity_watchlist::App,
}

impl App {
    /// From `BUCKET`, and the variables of [`ApiContext::from_env`], [`watchlist::App::new`] and
    /// [`liquidity_watchlist::App::new`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = Workspace::new(&dynamo, env.required("WORKSPACE_TABLE")?, accounts);
        let bucket = Bucket::new(aws.clone(), env.required("BUCKET")?);
        // One for both, so that a key is cached and limited once.
        let context = ApiContext::from_env(env, aws, &dynamo, clock)?.with_idempotency(bucket);
        Ok(Self {
            intent: watchlist::App::new(context.clone(), env, &dynamo, workspace.clone())?,
            liquidity: liquidity_watchlist::App::new(context.clone(), env, &dynamo, &workspace)?,
            context,
        })
    }
}

/// The routes of both products.
pub fn router(app: App) -> Router {
    api::by_product(
        (Product::Intent, watchlist::router(app.intent)),
        (
            Product::Liquidity,
            liquidity_watchlist::router(app.liquidity),
        ),
    )
}
