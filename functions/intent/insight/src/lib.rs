#![doc = include_str!("../README.md")]

mod explain;
mod form;
mod history;
mod preview;
mod profiles;

use std::sync::Arc;

use accounts::Accounts;
use api::{Gate, Permission};
use auth::Scope;
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use blob::Bucket;
use config::Env;
use intent_store::{Intel, IntentWorkspace};
use runtime::Failure;
use scores::Scores;
use store::Dynamo;
use types::{Clock, Product};
use workspace::Workspace;

const READ: Permission = Permission::of(Product::Intent, Scope::Read);
const WRITE: Permission = Permission::of(Product::Intent, Scope::Write);

/// What the endpoints work with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    gate: Gate,
    scores: Scores,
    workspace: IntentWorkspace,
}

impl App {
    /// From `INTEL_TABLE`, `BUCKET` and the variables of [`Gate::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let gate = Gate::from_env(env, aws, &dynamo, clock)?;
        Ok(Self {
            gate: gate.keeping_answers(Bucket::new(aws.clone(), env.required("BUCKET")?)),
            scores: Scores::new(Intel::new(&dynamo, env.required("INTEL_TABLE")?)),
            workspace: IntentWorkspace::new(Workspace::new(
                &dynamo,
                env.required("WORKSPACE_TABLE")?,
                accounts,
            )),
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    let gate = app.gate.clone();
    let routes = Router::new()
        .route("/api/v1/score/history", get(history::read))
        .route("/api/v1/score/explain", get(explain::read))
        .route(
            "/api/v1/score/preview",
            get(preview::saved).post(preview::given),
        )
        .route(
            "/api/v1/score/profiles",
            get(profiles::list).post(profiles::create),
        )
        .route(
            "/api/v1/score/profiles/{profile_id}",
            get(profiles::read)
                .put(profiles::replace)
                .delete(profiles::remove),
        )
        .with_state(app);
    api::serve(routes, gate)
}
