use axum::body::{Body, to_bytes};
use axum::response::Response;
use headers::{ETag, HeaderMapExt, IfNoneMatch};
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use sha2::{Digest, Sha256};

use crate::ApiError;

/// Gives a success the `ETag` of its body, or in its place responds that it is the one that the caller has: 304 (RFC 9110, 13.1.2).
/// The tag is made of what would be sent, so it never says of another body that it is the same.
pub(crate) async fn revalidate(
    response: Response,
    known: Option<IfNoneMatch>,
) -> Result<Response, ApiError> {
    if response.status() != StatusCode::OK {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await;
    let body = body.map_err(|error| ApiError::internal(&error))?;
    if let Some(tag) = tag(&body) {
        let is_known = known.is_some_and(|known| !known.precondition_passes(&tag));
        parts.headers.typed_insert(tag);
        let caching = HeaderValue::from_static("private, no-cache");
        parts.headers.insert(CACHE_CONTROL, caching);
        if is_known {
            parts.status = StatusCode::NOT_MODIFIED;
            parts.headers.remove(CONTENT_TYPE);
            parts.headers.remove(CONTENT_LENGTH);
            return Ok(Response::from_parts(parts, Body::empty()));
        }
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// A strong tag: half of the SHA-256, in hex.
fn tag(body: &[u8]) -> Option<ETag> {
    let digest = hex::encode(Sha256::digest(body));
    format!("\"{}\"", digest.get(..32)?).parse().ok()
}
