use api::{ApiError, Caller, Code, Params};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use endpoints::webhooks::{DELIVERIES_LIMIT, EVENT, STATE, liquidity};
use http::{StatusCode, Uri};
use types::{DeliveryId, WebhookId, whole_second};
use webhook_store::{DeliveryRow, DeliveryState};

use crate::answer::{DeliveryAnswer, DeliveryDetails, DeliveryPage};
use crate::{App, PathId, named};

struct ListQuery {
    limit: usize,
    state: Option<DeliveryState>,
    event: Option<String>,
    cursor: Option<DeliveryId>,
}

type DeliveryPath = Result<Path<(String, String)>, PathRejection>;

/// `GET …/webhooks/{webhook_id}/deliveries`: the deliveries of a webhook.
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
    uri: Uri,
) -> Result<Json<DeliveryPage>, ApiError> {
    let input = ListQuery::read(&uri).and_then(|query| Ok((named(id)?, query)));
    let (call, (id, query)) = caller.authorize(input).await?;
    let call = call.admit().await?;
    let account = call.account();
    app.found(account, call.product(), id).await?;
    let page = app.deliveries.page(account, id, query.cursor, query.limit);
    let (rows, next_cursor) = page.await?;
    let now = app.context.clock().now().as_second();
    let rows = rows.iter().filter(|row| {
        let is_in_state = query.state.is_none_or(|state| row.state == state);
        let is_of_type = query.event.as_ref().is_none_or(|event| row.kind == *event);
        is_in_state && is_of_type && now < row.expires
    });
    Ok(Json(DeliveryPage {
        deliveries: rows.map(DeliveryAnswer::from).collect(),
        next_cursor,
    }))
}

/// `GET …/webhooks/{webhook_id}/deliveries/{delivery_id}`: one delivery.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    path: DeliveryPath,
) -> Result<Json<DeliveryDetails>, ApiError> {
    let (call, (id, delivery)) = caller.authorize(both(path)).await?;
    let call = call.admit().await?;
    app.found(call.account(), call.product(), id).await?;
    let found = app.deliveries.find(call.account(), id, delivery).await?;
    Ok(Json(app.kept(found)?.into()))
}

/// `POST …/webhooks/{webhook_id}/deliveries/{delivery_id}/resend`: sends a delivery again, now.
pub(crate) async fn resend(
    State(app): State<App>,
    caller: Caller,
    path: DeliveryPath,
) -> Result<(StatusCode, Json<DeliveryAnswer>), ApiError> {
    let (call, (id, delivery)) = caller.authorize(both(path)).await?;
    let call = call.admit().await?;
    let webhook = app.found(call.account(), call.product(), id).await?;
    let found = app.deliveries.find(call.account(), id, delivery).await?;
    let before = app.kept(found)?;
    if webhook.config.disabled.is_some() {
        let message = "the webhook is disabled; enable it first";
        return Err(ApiError::new(Code::Duplicate, message).reason("webhook_disabled"));
    }
    if before.is_worn_out() {
        let message = format!(
            "this delivery was attempted {} times, which is the most",
            before.made
        );
        return Err(ApiError::new(Code::LimitReached, message).reason("resource"));
    }
    let now = whole_second(app.context.clock().now());
    let resent = app.deliveries.resend(&before, now).await?;
    let row = resent.ok_or_else(|| {
        let message = "an attempt of this delivery is being made; look at what comes of it first";
        ApiError::new(Code::InProgress, message).retry_after(15)
    })?;
    Ok((StatusCode::ACCEPTED, Json(DeliveryAnswer::from(&row))))
}

impl App {
    /// A delivery that has not expired.
    fn kept(&self, found: Option<DeliveryRow>) -> Result<DeliveryRow, ApiError> {
        let now = self.context.clock().now().as_second();
        found.filter(|row| now < row.expires).ok_or_else(unknown)
    }
}

impl ListQuery {
    /// The parameters are the same for every product.
    fn read(uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &liquidity::DELIVERY_LIST)?;
        Ok(Self {
            limit: params.number(&DELIVERIES_LIMIT)?,
            state: params.word(&STATE, &DeliveryState::ALL, DeliveryState::as_str)?,
            event: params.optional(&EVENT).map(str::to_owned),
            cursor: params.cursor(|text| text.parse().ok())?,
        })
    }
}

/// The ids in the path. Text that cannot be one is no webhook's and no delivery's.
fn both(path: DeliveryPath) -> Result<(WebhookId, DeliveryId), ApiError> {
    let Path((webhook, delivery)) = path.map_err(|_| unknown())?;
    let webhook = webhook.parse().map_err(|_| crate::unknown())?;
    Ok((webhook, delivery.parse().map_err(|_| unknown())?))
}

fn unknown() -> ApiError {
    ApiError::not_found("delivery")
}
