use std::ops::RangeInclusive;

use api::{ApiError, Caller, Origin, Params};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use endpoints::intent::{BAND, WATCH_LIMIT, WATCH_LIST};
use http::header::LINK;
use http::{HeaderValue, Uri};
use intent::Band;
use intent_store::Rank;
use types::Domain;

use crate::App;
use crate::answer::EntryAnswer;

struct ListQuery {
    band: Option<Band>,
    limit: usize,
    after: Option<Rank>,
}

/// `GET /api/v1/watchlist`: lists the entries as an array, highest score first. The header `Link` has the URL of the next page.
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    uri: Uri,
) -> Result<Response, ApiError> {
    let (call, query) = caller.authorize(ListQuery::read(&uri)).await?;
    let call = call.admit().await?;
    let now = app.context.clock().now();
    let after = query.after.as_ref();
    let (entries, next) = app
        .workspace
        .watchlist(call.account(), scores_in(query.band), after, query.limit)
        .await?;
    let entries = entries.into_iter();
    let entries: Vec<EntryAnswer> = entries.map(|entry| EntryAnswer::of(entry, now)).collect();
    let mut response = Json(entries).into_response();
    let link = next.and_then(|next| query.link(&next, &origin, &uri));
    response.headers_mut().extend(link.map(|link| (LINK, link)));
    Ok(response)
}

impl ListQuery {
    fn read(uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &WATCH_LIST)?;
        Ok(Self {
            band: params.word(&BAND, &Band::ALL, Band::as_str)?,
            limit: params.number(&WATCH_LIMIT)?,
            after: params.cursor(rank)?,
        })
    }

    fn link(&self, next: &Rank, origin: &Origin, uri: &Uri) -> Option<HeaderValue> {
        let band = self.band.map(|band| format!("band={}&", band.as_str()));
        let path = format!(
            "{}?{}limit={}&cursor={}~{}",
            uri.path(),
            band.unwrap_or_default(),
            self.limit,
            next.score,
            next.domain
        );
        HeaderValue::try_from(format!("<{}>; rel=\"next\"", origin.link(&path))).ok()
    }
}

/// The range of scores in a band; all scores without one.
const fn scores_in(band: Option<Band>) -> RangeInclusive<u8> {
    match band {
        None => 0..=100,
        Some(Band::Hot) => Band::HOT_FROM..=100,
        Some(Band::Warm) => Band::WARM_FROM..=Band::HOT_FROM - 1,
        Some(Band::Cold) => 0..=Band::WARM_FROM - 1,
    }
}

fn rank(cursor: &str) -> Option<Rank> {
    let (score, domain) = cursor.split_once('~')?;
    Some(Rank {
        score: score.parse().ok().filter(|score| *score <= 100)?,
        domain: Domain::parse(domain).ok()?.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cursor that is read is that of a row, and the link to the page behind that row is read as the same query.
    #[test]
    fn fuzz_watchlist_query() {
        fuzzing::check("watchlist_query", |input| {
            let Ok(text) = str::from_utf8(input) else {
                return;
            };
            let Ok(uri) = format!("/api/v1/watchlist?{text}").parse::<Uri>() else {
                return;
            };
            let Ok(query) = ListQuery::read(&uri) else {
                return;
            };
            assert!((1..=500).contains(&query.limit));
            let Some(rank) = &query.after else { return };
            assert!(rank.score <= 100);
            assert_eq!(Domain::parse(&rank.domain).unwrap().as_str(), rank.domain);
            let link = query.link(rank, &Origin::default(), &uri).unwrap();
            let link = link.to_str().unwrap().strip_prefix('<').unwrap();
            let next: Uri = link.split_once('>').unwrap().0.parse().unwrap();
            let again = ListQuery::read(&next).ok().unwrap();
            assert_eq!(again.after.as_ref(), Some(rank));
            assert_eq!((again.band, again.limit), (query.band, query.limit));
        });
    }
}
