use axum::body::Body;
use axum::response::{IntoResponse, Response};
use headers::{ETag as Tag, HeaderMapExt, IfNoneMatch};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::json;
use types::RequestId;

use crate::encoding::Encoding;
use crate::file::File;

/// Of the page. The renderer puts its styles into the page as elements and attributes, so these may be inline; scripts may not.
/// Nothing is loaded from, or sent to, another host.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Of everything else, which is no page.
const FILE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// A year, the longest that caches are meant to keep anything.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Short enough for a deployment to be seen soon.
const FRESH: &str = "public, max-age=300";

/// The response to a GET of this path: the file, 304 for one that the caller has, or 404.
pub(crate) fn respond(id: RequestId, path: &str, request: &HeaderMap) -> Response {
    let mut response = match File::at(path) {
        Some(file) => found(file, request),
        None => missing(id),
    };
    let headers = response.headers_mut();
    set(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, REFERRER_POLICY, "no-referrer");
    set(
        headers,
        HeaderName::from_static("x-request-id"),
        &id.to_string(),
    );
    response
}

fn found(file: &File, request: &HeaderMap) -> Response {
    let (encoding, content) = file.content(Encoding::accepted(&listed(request, ACCEPT_ENCODING)));
    // Another one for each encoding, since it is of the bytes that are sent.
    let tag = match encoding.name() {
        Some(name) => format!("\"{}-{name}\"", file.digest),
        None => format!("\"{}\"", file.digest),
    };
    let is_known = is_known(request, &tag);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(content).into_response()
    };
    let headers = response.headers_mut();
    if !is_known {
        set(headers, CONTENT_TYPE, file.media_type);
        if let Some(name) = encoding.name() {
            set(headers, CONTENT_ENCODING, name);
        }
    }
    set(headers, ETAG, &tag);
    set(headers, VARY, "accept-encoding");
    let policy = if file.is_page() {
        PAGE_POLICY
    } else {
        FILE_POLICY
    };
    set(headers, CONTENT_SECURITY_POLICY, policy);
    let caching = if file.is_immutable() {
        IMMUTABLE
    } else {
        FRESH
    };
    set(headers, CACHE_CONTROL, caching);
    response
}

/// The error of a path below `/docs` that no file has, as all functions write it.
fn missing(id: RequestId) -> Response {
    let error = json!({
        "code": "NOT_FOUND", "message": "there is no such route", "reason": "route_unknown", "requestId": id.to_string(),
    });
    let body = axum::Json(json!({ "error": error }));
    let mut response = (StatusCode::NOT_FOUND, body).into_response();
    set(response.headers_mut(), CACHE_CONTROL, "private, no-store");
    set(response.headers_mut(), CONTENT_SECURITY_POLICY, FILE_POLICY);
    response
}

/// Whether `If-None-Match` lists a tag, in the weak comparison (RFC 9110, 13.1.2): a cache may have weakened it.
fn is_known(request: &HeaderMap, tag: &str) -> bool {
    let listed: Option<IfNoneMatch> = request.typed_get();
    let tag: Option<Tag> = tag.parse().ok();
    listed
        .zip(tag)
        .is_some_and(|(listed, tag)| !listed.precondition_passes(&tag))
}

/// A header that is a list, in one line however many it was sent in.
fn listed(headers: &HeaderMap, name: HeaderName) -> String {
    let lines = headers.get_all(name);
    let lines: Vec<&str> = lines.iter().filter_map(|line| line.to_str().ok()).collect();
    lines.join(",")
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
