//! The market of liquidity: protocols and what is known of them.

mod answer;
mod description;
mod protocol;

use api::{ApiContext, Routes};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use config::Env;
use endpoints::liquidity;
use liquidity_store::Protocols;
use runtime::Failure;
use store::Dynamo;
use types::Clock;

pub use description::operations;

/// What the endpoints work with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    protocols: Protocols,
}

impl App {
    /// From `INTEL_TABLE` and the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        Ok(Self {
            context: ApiContext::from_env(env, aws, &dynamo, clock)?,
            protocols: Protocols::new(&dynamo, env.required("INTEL_TABLE")?),
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&liquidity::PROTOCOL_READ, protocol::read)
        .serve(app)
}
