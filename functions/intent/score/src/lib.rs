//! `GET /api/v1/score`: a company's buying-intent score.

mod answer;
mod query;

use api::{ApiError, Caller, Gate, Permission};
use auth::Scope;
use aws_types::SdkConfig;
use axum::extract::{FromRef, State};
use axum::routing::get;
use axum::{Json, Router};
use collect::Collectors;
use config::Env;
use futures::FutureExt;
use futures::future::try_join;
use http::Uri;
use intent_store::Intel;
use reasoning::Writer;
use runtime::Failure;
use scores::{PRICE, Scores};
use store::Dynamo;
use types::{Clock, Product};

use crate::answer::Answer;
use crate::query::ScoreQuery;

const READ: Permission = Permission::of(Product::Intent, Scope::Read);

/// What the endpoint works with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    gate: Gate,
    scores: Scores,
}

impl App {
    /// From `INTEL_TABLE` and the variables of [`Writer::from_env`], [`Collectors::from_env`] and [`Gate::from_env`].
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let intel = Intel::new(&dynamo, env.required("INTEL_TABLE")?);
        let writer = Writer::from_env(env, aws, clock.clone());
        let collectors = Collectors::from_env(env, intel.clone())?;
        Ok(Self {
            gate: Gate::from_env(env, aws, &dynamo, clock)?,
            scores: Scores::new(intel).asking(collectors).worded_by(writer),
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    let gate = app.gate.clone();
    api::serve(
        Router::new()
            .route("/api/v1/score", get(score))
            .with_state(app),
        gate,
    )
}

async fn score(State(app): State<App>, caller: Caller, uri: Uri) -> Result<Json<Answer>, ApiError> {
    let now = app.gate.clock().now();
    let (caller, query) = caller.check(READ, ScoreQuery::read(&uri)).await?;
    // The read needs no leave, only its answer does, so both take one round trip's time. A refusal ends the read; a read
    // that fails must not end an admission on its way, which would lose what it charges.
    let standing = app.scores.standing(caller.account(), &query.domain, now);
    let ((), standing) = try_join(caller.admit(PRICE), standing.map(Ok)).await?;
    let scored = app
        .scores
        .settle(caller.account(), &query.domain, standing?, now)
        .await?;
    if !scored.has_signals() {
        caller.waive();
    }
    Ok(Json(Answer::of(scored, &query, PRICE)))
}
