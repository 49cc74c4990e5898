use api::{ApiError, Caller, Params};
use axum::Json;
use axum::extract::State;
use endpoints::intent::{DAYS, DOMAIN, HISTORY};
use http::Uri;
use intent::{Band, Confidence};
use intent_store::{HISTORY_DAYS, ScorePoint};
use serde::Serialize;
use types::{Credits, Domain, Timestamp};

use crate::App;

/// The response of `GET /api/v1/score/history`.
#[derive(Debug, Serialize)]
pub(crate) struct HistoryAnswer {
    domain: Domain,
    days: usize,
    /// Oldest first, at most one per day.
    points: Vec<Point>,
    credits_charged: Credits,
}

#[derive(Debug, Serialize)]
struct Point {
    at: Timestamp,
    score: u8,
    band: Band,
    confidence: Confidence,
    /// Change from the previous point; absent on the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<i16>,
    model_version: String,
}

struct HistoryQuery {
    domain: Domain,
    days: usize,
}

/// `GET /api/v1/score/history`: a company's score, day by day.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<HistoryAnswer>, ApiError> {
    let now = app.context.clock().now();
    let (call, query) = caller.authorize(HistoryQuery::read(&uri)).await?;
    let HistoryQuery { domain, days } = query;
    let span = i64::try_from(days).unwrap_or(HISTORY_DAYS);
    let (call, points) = call
        .admit_unless_free(
            |account| app.scores.history(account, &domain, span, now),
            Vec::is_empty,
        )
        .await?;
    Ok(Json(HistoryAnswer {
        credits_charged: call.settle_if(!points.is_empty())?,
        domain,
        days,
        points: with_changes(points),
    }))
}

fn with_changes(points: Vec<ScorePoint>) -> Vec<Point> {
    let mut before: Option<u8> = None;
    let dated = points.into_iter().map(|point| Point {
        at: point.scored_at,
        score: point.score,
        band: point.band,
        confidence: point.confidence,
        change: before
            .replace(point.score)
            .map(|before| i16::from(point.score) - i16::from(before)),
        model_version: point.model_version,
    });
    dated.collect()
}

impl HistoryQuery {
    fn read(uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &HISTORY)?;
        Ok(Self {
            domain: Domain::parse(params.required(&DOMAIN)?)?,
            days: params.number(&DAYS)?,
        })
    }
}
