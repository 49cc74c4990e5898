use api::{ApiError, Caller, Params, moment};
use axum::Json;
use axum::extract::State;
use endpoints::intent::{AT, DOMAIN, EXPLAIN};
use http::Uri;
use intent::Score;
use intent_store::{HISTORY_DAYS, MAX_VERSIONS};
use schemars::JsonSchema;
use scores::Rebuilt;
use serde::Serialize;
use types::{AccountId, Credits, Domain, Timestamp, whole_second};

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
            at: past_time(params.required(&AT)?, now)?,
        })
    }
}

/// The moment that is asked for, of which signals are kept.
fn past_time(text: &str, now: Timestamp) -> Result<Timestamp, ApiError> {
    let at = whole_second(moment(text, now)?);
    if at > now {
        return Err(ApiError::in_future());
    }
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

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let now = "2026-11-22T12:00:00.5Z".parse().unwrap();
        let found = match past_time(text, now) {
            Ok(at) => at.to_string(),
            Err(error) => format!("{error:?}"),
        };
        assert!(found.contains(expected), "{text}: {found}");
    }

    #[test]
    fn times_and_days() {
        check("2026-11-20T09:30:00Z", "2026-11-20T09:30:00Z");
        check("2026-11-20T10:30:00.9+01:00", "2026-11-20T09:30:00Z");
        check("2026-11-20", "2026-11-20T23:59:59Z");
        check("2026-11-22", "2026-11-22T12:00:00Z");
        check("2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z");
        check("2024-11-22T12:00:00Z", "2024-11-22T12:00:00Z");
    }

    #[test]
    fn what_is_no_moment_to_explain() {
        check("2026-11-22T12:00:01Z", "time_in_future");
        check("2026-11-23", "time_in_future");
        check("2024-11-22T11:59:59Z", "time_too_old");
        check("-000001-01-01T00:00:00Z", "time_too_old");
        for text in [
            "",
            "yesterday",
            "2026-11",
            "20261120",
            "2026-13-01",
            "1795310940",
        ] {
            check(text, "time_invalid");
        }
    }
}
