//! Ingestion of signals: up to 500 per call of `POST /api/v1/signals`, and files put under the bucket's `import/` prefix.
//! Both take the same fields, and deduplicate signals by source and external id.

mod allowance;
mod description;
#[cfg(test)]
mod file_tests;
mod form;
#[cfg(test)]
mod fuzz;
mod import;
mod index;
mod signals;

use std::sync::Arc;

use api::{ApiContext, Routes};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use blob::Bucket;
use config::Env;
use endpoints::intent::SIGNALS_ADD;
use intent_store::Intel;
use runtime::Failure;
use store::Dynamo;
use types::Clock;

pub use description::operations;
pub use form::SignalForm;
pub use import::SignalImporter;

/// State of the handler.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    intel: Intel,
}

impl App {
    /// From `INTEL_TABLE`, `BUCKET` and the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let context = ApiContext::from_env(env, aws, &dynamo, clock)?;
        Ok(Self {
            context: context.with_idempotency(Bucket::new(aws.clone(), env.required("BUCKET")?)),
            intel: Intel::new(&dynamo, env.required("INTEL_TABLE")?),
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new().on(&SIGNALS_ADD, signals::add).serve(app)
}
