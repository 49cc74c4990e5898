use api::{ApiError, Caller};
use axum::Json;
use axum::extract::State;
use liquidity::{Listed, MarketOverview, Methodology, methodology};
use schemars::JsonSchema;
use serde::Serialize;

use crate::App;

/// How scores are made.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "MethodologyList")]
pub(crate) struct MethodologyAnswer {
    /// The version of today.
    current: &'static str,
    /// Every version that scores of the past may have, the newest first.
    versions: Vec<Methodology>,
}

/// `GET /api/v1/market`: the market as a whole.
pub(crate) async fn overview(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<MarketOverview>, ApiError> {
    let (call, ()) = caller.authorize(Ok(())).await?;
    let now = app.context.clock().now();
    let (_, all) = call.admit_while(|_| app.listing.all(now)).await?;
    let listed: Vec<Listed> = all
        .iter()
        .map(|scored| Listed {
            slug: scored.protocol.slug.clone(),
            name: scored.protocol.name.clone(),
            category: scored.protocol.category,
            aum_usd: scored.aum_usd(),
            score: scored.points(),
        })
        .collect();
    Ok(Json(MarketOverview::of(&listed)))
}

/// `GET /api/v1/methodology`: how scores are made.
pub(crate) async fn how(caller: Caller) -> Result<Json<MethodologyAnswer>, ApiError> {
    let (call, ()) = caller.authorize(Ok(())).await?;
    call.admit().await?;
    let current = methodology();
    Ok(Json(MethodologyAnswer {
        current: current.version,
        versions: vec![current],
    }))
}
