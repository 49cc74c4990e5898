use api::{ApiError, AuthorizedCall, Caller, Idempotent, JsonBody, Params};
use axum::Json;
use axum::extract::State;
use endpoints::intent::{DOMAIN, PREVIEW_STORED, PROFILE};
use http::Uri;
use intent::{Band, Confidence, Momentum, Score};
use schemars::JsonSchema;
use scores::Preview;
use serde::Serialize;
use types::{AccountId, Credits, Domain};

use crate::App;
use crate::form::{By, PreviewForm, profile_id};

/// A score by a profile, and its difference from the standard score.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ScorePreview")]
pub(crate) struct PreviewAnswer {
    #[serde(flatten)]
    score: Score,
    /// The score by the model's own table, from the same signals.
    standard: Standard,
    /// `score` − `standard.score`, in points.
    #[schemars(range(min = -100, max = 100))]
    difference: i16,
    /// What the call cost: 1, or 0 without signals.
    credits_charged: Credits,
}

#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "StandardScore")]
struct Standard {
    /// Points.
    #[schemars(range(max = 100))]
    score: u8,
    /// What the score means for a salesperson.
    band: Band,
    /// How well the score is supported by signals.
    confidence: Confidence,
    /// The score compared with the company's own past.
    momentum: Momentum,
    /// The formula and table used.
    model_version: String,
}

/// `GET /api/v1/score/preview`: previews a score by a stored profile.
pub(crate) async fn stored(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<PreviewAnswer>, ApiError> {
    let (call, (domain, by)) = caller.authorize(read(&uri)).await?;
    preview(&app, call, &domain, by).await
}

/// `POST /api/v1/score/preview`: previews a score by a stored profile, or by weights and half-lives in the request.
pub(crate) async fn given(
    State(app): State<App>,
    caller: Caller,
    JsonBody(form): JsonBody<PreviewForm>,
) -> Result<Idempotent<Json<PreviewAnswer>>, ApiError> {
    let input = form.and_then(|form| Ok((form.parse()?, form)));
    let (call, ((domain, by), form)) = caller.authorize(input).await?;
    call.once(&form, async |call, _| {
        preview(&app, call, &domain, by).await
    })
    .await
}

fn read(uri: &Uri) -> Result<(Domain, By), ApiError> {
    let params = Params::read(uri, &PREVIEW_STORED)?;
    let domain = Domain::parse(params.required(&DOMAIN)?)?;
    let profile = params.required(&PROFILE)?;
    Ok((domain, By::Stored(profile_id(profile)?)))
}

async fn preview(
    app: &App,
    call: AuthorizedCall,
    domain: &Domain,
    by: By,
) -> Result<Json<PreviewAnswer>, ApiError> {
    let (call, scored) = call
        .admit_unless_free(
            |account| app.preview(account, domain, by),
            |scored| !scored.standard.has_signals(),
        )
        .await?;
    // The charge depends on the stored signals, even if the profile weights all of them with zero.
    let credits_charged = call.settle_if(scored.standard.has_signals())?;
    Ok(Json(PreviewAnswer::of(scored, credits_charged)))
}

impl App {
    async fn preview(
        &self,
        account: AccountId,
        domain: &Domain,
        by: By,
    ) -> Result<Preview, ApiError> {
        let now = self.context.clock().now();
        let profile = match by {
            By::Given(profile) => profile,
            By::Stored(id) => {
                let stored = self.workspace.profile(account, id).await?;
                stored
                    .ok_or_else(|| ApiError::not_found("profile"))?
                    .profile
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
