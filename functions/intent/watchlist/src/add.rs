use accounts::Meter;
use api::{ApiError, Caller, Code, JsonBody};
use axum::Json;
use axum::extract::State;
use futures::FutureExt;
use futures::future::try_join;
use http::StatusCode;
use intent_store::Added;
use quota::Plan;
use types::{Product, Timestamp};

use crate::answer::EntryAnswer;
use crate::form::WatchForm;
use crate::{App, WRITE};

/// `POST /api/v1/watchlist`: watches a company from now on, with the score that is known of it right away.
pub(crate) async fn add(
    State(app): State<App>,
    caller: Caller,
    JsonBody(form): JsonBody<WatchForm>,
) -> Result<(StatusCode, Json<EntryAnswer>), ApiError> {
    let now = app.gate.clock().now();
    let (caller, wanted) = caller.check(WRITE, form.and_then(WatchForm::parse)).await?;
    let seed = caller.once(&wanted).await?;
    // The read needs no leave, so both take one round trip's time; one that fails must not end an admission on its way.
    let (account, domain) = (caller.account(), wanted.domain.clone());
    let standing = app.scores.standing(account, &domain, now);
    let (meter, standing) = try_join(caller.admit_on_meter(), standing.map(Ok)).await?;
    let scored = app.scores.settle(account, &domain, standing?, now).await?;
    let entry = wanted.entry(account, seed.id(), &scored.score, now);
    let limit = limit(&meter);
    let added = app.workspace.add_watch(&entry, limit, app.due(now)).await?;
    let entry = match added {
        Added::Yes => entry,
        // A run of this request that was broken off has added it.
        Added::Exists(known) if known.watch == entry.watch => *known,
        Added::Exists(_) => return Err(duplicate()),
        Added::Full => return Err(full(limit.unwrap_or(0))),
    };
    Ok((StatusCode::CREATED, Json(EntryAnswer::of(entry, now))))
}

/// How many entries the plan of a meter has room for. A plan that no longer exists has room for none.
fn limit(meter: &Meter) -> Option<u64> {
    Plan::named(Product::Intent, &meter.plan).map_or(Some(0), |plan| plan.watch_limit)
}

impl App {
    /// When the next score is due of a company that nobody watched before.
    fn due(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_second(now.as_second() + self.period).unwrap_or(now)
    }
}

fn duplicate() -> ApiError {
    let message = "this company is on the watchlist already; PATCH its entry to change it";
    ApiError::new(Code::Duplicate, message).reason("already_watched")
}

fn full(limit: u64) -> ApiError {
    let message = format!(
        "the plan's watchlist has room for {limit} companies and is full; remove one, or upgrade"
    );
    ApiError::new(Code::LimitReached, message)
        .reason("resource")
        .with("limit", limit)
}
