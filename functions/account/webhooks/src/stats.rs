use api::{AdmittedCall, ApiError, Caller};
use axum::Json;
use axum::extract::State;
use quota::Plan;
use schemars::JsonSchema;
use serde::Serialize;
use types::{Feature, Timestamp, whole_second};
use webhook_store::{DayCount, MonthLimit};

use crate::{App, PathId, named};

/// The requests to a webhook.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "WebhookStats")]
pub(crate) struct StatsAnswer {
    /// Requests of these days that have succeeded.
    succeeded: u64,
    /// Requests of these days that have failed.
    failed: u64,
    /// The share of the requests that have succeeded, from 0 to 1; null if there were none.
    #[schemars(range(min = 0, max = 1))]
    success_rate: Option<f64>,
    /// Until when no requests are sent, since the endpoint has failed several times in a row; null if they are.
    paused_until: Option<Timestamp>,
    /// The last seven UTC days, the newest first.
    days: Vec<DayAnswer>,
    /// The account's deliveries of the UTC month, of a plan that limits them.
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<MonthAnswer>,
}

/// The requests of one UTC day.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "WebhookDay")]
struct DayAnswer {
    /// The day.
    #[schemars(extend("format" = "date"))]
    date: String,
    /// Requests that have succeeded.
    succeeded: u64,
    /// Requests that have failed.
    failed: u64,
    /// How long a request took on average, in milliseconds; null if there were none.
    average_duration_ms: Option<u64>,
}

/// Deliveries of a UTC month.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "WebhookMonth")]
struct MonthAnswer {
    /// Deliveries that the plan includes.
    limit: u64,
    /// Deliveries made to all webhooks of the product; further ones are held.
    used: u64,
    /// When the next month begins.
    resets_at: Timestamp,
}

/// `GET …/webhooks/{webhook_id}/stats`: the requests to a webhook by day.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
) -> Result<Json<StatsAnswer>, ApiError> {
    let (call, id) = caller.authorize(named(id)).await?;
    let call = call.admit().await?;
    let webhook = app.found(call.account(), call.product(), id).await?;
    let now = app.context.clock().now();
    let days: Vec<DayCount> = webhook.days.until(now).collect();
    let succeeded: u64 = days.iter().map(|day| day.succeeded).sum();
    let failed: u64 = days.iter().map(|day| day.failed).sum();
    let open_until = webhook.health.and_then(|health| health.open_until(now));
    let month = match app.month(&call) {
        Some(month) => {
            let count = app.deliveries.of_month(&month).await?;
            Some(MonthAnswer {
                limit: month.limit,
                used: count.deliveries,
                resets_at: month.resets_at(),
            })
        }
        None => None,
    };
    Ok(Json(StatsAnswer {
        succeeded,
        failed,
        success_rate: share(succeeded, succeeded + failed),
        paused_until: open_until.filter(|until| now < *until).map(whole_second),
        days: days.into_iter().map(DayAnswer::from).collect(),
        month,
    }))
}

impl App {
    /// The limit of deliveries in this month; none if the plan has none.
    pub(crate) fn month(&self, call: &AdmittedCall) -> Option<MonthLimit> {
        let limit = Plan::limit(call.product(), &call.meter().plan, Feature::Deliveries);
        let now = whole_second(self.context.clock().now());
        MonthLimit::new((call.account(), call.product()), limit, now)
    }
}

impl From<DayCount> for DayAnswer {
    fn from(day: DayCount) -> Self {
        let requests = day.succeeded + day.failed;
        Self {
            date: day.date.to_string(),
            succeeded: day.succeeded,
            failed: day.failed,
            average_duration_ms: day.duration_ms.checked_div(requests),
        }
    }
}

/// A share to four places.
#[expect(clippy::cast_precision_loss, reason = "far below 2^53 requests")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0)
}
