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
    let (_, holdings) = call.admit_while(|_| app.holdings(&valid, now)).await?;
    Ok(Json(portfolio(&valid, &holdings)))
}

impl App {
    /// What is known of the protocols that are held.
    async fn holdings(&self, held: &ValidPortfolio, now: Timestamp) -> Result<Holdings, ApiError> {
        let all = self.listing.all(now).await?;
        let snapshots = self.listing.snapshots(now).await?;
        let held = all.iter().filter(|of| held.holds(&of.protocol.slug));
        let holdings = held.map(|scored| {
            let slug = &scored.protocol.slug;
            let history = snapshots.get(slug).map_or(&[][..], Vec::as_slice);
            (slug.clone(), holding(scored, history))
        });
        Ok(holdings.collect())
    }
}

fn holding(scored: &Scored, history: &[Snapshot]) -> Holding {
    let facts = scored.protocol.monitor.scored_facts();
    let turnover = facts.secondary.monthly_turnover;
    let days = history.iter().filter_map(|of| Some((of.date, of.aum_usd?)));
    Holding {
        score: scored.points(),
        aum_usd: facts.aum_usd,
        monthly_volume_usd: facts.aum_usd.zip(turnover).map(|(aum, share)| aum * share),
        redemption: facts.redemption,
        issuer: scored.protocol.issuer.clone(),
        blockchains: scored.protocol.blockchains.clone(),
        jurisdiction: facts.jurisdiction,
        aum_history: days.collect(),
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
