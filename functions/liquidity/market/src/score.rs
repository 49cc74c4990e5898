use api::{ApiError, Caller, Params, past_moment};
use axum::Json;
use axum::extract::State;
use endpoints::liquidity::{
    AT, INTERVAL, POINTS, PROFILE, SCORE_EXPLAIN, SCORE_HISTORY, SCORE_READ,
};
use futures::future::try_join;
use http::Uri;
use liquidity::{Interval, METHODOLOGY_VERSION, Score, ScoringProfile, Tier, Trajectory, resample};
use liquidity_store::{Protocol, StoredPoint, protocol_id};
use schemars::JsonSchema;
use serde::Serialize;
use types::{AccountId, Date, ProfileId, ProtocolSlug, Timestamp, date_of};

use crate::App;
use crate::answer::{Named, PauseAnswer, Scored};
use crate::protocol::{PathSlug, named, unknown};

/// The scores of all protocols.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ScoreList")]
pub(crate) struct ScoreList {
    /// The highest first.
    scores: Vec<ListedScore>,
    /// The methodology of today.
    #[serde(rename = "methodologyVersion")]
    methodology_version: &'static str,
}

/// A score in short.
#[derive(Debug, JsonSchema, Serialize)]
struct ListedScore {
    /// The id of the protocol.
    protocol_id: String,
    /// 0 to 100; null if too little is known.
    score: Option<u8>,
    /// The tier of the score.
    tier: Option<Tier>,
    /// Points of assets under management, 0 to 100; null if nothing is known of the component.
    aum_score: Option<u8>,
    /// Points of redemption.
    redemption_score: Option<u8>,
    /// Points of secondary volume.
    secondary_volume_score: Option<u8>,
    /// Points of the issuer.
    issuer_score: Option<u8>,
    /// Points of the jurisdiction.
    jurisdiction_score: Option<u8>,
    /// How much of what a score can be based on is known and in time, 0 to 1.
    data_confidence: Option<f64>,
    /// When it was computed.
    scored_at: Option<Timestamp>,
    /// What it is of.
    protocol: Named,
}

/// The score of a protocol.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ProtocolScore")]
pub(crate) struct ScoreAnswer {
    /// The protocol's full name.
    protocol: String,
    /// What it is called in paths.
    slug: ProtocolSlug,
    #[serde(flatten)]
    score: Score,
    /// When it was computed: at 06:00 UTC of each day, and when something new is known.
    scored_at: Timestamp,
    /// Why no newer score is made; null if scores are made.
    scoring_paused: Option<PauseAnswer>,
}

/// The scores of a protocol over time.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ProtocolScoreHistory")]
pub(crate) struct HistoryAnswer {
    /// What they are of.
    protocol: Named,
    /// The newest first. Days on which scoring was paused have none.
    scores: Vec<PastScore>,
    /// Which way the score has moved over these points: from 2 points up `IMPROVING`, from 2 down `DECLINING`, by the median slope of
    /// all pairs. Null of less than two.
    trajectory: Option<Trajectory>,
    /// The methodology of today.
    #[serde(rename = "methodologyVersion")]
    methodology_version: &'static str,
}

#[derive(Debug, JsonSchema, Serialize)]
struct PastScore {
    /// 0 to 100; null if too little was known.
    score: Option<u8>,
    /// The tier of the score.
    tier: Option<Tier>,
    /// Assets under management then, US dollars.
    aum_usd: Option<f64>,
    /// When it was computed.
    computed_at: Timestamp,
    /// The methodology then.
    methodology_version: String,
    /// Whether it was computed long after that time, from data that came late.
    backfilled: bool,
}

struct ScoreQuery {
    slug: ProtocolSlug,
    by: Option<By>,
}

/// Which profile is asked for.
#[derive(Clone, Copy)]
enum By {
    Default,
    Id(ProfileId),
}

struct HistoryQuery {
    slug: ProtocolSlug,
    limit: usize,
    interval: Interval,
}

/// `GET /api/v1/scores`: the scores of all protocols.
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<ScoreList>, ApiError> {
    let (call, ()) = caller.authorize(Ok(())).await?;
    let now = app.context.clock().now();
    let (_, all) = call.admit_while(|_| app.listing.all(now)).await?;
    Ok(Json(ScoreList {
        scores: all.iter().map(ListedScore::of).collect(),
        methodology_version: METHODOLOGY_VERSION,
    }))
}

/// `GET /api/v1/scores/{slug}`: the score of a protocol.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    slug: PathSlug,
    uri: Uri,
) -> Result<Json<ScoreAnswer>, ApiError> {
    let (call, query) = caller.authorize(ScoreQuery::read(slug, &uri)).await?;
    let read = async |account| -> Result<_, ApiError> {
        let protocol = async { Ok(app.protocols.find(&query.slug).await?) };
        try_join(protocol, app.profile(account, query.by)).await
    };
    let (_, (found, profile)) = call.admit_while(read).await?;
    let found = found.ok_or_else(unknown)?;
    Ok(Json(ScoreAnswer::of(found, profile.as_ref())?))
}

impl App {
    /// The profile to score by; none for the standard methodology.
    async fn profile(
        &self,
        account: AccountId,
        by: Option<By>,
    ) -> Result<Option<ScoringProfile>, ApiError> {
        let found = match by {
            None => return Ok(None),
            Some(By::Default) => self.profiles.find_default(account).await?,
            Some(By::Id(id)) => self.profiles.find(account, id).await?,
        };
        let found = found.ok_or_else(|| ApiError::not_found("profile"))?;
        Ok(Some(found.profile))
    }
}

/// `GET /api/v1/scores/{slug}/history`: the scores of a protocol over time.
pub(crate) async fn history(
    State(app): State<App>,
    caller: Caller,
    slug: PathSlug,
    uri: Uri,
) -> Result<Json<HistoryAnswer>, ApiError> {
    let (call, query) = caller.authorize(HistoryQuery::read(slug, &uri)).await?;
    let (_, found) = call
        .admit_while(|_| app.protocols.find(&query.slug))
        .await?;
    let protocol = found.ok_or_else(unknown)?;
    let today = date_of(app.context.clock().now());
    let first = query.first(today).max(date_of(protocol.since));
    let points = app.protocols.history(&query.slug, (first, today)).await?;
    let points = resample(points, |of| of.point.at, query.interval, query.limit);
    let known = points
        .iter()
        .filter_map(|of| Some((of.point.at, of.point.score?)));
    Ok(Json(HistoryAnswer {
        protocol: Named::of(&protocol),
        trajectory: Trajectory::of(known),
        scores: points.into_iter().map(PastScore::from).collect(),
        methodology_version: METHODOLOGY_VERSION,
    }))
}

/// `GET /api/v1/scores/{slug}/explain`: the score at a time in the past, from what was known then.
pub(crate) async fn explain(
    State(app): State<App>,
    caller: Caller,
    slug: PathSlug,
    uri: Uri,
) -> Result<Json<ScoreAnswer>, ApiError> {
    let now = app.context.clock().now();
    let query = explain_query(slug, &uri, now);
    let (call, (slug, at)) = caller.authorize(query).await?;
    let (_, found) = call.admit_while(|_| app.protocols.find(&slug)).await?;
    let protocol = found.ok_or_else(unknown)?;
    let monitor = app.protocols.at(&slug, at).await?;
    let monitor = monitor.ok_or_else(|| {
        let message = format!(
            "nothing was known of this protocol then; its data begin at {}",
            protocol.since
        );
        ApiError::invalid("at", message).reason("time_too_old")
    })?;
    let then = Protocol {
        monitor,
        ..protocol
    };
    Ok(Json(ScoreAnswer::of(then, None)?))
}

impl ScoreAnswer {
    /// 404 if it has not been scored: nothing that is scored was ever stated.
    fn of(protocol: Protocol, profile: Option<&ScoringProfile>) -> Result<Self, ApiError> {
        let monitor = &protocol.monitor;
        let score = profile.map_or_else(|| monitor.score(), |profile| monitor.score_with(profile));
        let scored = score.zip(monitor.scored_at());
        let (score, scored_at) = scored.ok_or_else(|| ApiError::not_found("score"))?;
        Ok(Self {
            scoring_paused: PauseAnswer::of(&protocol),
            protocol: protocol.name,
            slug: protocol.slug,
            score,
            scored_at,
        })
    }
}

impl ListedScore {
    fn of(scored: &Scored) -> Self {
        let score = scored.score.as_ref();
        Self {
            protocol_id: protocol_id(&scored.protocol.slug).to_string(),
            score: scored.points(),
            tier: scored.tier(),
            aum_score: score.and_then(|score| score.aum_score),
            redemption_score: score.and_then(|score| score.redemption_score),
            secondary_volume_score: score.and_then(|score| score.secondary_volume_score),
            issuer_score: score.and_then(|score| score.issuer_score),
            jurisdiction_score: score.and_then(|score| score.jurisdiction_score),
            data_confidence: score.map(|score| score.data_confidence),
            scored_at: scored.protocol.monitor.scored_at(),
            protocol: Named::of(&scored.protocol),
        }
    }
}

impl From<StoredPoint> for PastScore {
    fn from(stored: StoredPoint) -> Self {
        let backfilled = stored.is_backfilled();
        let point = stored.point;
        Self {
            score: point.score,
            tier: point.score.map(Tier::of),
            aum_usd: point.aum_usd,
            computed_at: point.at,
            methodology_version: point.methodology_version,
            backfilled,
        }
    }
}

impl ScoreQuery {
    fn read(slug: PathSlug, uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &SCORE_READ)?;
        let by = match params.optional(&PROFILE) {
            None => None,
            Some("default") => Some(By::Default),
            // Text that cannot be an id names no profile.
            Some(id) => Some(By::Id(
                id.parse().map_err(|_| ApiError::not_found("profile"))?,
            )),
        };
        Ok(Self {
            slug: named(slug)?,
            by,
        })
    }
}

impl HistoryQuery {
    fn read(slug: PathSlug, uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &SCORE_HISTORY)?;
        let interval = params.word(&INTERVAL, &Interval::ALL, Interval::as_str)?;
        Ok(Self {
            slug: named(slug)?,
            limit: params.number(&POINTS)?,
            interval: interval.unwrap_or_default(),
        })
    }

    /// The first day of the oldest bucket, if each has a point.
    fn first(&self, today: Date) -> Date {
        let back = i64::try_from(self.limit).unwrap_or(1) - 1;
        let span = jiff::Span::new();
        let span = match self.interval {
            Interval::Day => span.try_days(back),
            Interval::Week => span.try_weeks(back),
            Interval::Month => span.try_months(back),
        };
        let start = self.interval.start(today);
        span.ok()
            .and_then(|span| start.checked_sub(span).ok())
            .unwrap_or(start)
    }
}

fn explain_query(
    slug: PathSlug,
    uri: &Uri,
    now: Timestamp,
) -> Result<(ProtocolSlug, Timestamp), ApiError> {
    let params = Params::read(uri, &SCORE_EXPLAIN)?;
    let at = past_moment(params.required(&AT)?, now)?;
    Ok((named(slug)?, at.max(Timestamp::UNIX_EPOCH)))
}
