use api::{ApiError, Caller, FieldError, JsonBody};
use axum::Json;
use axum::extract::State;
use liquidity::{
    Holding, Holdings, PortfolioReport, PortfolioRequest, Snapshot, ValidPortfolio, portfolio,
};
use types::Timestamp;

use crate::App;
use crate::answer::Scored;

/// `POST /api/v1/portfolio/liquidity`: what a portfolio would take to sell.
pub(crate) async fn report(
    State(app): State<App>,
    caller: Caller,
    JsonBody(request): JsonBody<PortfolioRequest>,
) -> Result<Json<PortfolioReport>, ApiError> {
    let valid = request.and_then(|request| valid(&request));
    let (call, valid) = caller.authorize(valid).await?;
    let now = app.context.clock().now();
    let (_, holdings) = call.admit_while(|_| app.holdings(now)).await?;
    Ok(Json(portfolio(&valid, &holdings)))
}

impl App {
    /// What is known of every protocol.
    async fn holdings(&self, now: Timestamp) -> Result<Holdings, ApiError> {
        let all = self.listing.all(now).await?;
        let tracks = self.listing.tracks(now).await?;
        let mut holdings: Holdings = all
            .iter()
            .map(|scored| (scored.protocol.slug.clone(), holding(scored)))
            .collect();
        for track in tracks {
            if let Some(holding) = holdings.get_mut(&track.slug) {
                let days = track.snapshots.iter().filter_map(|snapshot| {
                    let Snapshot { date, aum_usd, .. } = *snapshot;
                    Some((date, aum_usd?))
                });
                holding.aum_history = days.collect();
            }
        }
        Ok(holdings)
    }
}

fn holding(scored: &Scored) -> Holding {
    let facts = scored.protocol.monitor.scored_facts();
    let turnover = facts.secondary.monthly_turnover;
    Holding {
        score: scored.points(),
        aum_usd: facts.aum_usd,
        monthly_volume_usd: facts.aum_usd.zip(turnover).map(|(aum, share)| aum * share),
        redemption: facts.redemption,
        issuer: scored.protocol.issuer.clone(),
        blockchains: scored.protocol.blockchains.clone(),
        jurisdiction: facts.jurisdiction,
        aum_history: Vec::new(),
    }
}

/// The portfolio, or all that is wrong with it.
fn valid(request: &PortfolioRequest) -> Result<ValidPortfolio, ApiError> {
    ValidPortfolio::new(request).map_err(|errors| {
        let told = errors.iter();
        let told: Vec<FieldError> = told
            .map(|error| FieldError::new(error.field(), error.reason(), error.to_string()))
            .collect();
        ApiError::fields(&told)
    })
}
