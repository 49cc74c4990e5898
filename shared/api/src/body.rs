use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::{ApiError, Code, json};

/// The largest body that a function receives: 6 MB of base64, which is 4.5 MB.
const MAX_BYTES: usize = 4_500_000;
/// The most values that a JSON body has; the largest valid ones have some thousands. A value of few bytes may take several
/// hundred in memory.
const MAX_VALUES: usize = 50_000;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// At most 200 characters of what a caller sent, for an error's message.
pub fn cut(text: &str) -> String {
    text.chars().take(200).collect()
}

/// A JSON body, or the error to return. It never rejects, so that the caller is admitted and counted first.
#[derive(Debug)]
pub struct JsonBody<T>(pub Result<T, ApiError>);

impl<S, T> FromRequest<S> for JsonBody<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(read_json(request).await))
    }
}

/// The same where the body may be left out: an empty one is the default.
#[derive(Debug)]
pub struct OptionalJson<T>(pub Result<T, ApiError>);

impl<S, T> FromRequest<S> for OptionalJson<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Default,
{
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(read_optional(request).await))
    }
}

async fn read_optional<T: DeserializeOwned + Default>(request: Request) -> Result<T, ApiError> {
    let (parts, body) = request.into_parts();
    let bytes = read_body(body, MAX_BYTES).await?;
    if bytes.is_empty() {
        return Ok(T::default());
    }
    read_json(Request::from_parts(parts, bytes.into())).await
}

async fn read_json<T: DeserializeOwned>(request: Request) -> Result<T, ApiError> {
    let essence = media_type(request.headers());
    let is_json = essence.eq_ignore_ascii_case("application/json") || essence.ends_with("+json");
    if !is_json {
        let message = "send JSON, with the header Content-Type: application/json";
        return Err(ApiError::new(Code::UnsupportedMediaType, message));
    }
    let bytes = read_body(request.into_body(), MAX_BYTES).await?;
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    check_text(bytes)?;
    if values(bytes) > MAX_VALUES {
        let message = format!("the body has more than {MAX_VALUES} values; send fewer at once");
        let error = ApiError::new(Code::TooLarge, message).reason("too_many_values");
        return Err(error.with("maxValues", MAX_VALUES));
    }
    json::from_slice(bytes).map_err(|error| {
        let message = format!("the body is not the JSON that is expected here: {error}");
        let invalid = if error.path.is_empty() {
            ApiError::new(Code::BadRequest, cut(&message))
        } else {
            ApiError::invalid(cut(&error.path), cut(&message))
        };
        invalid.reason("json_invalid")
    })
}

/// Refuses what is not UTF-8. API Gateway hands text over as characters, with U+FFFD for all that is not: a sender who means
/// that character can escape it.
fn check_text(bytes: &[u8]) -> Result<(), ApiError> {
    if std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\u{fffd}')) {
        return Ok(());
    }
    let message = "the body is not UTF-8 text; encode it as UTF-8, which is what JSON is sent in";
    Err(ApiError::new(Code::BadRequest, message).reason("body_not_utf8"))
}

/// The values of a JSON text, or more: arrays, objects, and what follows a comma in them.
pub(crate) fn values(json: &[u8]) -> usize {
    let (mut values, mut quoted, mut escaped) = (0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b',' | b'[' | b'{' if !quoted => values += 1,
            _ => {}
        }
    }
    values
}

/// The media type of a request's body, without parameters; empty if the request states none.
pub fn media_type(headers: &HeaderMap) -> &str {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    content_type.split(';').next().unwrap_or_default().trim()
}

/// A body of at most `max` bytes.
pub async fn read_body(body: Body, max: usize) -> Result<Bytes, ApiError> {
    axum::body::to_bytes(body, max).await.map_err(|_| {
        ApiError::new(
            Code::TooLarge,
            format!("the body is larger than {max} bytes"),
        )
        .reason("body_too_large")
        .with("maxBytes", max)
    })
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(json: &str, values: usize) {
        assert_eq!(super::values(json.as_bytes()), values, "{json}");
    }

    #[test]
    fn values_are_counted_outside_texts() {
        check("0", 0);
        check("[0,{\"a\":[],\"b\":null}]", 5);
        check(r#"["a,b", "[\\",{}]"#, 4);
        check(r#"["\",[,{", 1]"#, 2);
    }
}
