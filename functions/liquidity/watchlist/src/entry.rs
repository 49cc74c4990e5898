use api::{ApiError, Caller, JsonBody};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use liquidity_store::{ProtocolWatch, WatchChange};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{ProtocolSlug, whole_second};

use crate::App;
use crate::answer::EntryAnswer;

/// What to change of an entry. What is left out stays as it is.
#[derive(Debug, JsonSchema, Deserialize)]
#[schemars(rename = "ChangeProtocolForm")]
#[serde(deny_unknown_fields, expecting = "a change is a JSON object")]
#[expect(clippy::struct_field_names, reason = "they are the names on the wire")]
pub(crate) struct ChangeForm {
    /// Whether a change of the score is reported.
    alert_on_score_change: Option<bool>,
    /// Whether a change of the tier is reported.
    alert_on_tier_change: Option<bool>,
    /// Points of change from which on a score change is reported.
    #[schemars(range(min = 1, max = 100))]
    alert_threshold: Option<i64>,
}

/// The response to a removal.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Removed")]
pub(crate) struct Removed {
    /// Always true.
    success: bool,
}

type Subject = Result<Path<String>, PathRejection>;

/// `GET /api/v1/watchlist/{subject}`: one entry.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    subject: Subject,
) -> Result<Json<EntryAnswer>, ApiError> {
    let (call, slug) = caller.authorize(named(subject)).await?;
    let find = |account| app.watchlists.entry(account, slug.as_str());
    let (_, found) = call.admit_while(find).await?;
    app.answer(found.ok_or_else(not_watched)?).await
}

/// `PATCH /api/v1/watchlist/{subject}`: changes what is reported of a protocol.
pub(crate) async fn change(
    State(app): State<App>,
    caller: Caller,
    subject: Subject,
    JsonBody(form): JsonBody<ChangeForm>,
) -> Result<Json<EntryAnswer>, ApiError> {
    let input = form
        .and_then(ChangeForm::parse)
        .and_then(|change| Ok((named(subject)?, change)));
    let (call, (slug, change)) = caller.authorize(input).await?;
    let call = call.admit().await?;
    let attributes = change.attributes(whole_second(app.context.clock().now()));
    let changed = app
        .watchlists
        .change(call.account(), slug.as_str(), attributes)
        .await?;
    app.answer(changed.ok_or_else(not_watched)?).await
}

/// `DELETE /api/v1/watchlist/{subject}`: no longer watches a protocol.
pub(crate) async fn remove(
    State(app): State<App>,
    caller: Caller,
    subject: Subject,
) -> Result<Json<Removed>, ApiError> {
    let (call, slug) = caller.authorize(named(subject)).await?;
    let call = call.admit().await?;
    let was_there = app.watchlists.remove(call.account(), slug.as_str()).await?;
    if was_there {
        Ok(Json(Removed { success: true }))
    } else {
        Err(not_watched())
    }
}

impl App {
    /// An entry with what is known of its protocol.
    async fn answer(&self, entry: ProtocolWatch) -> Result<Json<EntryAnswer>, ApiError> {
        let protocol = self.protocols.find(&entry.slug).await?;
        Ok(Json(EntryAnswer::of(entry, protocol.as_ref())))
    }
}

impl ChangeForm {
    fn parse(self) -> Result<WatchChange, ApiError> {
        Ok(WatchChange {
            alert_on_score_change: self.alert_on_score_change,
            alert_on_tier_change: self.alert_on_tier_change,
            alert_threshold: self.alert_threshold.map(points).transpose()?,
        })
    }
}

fn points(given: i64) -> Result<u8, ApiError> {
    let points = u8::try_from(given).ok();
    let in_range = points.filter(|points| (1..=100).contains(points));
    in_range.ok_or_else(|| {
        let message = format!(
            "alert_threshold is a whole number of points from 1 to 100, such as 10, not {given}"
        );
        ApiError::invalid("alert_threshold", message).reason("number_out_of_range")
    })
}

/// The slug in the path. Text that cannot be one is on no watchlist.
fn named(path: Subject) -> Result<ProtocolSlug, ApiError> {
    let Path(text) = path.map_err(|_| not_watched())?;
    text.parse().map_err(|_| not_watched())
}

fn not_watched() -> ApiError {
    ApiError::not_found("protocol on the watchlist")
}
