use accounts::{Actor, KeyRow};
use api::{ApiError, Code, cut, read_body};
use auth::{ChangedBy, RawKey};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use futures::{StreamExt, TryStreamExt, stream};
use http::HeaderMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::Timestamp;
use workspace::{Event, EventPayload};

use crate::App;

/// The largest report that is read, in bytes.
const MAX_BYTES: usize = 1_000_000;
/// Keys that are looked up at once.
const AT_ONCE: usize = 8;

/// A text that looks like a key, found in public.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "FoundToken")]
pub(crate) struct Found {
    /// The text.
    token: String,
    /// The name of its pattern.
    #[serde(rename = "type")]
    kind: String,
    /// Where it was found.
    #[serde(default)]
    url: String,
    /// In what it was found, such as `content`.
    #[serde(default)]
    source: String,
}

/// What a report is answered: whether it was a key.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "TokenVerdict")]
pub(crate) struct Verdict {
    /// The text.
    token_raw: String,
    /// The name of its pattern.
    token_type: String,
    /// `true_positive`: a key of this deployment, which is revoked; `false_positive`: never issued here.
    label: &'static str,
}

/// `POST /api/v1/keys/leaked`: GitHub's secret scanning reports what looks like a key. One of ours is ended at once.
///
/// <https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partner-program>
pub(crate) async fn report(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Vec<Verdict>>, ApiError> {
    if app.reporters.is_empty() {
        let error = ApiError::new(Code::NotFound, "there is no such route");
        return Err(error.reason("route_unknown"));
    }
    let body = read_body(body, MAX_BYTES).await?;
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let identifier = header("github-public-key-identifier").unwrap_or_default();
    let signature = header("github-public-key-signature").unwrap_or_default();
    if !app.reporters.signed(identifier, signature, &body) {
        let message = "the report is not signed by a key that is known here";
        return Err(ApiError::new(Code::Unauthorized, message).reason("signature_invalid"));
    }
    let found: Vec<Found> = serde_json::from_slice(&body).map_err(|_| {
        ApiError::new(Code::BadRequest, "the body is not a report").reason("json_invalid")
    })?;
    let verdicts = stream::iter(found)
        .map(|found| judge(&app, found))
        .buffered(AT_ONCE);
    Ok(Json(verdicts.try_collect().await?))
}

async fn judge(app: &App, found: Found) -> Result<Verdict, ApiError> {
    let by = ChangedBy {
        actor: Actor::SecretScanning,
        now: app.context.clock().now(),
        request: None,
    };
    let found_in = cut(format!("{} {}", found.source, found.url).trim());
    // The checksum rules out most of what is no key, without a read of the table.
    let key = match RawKey::parse(&found.token) {
        Ok(raw) => {
            let hash = raw.hash();
            app.keyring
                .revoke_leaked(&by, &hash, found_in.clone())
                .await?
        }
        Err(_) => None,
    };
    if let Some(key) = &key {
        // If it cannot be stored, the report fails and is sent again; to end the key twice changes nothing.
        app.workspace
            .record_event(key.account, &leak(key, found_in, by.now))
            .await?;
        tracing::warn!(account.id = %key.account, key.id = %key.key, "a key was found in public and ended");
    }
    Ok(Verdict {
        token_raw: found.token,
        token_type: found.kind,
        label: if key.is_some() {
            "true_positive"
        } else {
            "false_positive"
        },
    })
}

/// The event for the key's account. Its id is that of the key, so it is stored once, however often the key is reported.
fn leak(key: &KeyRow, found_in: String, now: Timestamp) -> Event {
    let payload = EventPayload::KeyLeaked {
        key_id: key.key,
        found_in: Some(found_in).filter(|text| !text.is_empty()),
    };
    Event::new(key.product, now, payload)
}
