use api::{ApiError, Caller, Params};
use axum::Json;
use axum::extract::State;
use endpoints::intent::{DAYS, DOMAIN, HISTORY};
use http::Uri;
use intent::{Band, Confidence};
use intent_store::{HISTORY_DAYS, ScorePoint};
use schemars::JsonSchema;
use serde::Serialize;
use types::{Credits, Domain, Timestamp};

use crate::App;

/// The response of `GET /api/v1/score/history`.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ScoreHistory")]
pub(crate) struct HistoryAnswer {
    /// The company.
    domain: Domain,
    /// UTC days looked back.
    days: usize,
    /// The oldest first, at most one a day.
    points: Vec<Point>,
    /// What the call cost: 1, or 0 without points.
    credits_charged: Credits,
}

#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ScorePoint")]
struct Point {
    /// The moment of the score.
    at: Timestamp,
    /// Points.
    #[schemars(range(max = 100))]
    score: u8,
    /// As that score had it.
    band: Band,
    /// As that score had it.
    confidence: Confidence,
    /// Points over the point before; absent on the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -100, max = 100))]
    change: Option<i16>,
    /// The formula and table used.
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
