use api::{ApiError, Caller, Code, Params};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use endpoints::Param;
use endpoints::webhooks::{DELIVERIES_LIMIT, EVENT, SINCE, STATE, UNTIL, liquidity};
use http::{StatusCode, Uri};
use types::{DeliveryId, Timestamp, WebhookId, whole_second};
use webhook_store::{DeliveryRow, DeliveryState, Resent};

use crate::answer::{DeliveryAnswer, DeliveryDetails, DeliveryPage};
use crate::recover::disabled;
use crate::span::{in_order, moment};
use crate::{App, PathId, named};

struct ListQuery {
    limit: usize,
    state: Option<DeliveryState>,
    event: Option<String>,
    since: Option<Timestamp>,
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
    let (rows, next) = page.await?;
    let now = app.context.clock().now().as_second();
    let is_in_span = |row: &&DeliveryRow| query.since.is_none_or(|since| row.created_at >= since);
    let in_span: Vec<&DeliveryRow> = rows.iter().take_while(is_in_span).collect();
    let next_cursor = next.filter(|_| in_span.len() == rows.len());
    let rows = in_span.into_iter().filter(|row| {
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
        return Err(disabled());
    }
    if before.body.is_none() {
        let message = "the body of this delivery is no longer kept, as it was delivered";
        return Err(ApiError::new(Code::Duplicate, message).reason("body_removed"));
    }
    if before.is_worn_out() {
        let message = format!(
            "this delivery was attempted {} times, which is the most",
            before.made
        );
        return Err(ApiError::new(Code::LimitReached, message).reason("resource"));
    }
    let now = whole_second(app.context.clock().now());
    let month = app.month(&call);
    let (deliveries, by) = (&app.deliveries, types::unique(now));
    match deliveries.resend(&before, &by, month.as_ref(), now).await? {
        Resent::Yes(row) => Ok((StatusCode::ACCEPTED, Json(DeliveryAnswer::from(&*row)))),
        Resent::Busy => {
            let message =
                "an attempt of this delivery is being made; look at what comes of it first";
            Err(ApiError::new(Code::InProgress, message).retry_after(15))
        }
        Resent::Full => {
            let limit = month.map_or(0, |month| month.limit);
            let message = format!(
                "the plan's {limit} deliveries of this month are used; send it again next month, or upgrade"
            );
            let error = ApiError::new(Code::LimitReached, message).reason("resource");
            Err(error.with("limit", limit))
        }
    }
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
        let read = |param: &Param| {
            let text = params.optional(param);
            text.map(|text| moment(param.name, text)).transpose()
        };
        let (since, until) = (read(&SINCE)?, read(&UNTIL)?);
        if let (Some(since), Some(until)) = (since, until) {
            in_order(since, until)?;
        }
        let before = until.map(|until| DeliveryId::from_parts(until, 0));
        let cursor = params.cursor(|text| text.parse().ok())?;
        Ok(Self {
            limit: params.number(&DELIVERIES_LIMIT)?,
            state: params.word(&STATE, &DeliveryState::ALL, DeliveryState::as_str)?,
            event: params.optional(&EVENT).map(str::to_owned),
            since,
            cursor: [cursor, before].into_iter().flatten().min(),
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
