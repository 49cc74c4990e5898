use api::{ApiError, Caller};
use axum::Json;
use axum::extract::State;
use liquidity::{Listed, MarketOverview};

use crate::App;

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
