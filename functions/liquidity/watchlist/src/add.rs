use api::{AdmittedCall, ApiError, Caller, Code, Idempotent, JsonBody, Seed, cut};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use liquidity_store::{Protocol, ProtocolWatch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{ProtocolSlug, whole_second};
use workspace::Added;

use crate::answer::AddedAnswer;
use crate::{App, unknown_protocol};

/// A protocol to watch.
#[derive(Debug, JsonSchema, Deserialize, Serialize)]
#[schemars(rename = "WatchProtocolForm", extend("required" = ["protocolSlug"]))]
#[serde(deny_unknown_fields, expecting = "an entry is a JSON object")]
pub(crate) struct WatchForm {
    /// The protocol's slug, such as `ondo-usdy`.
    #[serde(default, rename = "protocolSlug")]
    #[schemars(with = "ProtocolSlug")]
    protocol_slug: String,
}

/// `POST /api/v1/watchlist`: watches a protocol, with the default alerts.
pub(crate) async fn add(
    State(app): State<App>,
    caller: Caller,
    JsonBody(form): JsonBody<WatchForm>,
) -> Result<Idempotent<(StatusCode, Json<AddedAnswer>)>, ApiError> {
    let (call, slug) = caller.authorize(form.and_then(WatchForm::parse)).await?;
    call.once(&slug, async |call, seed| {
        let (call, found) = call.admit_while(|_| app.protocols.find(&slug)).await?;
        let protocol = found.ok_or_else(unknown_protocol)?;
        let entry = app.watch(&call, seed, &protocol).await?;
        Ok((StatusCode::CREATED, Json(entry.into())))
    })
    .await
}

impl App {
    async fn watch(
        &self,
        call: &AdmittedCall,
        seed: Seed,
        protocol: &Protocol,
    ) -> Result<ProtocolWatch, ApiError> {
        let now = whole_second(self.context.clock().now());
        let owner = (call.account(), seed.id());
        let score = protocol.monitor.score().and_then(|score| score.score);
        let entry = ProtocolWatch::new(owner, protocol.slug.clone(), score, now);
        let limit = call.allowance()?.limit();
        match self.watchlists.add(&entry, limit, None).await? {
            Added::Yes => Ok(entry),
            // A run of this request that was broken off has added it.
            Added::Exists(known) if known.watch == entry.watch => Ok(*known),
            Added::Exists(_) => Err(duplicate()),
            Added::Full => Err(full(limit.unwrap_or(0))),
        }
    }
}

impl WatchForm {
    fn parse(self) -> Result<ProtocolSlug, ApiError> {
        self.protocol_slug
            .parse()
            .map_err(|error: types::SlugError| {
                let message = format!("protocolSlug: {error}, not {:?}", cut(&self.protocol_slug));
                ApiError::invalid("protocolSlug", message).reason("slug_invalid")
            })
    }
}

fn duplicate() -> ApiError {
    let message = "this protocol is on the watchlist already";
    ApiError::new(Code::Duplicate, message).reason("already_watched")
}

fn full(limit: u64) -> ApiError {
    let message = format!(
        "the plan's watchlist has room for {limit} protocols and is full; remove one, or upgrade"
    );
    ApiError::new(Code::LimitReached, message)
        .reason("resource")
        .with("limit", limit)
}
