//! Signals come in: one by one or 500 at once by `POST /api/v1/signals`, and by the file through the bucket's `import/`
//! prefix. Both read the same form, and store a signal once by its source and external id.

mod form;
mod import;
mod import_file;
mod report;
mod signals;

use std::sync::Arc;

use api::{Gate, Permission};
use auth::Scope;
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use axum::routing::post;
use blob::Bucket;
use config::Env;
use intent_store::Intel;
use runtime::Failure;
use store::Dynamo;
use types::{Clock, Product};

pub use import::Importer;

const WRITE: Permission = Permission::of(Product::Intent, Scope::Write);

/// What the endpoint works with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    gate: Gate,
    intel: Intel,
}

impl App {
    /// From `INTEL_TABLE`, `BUCKET` and the variables of [`Gate::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let gate = Gate::from_env(env, aws, &dynamo, clock)?;
        Ok(Self {
            gate: gate.keeping_answers(Bucket::new(aws.clone(), env.required("BUCKET")?)),
            intel: Intel::new(&dynamo, env.required("INTEL_TABLE")?),
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    let gate = app.gate.clone();
    api::serve(
        Router::new()
            .route("/api/v1/signals", post(signals::add))
            .with_state(app),
        gate,
    )
}
