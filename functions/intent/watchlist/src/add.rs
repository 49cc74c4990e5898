use api::{ApiError, Caller, Code, Idempotent, JsonBody};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use intent_store::Added;
use scores::CacheLookup;
use types::Timestamp;

use crate::App;
use crate::answer::AddedAnswer;
use crate::form::WatchForm;

/// `POST /api/v1/watchlist`: adds a company, and returns its current score, which costs what a score costs.
///
/// The charge comes before the entry, so that no list shows a score that is not paid for.
pub(crate) async fn add(
    State(app): State<App>,
    caller: Caller,
    JsonBody(form): JsonBody<WatchForm>,
) -> Result<Idempotent<(StatusCode, Json<AddedAnswer>)>, ApiError> {
    let now = app.context.clock().now();
    let (call, wanted) = caller.authorize(form.and_then(WatchForm::parse)).await?;
    call.once(&wanted, async |call, seed| {
        let (call, cached) = call
            .admit_unless_free(
                |account| app.scores.look_up(account, &wanted.domain, now),
                CacheLookup::is_unknown,
            )
            .await?;
        let (account, domain) = (call.account(), &wanted.domain);
        let scored = app.scores.complete(account, domain, cached, now).await?;
        // Before the entry is stored, which shows the score.
        call.settle_if(scored.has_signals())?;
        let entry = wanted.entry(account, seed.id(), &scored.score, now);
        let limit = call.allowance()?.limit();
        let added = app.workspace.add_watch(&entry, limit, app.due(now)).await?;
        let (entry, is_owed) = match added {
            Added::Yes => (entry, scored.has_signals()),
            // An interrupted run of this request has added it, and was charged.
            Added::Exists(known) if known.watch == entry.watch => (*known, false),
            Added::Exists(_) => return Err(duplicate()),
            Added::Full => return Err(full(limit.unwrap_or(0))),
        };
        let answer = AddedAnswer::of(entry, now, call.settle_if(is_owed)?);
        Ok((StatusCode::CREATED, Json(answer)))
    })
    .await
}

impl App {
    /// When the next score of a company is due that no account watched before.
    fn due(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_second(now.as_second() + self.period).unwrap_or(now)
    }
}

fn duplicate() -> ApiError {
    let message = "this company is already on the watchlist; PATCH its entry to change it";
    ApiError::new(Code::Duplicate, message).reason("already_watched")
}

fn full(limit: u64) -> ApiError {
    let message = format!("the plan allows {limit} watched companies; remove one, or upgrade");
    ApiError::new(Code::LimitReached, message)
        .reason("resource")
        .with("limit", limit)
}
