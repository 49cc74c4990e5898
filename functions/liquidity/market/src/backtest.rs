use api::{ApiError, Caller, Params};
use axum::Json;
use axum::extract::State;
use endpoints::liquidity::{BACKTEST, DAYS_BACK};
use http::Uri;
use liquidity::{Backtest, Period, backtest};
use types::date_of;

use crate::App;

/// Of the bootstrap samples: the same question has the same answer.
const SEED: u64 = 1;

/// `GET /api/v1/backtest`: what came after the scores of the past.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Backtest>, ApiError> {
    let days = Params::read(&uri, &BACKTEST).and_then(|params| params.number(&DAYS_BACK));
    let (call, days) = caller.authorize(days).await?;
    let now = app.context.clock().now();
    let (_, tracks) = call.admit_while(|_| app.listing.tracks(now)).await?;
    let period = Period {
        end: date_of(now),
        days_back: u16::try_from(days).unwrap_or(u16::MAX),
        seed: SEED,
    };
    Ok(Json(backtest(&tracks, period)))
}
