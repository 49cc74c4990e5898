//! The scoring profiles of liquidity: weights and penalty caps of an account's own, and which of them is its default.

mod answer;
mod create;
mod default;
mod description;
mod form;
mod list;
mod read;
mod remove;
mod replace;

use std::sync::Arc;

use accounts::Accounts;
use api::{ApiContext, ApiError, Routes};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRef, Path};
use blob::Bucket;
use config::Env;
use endpoints::liquidity;
use liquidity_store::{ScoringProfiles, scoring_profiles};
use runtime::Failure;
use store::Dynamo;
use types::{Clock, ProfileId};
use workspace::Workspace;

pub use description::operations;

/// What the endpoints work with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    profiles: ScoringProfiles,
}

impl App {
    /// From `ACCOUNTS_TABLE`, `WORKSPACE_TABLE`, `BUCKET` and the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = Workspace::new(&dynamo, env.required("WORKSPACE_TABLE")?, accounts);
        let context = ApiContext::from_env(env, aws, &dynamo, clock)?;
        Ok(Self {
            context: context.with_idempotency(Bucket::new(aws.clone(), env.required("BUCKET")?)),
            profiles: scoring_profiles(&workspace),
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&liquidity::SCORING_PROFILE_CREATE, create::create)
        .on(&liquidity::SCORING_PROFILE_LIST, list::list)
        .on(&liquidity::SCORING_PROFILE_READ, read::read)
        .on(&liquidity::SCORING_PROFILE_REPLACE, replace::replace)
        .on(&liquidity::SCORING_PROFILE_DELETE, remove::remove)
        .on(&liquidity::SCORING_PROFILE_SET_DEFAULT, default::set)
        .on(&liquidity::SCORING_PROFILE_CLEAR_DEFAULT, default::clear)
        .serve(app)
}

type PathId = Result<Path<String>, PathRejection>;

/// The id in the path. Text that cannot be one is no profile's.
fn named(id: PathId) -> Result<ProfileId, ApiError> {
    let Path(text) = id.map_err(|_| unknown())?;
    text.parse().map_err(|_| unknown())
}

fn unknown() -> ApiError {
    ApiError::not_found("profile")
}
