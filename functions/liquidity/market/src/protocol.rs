use api::{ApiError, Caller, Params};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use endpoints::liquidity::{
    CATEGORY, EVENTS_LIMIT, LIMIT, MIN_AUM, MIN_SCORE, OFFSET, PROTOCOL_EVENTS, PROTOCOL_LIST, TIER,
};
use http::Uri;
use liquidity::{Category, Event, Tier};
use liquidity_store::ProtocolEvent;
use schemars::JsonSchema;
use serde::Serialize;
use types::{ProtocolSlug, Timestamp};

use crate::App;
use crate::answer::{ProtocolAnswer, Scored};
use crate::listing::Filter;

pub(crate) type PathSlug = Result<Path<String>, PathRejection>;

/// A page of protocols.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ProtocolPage")]
pub(crate) struct ProtocolPage {
    /// The highest score first; of equal scores the larger AUM.
    protocols: Vec<ProtocolAnswer>,
    /// How many protocols there are by these filters.
    total: usize,
    /// The number of the page, from 1: the whole pages before `offset`, and this one.
    page: usize,
    /// Protocols a page.
    limit: usize,
}

/// A page of what has happened to a protocol.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ProtocolEventPage")]
pub(crate) struct EventPage {
    /// The newest first.
    events: Vec<EventAnswer>,
    /// Cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// What has happened to a protocol.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ProtocolEvent")]
struct EventAnswer {
    /// When it was.
    at: Timestamp,
    /// When it became known; long after it where data came late.
    recorded_at: Timestamp,
    /// What it was.
    event: Event,
}

struct ListQuery {
    filter: Filter,
    limit: usize,
    offset: usize,
}

struct EventsQuery {
    slug: ProtocolSlug,
    limit: usize,
    before: Option<String>,
}

/// `GET /api/v1/protocols`: the protocols with their scores.
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<ProtocolPage>, ApiError> {
    let (call, query) = caller.authorize(ListQuery::read(&uri)).await?;
    let now = app.context.clock().now();
    let (_, all) = call.admit_while(|_| app.listing.all(now)).await?;
    let ListQuery {
        filter,
        limit,
        offset,
    } = query;
    let found: Vec<&Scored> = all.iter().filter(|scored| filter.takes(scored)).collect();
    let page = found.iter().skip(offset).take(limit);
    Ok(Json(ProtocolPage {
        protocols: page.map(|scored| ProtocolAnswer::from(*scored)).collect(),
        total: found.len(),
        page: offset / limit + 1,
        limit,
    }))
}

/// `GET /api/v1/protocols/{slug}`: one protocol.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    slug: PathSlug,
) -> Result<Json<ProtocolAnswer>, ApiError> {
    let (call, slug) = caller.authorize(named(slug)).await?;
    let (_, found) = call.admit_while(|_| app.protocols.find(&slug)).await?;
    let scored = Scored::of(found.ok_or_else(unknown)?);
    Ok(Json(ProtocolAnswer::from(&scored)))
}

/// `GET /api/v1/protocols/{slug}/events`: what has happened to a protocol.
pub(crate) async fn events(
    State(app): State<App>,
    caller: Caller,
    slug: PathSlug,
    uri: Uri,
) -> Result<Json<EventPage>, ApiError> {
    let (call, query) = caller.authorize(EventsQuery::read(slug, &uri)).await?;
    let EventsQuery {
        slug,
        limit,
        before,
    } = query;
    let (_, (events, next)) = call
        .admit_while(|_| app.protocols.events(&slug, before.as_deref(), limit))
        .await?;
    if events.is_empty() && before.is_none() && app.protocols.find(&slug).await?.is_none() {
        return Err(unknown());
    }
    let events = events.into_iter().map(EventAnswer::from);
    Ok(Json(EventPage {
        events: events.collect(),
        next_cursor: next.map(|place| place.replace('#', "-")),
    }))
}

impl From<ProtocolEvent> for EventAnswer {
    fn from(stored: ProtocolEvent) -> Self {
        let ProtocolEvent {
            at,
            recorded_at,
            event,
        } = stored;
        Self {
            at,
            recorded_at,
            event,
        }
    }
}

impl ListQuery {
    fn read(uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &PROTOCOL_LIST)?;
        Ok(Self {
            filter: Filter {
                min_score: params.number(&MIN_SCORE)?,
                min_aum: params.number(&MIN_AUM)?,
                ..in_words(&params)?
            },
            limit: params.number(&LIMIT)?,
            offset: params.number(&OFFSET)?,
        })
    }
}

impl EventsQuery {
    fn read(slug: PathSlug, uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &PROTOCOL_EVENTS)?;
        Ok(Self {
            slug: named(slug)?,
            limit: params.number(&EVENTS_LIMIT)?,
            before: params.cursor(place)?,
        })
    }
}

/// The place of an event among those of its protocol: digits in three groups, which a cursor joins by what needs no escape in a URL.
fn place(cursor: &str) -> Option<String> {
    let groups: Vec<&str> = cursor.split('-').collect();
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let is_place = matches!(groups.as_slice(), [second, version, place]
        if second.len() == 10 && version.len() == 8 && place.len() == 2)
        && groups.iter().all(digits);
    is_place.then(|| groups.join("#"))
}

/// The filters that lists and exports have in common.
pub(crate) fn in_words(params: &Params) -> Result<Filter, ApiError> {
    Ok(Filter {
        category: params.word(&CATEGORY, &Category::ALL, Category::as_str)?,
        tier: params.word(&TIER, &Tier::ALL, Tier::as_str)?,
        ..Filter::default()
    })
}

/// The slug in the path. Text that cannot be one names no protocol.
pub(crate) fn named(path: PathSlug) -> Result<ProtocolSlug, ApiError> {
    let Path(text) = path.map_err(|_| unknown())?;
    text.parse().map_err(|_| unknown())
}

pub(crate) fn unknown() -> ApiError {
    ApiError::not_found("protocol")
}
