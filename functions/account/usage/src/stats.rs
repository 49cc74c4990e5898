use std::collections::BTreeMap;

use api::{AccountCall, ApiError, Caller, Params};
use axum::Json;
use axum::extract::State;
use endpoints::account::{GROUP_BY, INTERVAL, STATS_DAYS, USAGE_STATS};
use http::Uri;
use schemars::JsonSchema;
use serde::Serialize;
use types::{AccountId, Product, UtcDay, date_of};

use crate::counters::DEFAULT_PRODUCT;
use crate::period::{Interval, dates, periods};
use crate::series::{GroupBy, Series, by_key, by_route};
use crate::{App, product};

/// The response of `GET /api/v1/usage/stats`, with the field names of its published example.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "UsageStats")]
pub(crate) struct StatsAnswer {
    /// The account.
    #[serde(rename = "userId")]
    user_id: AccountId,
    /// The product whose calls are counted.
    product: Product,
    /// The length of a period.
    interval: &'static str,
    /// Every period of the span, the newest first.
    stats: Vec<Row>,
    /// With `group_by`: the busiest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<Vec<Series>>,
}

#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "UsagePeriod")]
struct Row {
    /// `2026-11-17`, `2026-W47` (ISO 8601) or `2026-11`.
    period: String,
    /// Calls that were admitted.
    api_calls: u64,
    /// Reports that were made.
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
    let made = app.reports_made(account, product, &dates).await?;
    let made: BTreeMap<UtcDay, u64> = made.into_iter().collect();
    let mut reports: BTreeMap<String, u64> = BTreeMap::new();
    for date in &dates {
        let of_day = made.get(&UtcDay::from(*date)).copied().unwrap_or(0);
        *reports.entry(query.interval.of(*date)).or_default() += of_day;
    }
    let stats = periods.into_iter().map(|(period, day)| Row {
        reports: reports.get(&period).copied().unwrap_or(0),
        period,
        api_calls: day.calls(),
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
        let params = Params::read(uri, &USAGE_STATS)?;
        let interval = params.word(&INTERVAL, &Interval::ALL, Interval::as_str)?;
        let group_by = params.word(&GROUP_BY, &GroupBy::ALL, GroupBy::as_str)?;
        let query = Self {
            interval: interval.unwrap_or(Interval::Day),
            days: params.number(&STATS_DAYS)?,
            group_by,
        };
        Ok((product(&params)?, query))
    }
}
