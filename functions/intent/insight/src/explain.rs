use api::{ApiError, Caller, Params, past_moment};
use axum::Json;
use axum::extract::State;
use endpoints::intent::{AT, DOMAIN, EXPLAIN};
use http::Uri;
use intent::Score;
use intent_store::{HISTORY_DAYS, MAX_VERSIONS};
use schemars::JsonSchema;
use scores::Rebuilt;
use serde::Serialize;
use types::{AccountId, Credits, Domain, Timestamp};

use crate::App;

/// The response of `GET /api/v1/score/explain`: a score without the fields about its cache.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ExplainedScore")]
pub(crate) struct Explained {
    #[serde(flatten)]
    score: Score,
    /// What the call cost: 1, or 0 if nothing was known.
    credits_charged: Credits,
}

struct ExplainQuery {
    domain: Domain,
    at: Timestamp,
}

/// `GET /api/v1/score/explain`: the score at a time in the past, from the signals stored by then.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Explained>, ApiError> {
    let now = app.context.clock().now();
    let (call, query) = caller.authorize(ExplainQuery::read(&uri, now)).await?;
    let (call, score) = call
        .admit_unless_free(
            |account| app.rebuilt(account, &query),
            |score| !score.has_signals(),
        )
        .await?;
    let credits_charged = call.settle_if(score.has_signals())?;
    Ok(Json(Explained {
        score,
        credits_charged,
    }))
}

impl App {
    async fn rebuilt(&self, account: AccountId, query: &ExplainQuery) -> Result<Score, ApiError> {
        match self.scores.at(account, &query.domain, query.at).await? {
            Rebuilt::Score(score) => Ok(*score),
            Rebuilt::Incomplete { from } => {
                let message = format!(
                    "the signals of {} were changed more than {MAX_VERSIONS} times; its scores can be explained from {from} on",
                    query.domain
                );
                Err(ApiError::invalid("at", message).reason("time_too_old"))
            }
        }
    }
}

impl ExplainQuery {
    fn read(uri: &Uri, now: Timestamp) -> Result<Self, ApiError> {
        let params = Params::read(uri, &EXPLAIN)?;
        Ok(Self {
            domain: Domain::parse(params.required(&DOMAIN)?)?,
            at: kept_moment(params.required(&AT)?, now)?,
        })
    }
}

/// The moment that is asked for, of which signals are kept.
fn kept_moment(text: &str, now: Timestamp) -> Result<Timestamp, ApiError> {
    let at = past_moment(text, now)?;
    if at.as_second() < now.as_second() - HISTORY_DAYS * 86_400 {
        let message = format!(
            "scores can be explained for the last {HISTORY_DAYS} days; use a later time, for example 2026-11-20T09:30:00Z or 2026-11-20"
        );
        return Err(ApiError::invalid("at", message).reason("time_too_old"));
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_kept_for_two_years() {
        let now = "2026-11-22T12:00:00.5Z".parse().unwrap();
        let kept = |text| kept_moment(text, now).map(|at| at.to_string());
        let oldest = "2024-11-22T12:00:00Z";
        assert_eq!(kept(oldest).unwrap(), oldest);
        for text in ["2024-11-22T11:59:59Z", "-000001-01-01T00:00:00Z"] {
            let refused = format!("{:?}", kept(text).unwrap_err());
            assert!(refused.contains("time_too_old"), "{refused}");
        }
    }
}
