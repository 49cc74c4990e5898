//! `GET /api/v1/score`: a company's buying-intent score.

mod answer;
mod description;
mod query;

use api::{ApiContext, ApiError, Caller, Routes};
use aws_types::SdkConfig;
use axum::extract::{FromRef, State};
use axum::{Json, Router};
use collect::Collectors;
use config::Env;
use endpoints::intent::SCORE;
use http::Uri;
use intent_store::Intel;
use reasoning::Writer;
use runtime::Failure;
use scores::{CacheLookup, Scores};
use store::Dynamo;
use types::Clock;

use crate::answer::Answer;
use crate::query::ScoreQuery;
pub use description::operations;

/// State of the handler.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    scores: Scores,
}

impl App {
    /// From `INTEL_TABLE` and the variables of [`Writer::from_env`], [`Collectors::from_env`] and [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let intel = Intel::new(&dynamo, env.required("INTEL_TABLE")?);
        let writer = Writer::from_env(env, aws, clock.clone());
        let collectors = Collectors::from_env(env, intel.clone())?;
        Ok(Self {
            context: ApiContext::from_env(env, aws, &dynamo, clock)?,
            scores: Scores::new(intel)
                .with_collectors(collectors)
                .with_writer(writer),
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new().on(&SCORE, score).serve(app)
}

async fn score(State(app): State<App>, caller: Caller, uri: Uri) -> Result<Json<Answer>, ApiError> {
    let now = app.context.clock().now();
    let (call, query) = caller.authorize(ScoreQuery::read(&uri)).await?;
    let (call, cached) = call
        .admit_unless_free(
            |account| app.scores.look_up(account, &query.domain, now),
            CacheLookup::is_unknown,
        )
        .await?;
    let scored = app
        .scores
        .complete(call.account(), &query.domain, cached, now)
        .await?;
    let credits_charged = call.settle_if(scored.has_signals())?;
    Ok(Json(Answer::of(scored, &query, credits_charged)))
}
