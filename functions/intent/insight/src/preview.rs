use api::{ApiError, Caller, JsonBody, Params, Permitted};
use axum::Json;
use axum::extract::State;
use futures::FutureExt;
use futures::future::try_join;
use http::Uri;
use intent::{Band, Confidence, Momentum, Score};
use scores::{PRICE, Preview};
use serde::Serialize;
use types::{Credits, Domain};

use crate::form::{By, PreviewForm, profile_id};
use crate::{App, READ, WRITE};

/// A score by a profile, and how it differs from what everyone gets.
#[derive(Debug, Serialize)]
pub(crate) struct PreviewAnswer {
    #[serde(flatten)]
    score: Score,
    standard: Standard,
    /// Points by which the profile's score is above the standard one, negative if below.
    difference: i16,
    credits_charged: Credits,
}

#[derive(Debug, Serialize)]
struct Standard {
    score: u8,
    band: Band,
    confidence: Confidence,
    momentum: Momentum,
    model_version: String,
}

/// `GET /api/v1/score/preview`: by a profile that is kept.
pub(crate) async fn saved(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<PreviewAnswer>, ApiError> {
    let (caller, (domain, by)) = caller.check(READ, read(&uri)).await?;
    preview(&app, &caller, &domain, by).await
}

/// `POST /api/v1/score/preview`: by a profile that is kept, or by numbers of the request's own.
pub(crate) async fn given(
    State(app): State<App>,
    caller: Caller,
    JsonBody(form): JsonBody<PreviewForm>,
) -> Result<Json<PreviewAnswer>, ApiError> {
    let input = form.and_then(|form| Ok((form.parse()?, form)));
    let (caller, ((domain, by), form)) = caller.check(WRITE, input).await?;
    caller.once(&form).await?;
    preview(&app, &caller, &domain, by).await
}

fn read(uri: &Uri) -> Result<(Domain, By), ApiError> {
    let params = Params::read(uri, &["domain", "profile"])?;
    let domain = Domain::parse(params.required("domain", "stripe.com")?)?;
    let profile = params.required("profile", "profile_01k9xw3tkbc2v6m8p4h0r5zqde")?;
    Ok((domain, By::Kept(profile_id(profile)?)))
}

async fn preview(
    app: &App,
    caller: &Permitted,
    domain: &Domain,
    by: By,
) -> Result<Json<PreviewAnswer>, ApiError> {
    let scored = app.preview(caller, domain, by);
    let ((), scored) = try_join(caller.admit(PRICE), scored.map(Ok)).await?;
    let scored = scored?;
    // What is paid for is what is known, whatever a profile leaves of it.
    let credits_charged = if scored.standard.has_signals() {
        PRICE
    } else {
        caller.waive();
        Credits::ZERO
    };
    Ok(Json(PreviewAnswer::of(scored, credits_charged)))
}

impl App {
    async fn preview(
        &self,
        caller: &Permitted,
        domain: &Domain,
        by: By,
    ) -> Result<Preview, ApiError> {
        let now = self.gate.clock().now();
        let account = caller.account();
        let profile = match by {
            By::Given(profile) => profile,
            By::Kept(id) => {
                let kept = self.workspace.profile(account, id).await?;
                kept.ok_or_else(|| ApiError::not_found("profile"))?.profile
            }
        };
        Ok(self.scores.preview(account, domain, &profile, now).await?)
    }
}

impl PreviewAnswer {
    fn of(Preview { score, standard }: Preview, credits_charged: Credits) -> Self {
        Self {
            difference: i16::from(score.score) - i16::from(standard.score),
            score,
            standard: Standard {
                score: standard.score,
                band: standard.band,
                confidence: standard.confidence,
                momentum: standard.momentum,
                model_version: standard.model_version,
            },
            credits_charged,
        }
    }
}
