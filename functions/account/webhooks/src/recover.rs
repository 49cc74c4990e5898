use api::{ApiError, Caller, Code, Idempotent, JsonBody};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{Timestamp, whole_second};
use webhook_store::{RecoveryRow, RecoveryState};

use crate::span::{in_order, moment};
use crate::{App, PathId, named};

/// What to send again.
#[derive(Debug, JsonSchema, Deserialize)]
#[schemars(rename = "RecoverForm", extend("required" = ["since"]))]
#[serde(deny_unknown_fields, expecting = "a recovery is a JSON object")]
pub(crate) struct RecoverForm {
    /// Deliveries of events from this moment on: a time (RFC 3339), or a day, which is its beginning in UTC.
    #[serde(default)]
    #[schemars(extend("example" = "2026-11-27T06:00:00Z"))]
    since: String,
    /// Deliveries of events before this moment; now, if it is left out.
    #[schemars(extend("example" = "2026-11-28"))]
    until: Option<String>,
}

#[derive(Debug, Serialize)]
struct Span {
    since: Timestamp,
    until: Option<Timestamp>,
}

/// A recovery: deliveries of a span of time that were not delivered are sent again.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Recovery")]
pub(crate) struct RecoveryAnswer {
    /// How far it is: `running` or `done`.
    state: &'static str,
    /// Deliveries of events from this moment on.
    since: Timestamp,
    /// Deliveries of events before this moment.
    until: Timestamp,
    /// Deliveries that were sent again so far.
    resent_count: u64,
    /// Deliveries that stay held, since the month's were used.
    held_count: u64,
    /// When it began.
    started_at: Timestamp,
    /// When it ended.
    ended_at: Option<Timestamp>,
}

/// `POST …/webhooks/{webhook_id}/recover`: sends what was not delivered in a span of time again.
pub(crate) async fn recover(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
    JsonBody(form): JsonBody<RecoverForm>,
) -> Result<Idempotent<(StatusCode, Json<RecoveryAnswer>)>, ApiError> {
    let input = form
        .and_then(|form| span(&form))
        .and_then(|span| Ok((named(id)?, span)));
    let (call, (id, span)) = caller.authorize(input).await?;
    let content = (id.to_string(), &span);
    call.once(&content, async |call, seed| {
        let call = call.admit().await?;
        let now = whole_second(app.context.clock().now());
        let until = span.until.unwrap_or(now);
        in_order(span.since, until)?;
        let (account, product) = (call.account(), call.product());
        let webhook = app.found(account, product, id).await?;
        if webhook.config.disabled.is_some() {
            return Err(disabled());
        }
        let run = seed.id::<types::Request>().suffix();
        let new = RecoveryRow::new((account, product, id), run, (span.since, until), now);
        let row = match app.deliveries.begin_recovery(&new).await? {
            Ok(()) => new,
            Err(known) if known.run == new.run => known,
            Err(_) => {
                let message = "a recovery of this webhook is running; look at how far it is, and wait until it is done";
                return Err(ApiError::new(Code::InProgress, message).retry_after(15));
            }
        };
        Ok((StatusCode::ACCEPTED, Json(row.into())))
    })
    .await
}

/// `GET …/webhooks/{webhook_id}/recover`: the last recovery of a webhook.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
) -> Result<Json<RecoveryAnswer>, ApiError> {
    let (call, id) = caller.authorize(named(id)).await?;
    let call = call.admit().await?;
    app.found(call.account(), call.product(), id).await?;
    let found = app.deliveries.recovery(call.account(), id).await?;
    let now = app.context.clock().now().as_second();
    let kept = found.filter(|row| now < row.expires);
    let row = kept.ok_or_else(|| ApiError::not_found("recovery"))?;
    Ok(Json(row.into()))
}

/// Nothing is sent again to a webhook that is sent nothing.
pub(crate) fn disabled() -> ApiError {
    let message = "the webhook is disabled; enable it first";
    ApiError::new(Code::Duplicate, message).reason("webhook_disabled")
}

fn span(form: &RecoverForm) -> Result<Span, ApiError> {
    let until = form.until.as_deref();
    Ok(Span {
        since: moment("since", &form.since)?,
        until: until.map(|text| moment("until", text)).transpose()?,
    })
}

impl From<RecoveryRow> for RecoveryAnswer {
    fn from(row: RecoveryRow) -> Self {
        Self {
            state: match row.state {
                RecoveryState::Running => "running",
                RecoveryState::Done => "done",
            },
            since: row.since,
            until: row.until,
            resent_count: row.resent,
            held_count: row.held,
            started_at: row.started_at,
            ended_at: row.ended_at,
        }
    }
}
