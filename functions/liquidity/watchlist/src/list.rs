use api::{ApiError, Caller, Params};
use axum::Json;
use axum::extract::State;
use endpoints::liquidity::{WATCH_LIMIT, WATCH_LIST};
use http::Uri;
use schemars::JsonSchema;
use serde::Serialize;
use store::keys::all_after;
use types::ProtocolSlug;

use crate::App;
use crate::answer::EntryAnswer;

/// A page of the watchlist, in the order of slugs.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ProtocolWatchlist")]
pub(crate) struct WatchlistPage {
    /// The entries, in the order of slugs.
    watchlist: Vec<EntryAnswer>,
    /// Cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

struct ListQuery {
    limit: usize,
    cursor: Option<ProtocolSlug>,
}

/// `GET /api/v1/watchlist`: the protocols that the account watches.
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<WatchlistPage>, ApiError> {
    let (call, query) = caller.authorize(ListQuery::read(&uri)).await?;
    let between = all_after(query.cursor.as_ref().map(ProtocolSlug::as_str));
    let (_, (entries, next_cursor)) = call
        .admit_while(|account| app.watchlists.page(account, between, query.limit))
        .await?;
    let slugs = entries.iter().map(|entry| &entry.slug);
    let protocols = app.protocols.find_all(slugs).await?;
    let watchlist = entries.into_iter().map(|entry| {
        let protocol = protocols.get(&entry.slug);
        EntryAnswer::of(entry, protocol)
    });
    Ok(Json(WatchlistPage {
        watchlist: watchlist.collect(),
        next_cursor,
    }))
}

impl ListQuery {
    fn read(uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &WATCH_LIST)?;
        Ok(Self {
            limit: params.number(&WATCH_LIMIT)?,
            cursor: params.cursor(|text| text.parse().ok())?,
        })
    }
}
