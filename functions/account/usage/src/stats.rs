use api::{AccountCall, ApiError, Caller, Params, cut};
use axum::Json;
use axum::extract::State;
use http::Uri;
use serde::Serialize;
use types::{AccountId, Product, UtcDay, date_of};

use crate::counters::DEFAULT_PRODUCT;
use crate::period::{Interval, dates, periods};
use crate::series::{GroupBy, Series, by_key, by_route};
use crate::{App, product};

/// Days of history.
const DEFAULT_DAYS: usize = 30;
const MAX_DAYS: usize = 365;

/// The response of `GET /api/v1/usage/stats`, with the field names of its published example.
#[derive(Debug, Serialize)]
pub(crate) struct StatsAnswer {
    #[serde(rename = "userId")]
    user_id: AccountId,
    product: Product,
    interval: &'static str,
    stats: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<Vec<Series>>,
}

#[derive(Debug, Serialize)]
struct Row {
    period: String,
    api_calls: u64,
    reports: u64,
}

struct StatsQuery {
    interval: Interval,
    days: usize,
    group_by: Option<GroupBy>,
}

/// `GET /api/v1/usage/stats`: calls over time, newest first.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<StatsAnswer>, ApiError> {
    let (call, query) = caller
        .authorize_account(DEFAULT_PRODUCT, StatsQuery::read(&uri))
        .await?;
    let AccountCall {
        account, product, ..
    } = call;
    let now = app.context.clock().now();
    let dates = dates(date_of(now), query.days);
    let today = UtcDay::of(now);
    let first = dates.last().map_or(today, |date| UtcDay::from(*date));
    // Read the meter again: admission may have just moved one of its days to the closed days.
    let meter = app
        .accounts
        .meter(account, product)
        .await?
        .unwrap_or_default();
    let closed = app.accounts.usage(account, product, first, today).await?;
    let periods = periods(&dates, query.interval, |day| {
        [&closed, &meter.days]
            .into_iter()
            .filter_map(|days| days.get(&day))
            .collect()
    });
    let series = match query.group_by {
        None => None,
        Some(GroupBy::Route) => Some(by_route(&periods, product)),
        Some(GroupBy::Key) => {
            let mut keys = app.accounts.keys_of(account, product).await?;
            keys.extend(meter.keys());
            Some(by_key(&periods, &keys))
        }
    };
    let stats = periods.into_iter().map(|(period, day)| Row {
        period,
        api_calls: day.calls(),
        reports: 0,
    });
    Ok(Json(StatsAnswer {
        user_id: account,
        product,
        interval: query.interval.as_str(),
        stats: stats.collect(),
        series,
    }))
}

impl StatsQuery {
    fn read(uri: &Uri) -> Result<(Option<Product>, Self), ApiError> {
        let params = Params::read(uri, &["interval", "days", "group_by", "product"])?;
        let interval = choice(
            &params,
            "interval",
            &Interval::ALL.map(|one| (one.as_str(), one)),
        )?;
        let group_by = choice(
            &params,
            "group_by",
            &GroupBy::ALL.map(|one| (one.as_str(), one)),
        )?;
        let query = Self {
            interval: interval.unwrap_or(Interval::Day),
            days: params.number("days", DEFAULT_DAYS, 1..=MAX_DAYS)?,
            group_by,
        };
        Ok((product(&params)?, query))
    }
}

/// A parameter with a fixed set of values.
fn choice<T: Copy>(
    params: &Params,
    name: &'static str,
    choices: &[(&str, T)],
) -> Result<Option<T>, ApiError> {
    let Some(given) = params.optional(name) else {
        return Ok(None);
    };
    let found = choices.iter().find(|(choice, _)| *choice == given);
    found.map(|(_, value)| Some(*value)).ok_or_else(|| {
        let known: Vec<&str> = choices.iter().map(|(choice, _)| *choice).collect();
        let message = format!(
            "{name} is one of {}, not {:?}",
            known.join(", "),
            cut(given)
        );
        ApiError::invalid(name, message).reason("parameter_invalid")
    })
}
