use std::borrow::Cow;

use api::{ApiError, Code, media_type, read_body};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use mime::Mime;
use tabular::companies::Upload;
use tabular::{Limits, TabularError, check_replacements, to_utf8};

use crate::{MAX_BYTES, MAX_ROWS};

/// Bytes of the boundaries and headers of a multipart body.
const MULTIPART_OVERHEAD: usize = 16 * 1024;

/// Reads the companies of a request: the `file` field of a multipart form, or a `text/csv` body.
pub(crate) async fn read_upload(request: Request) -> Result<Upload, ApiError> {
    let bytes = read_file(request).await?;
    let limits = Limits {
        max_bytes: MAX_BYTES,
        max_rows: MAX_ROWS,
    };
    Upload::read(&bytes, limits).map_err(|error| rejection(&error))
}

async fn read_file(request: Request) -> Result<Bytes, ApiError> {
    let essence = media_type(request.headers()).to_ascii_lowercase();
    match essence.as_str() {
        "multipart/form-data" => read_multipart(request).await,
        "text/csv" | "application/csv" => read_text(request).await,
        _ => {
            let message = "send the file as multipart/form-data with a field named file (curl -F file=@companies.csv), \
                           or as a text/csv body";
            Err(ApiError::new(Code::UnsupportedMediaType, message))
        }
    }
}

/// API Gateway hands a text over as characters, with U+FFFD for all that is not UTF-8.
async fn read_text(request: Request) -> Result<Bytes, ApiError> {
    if charset(request.headers()).is_some_and(|charset| !is_utf8(&charset)) {
        let message = "a text/csv body is read as UTF-8; save the file as “CSV UTF-8”, or send it as a form, \
                       with -F 'file=@companies.csv;type=text/csv; charset=windows-1252'";
        return Err(
            ApiError::new(Code::UnsupportedMediaType, message).reason("charset_unsupported")
        );
    }
    let bytes = read_body(request.into_body(), MAX_BYTES).await?;
    check_replacements(&bytes).map_err(|error| rejection(&error))?;
    Ok(bytes)
}

/// The character set that a `Content-Type` declares.
fn charset(headers: &HeaderMap) -> Option<String> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let mime: Mime = content_type.parse().ok()?;
    Some(mime.get_param(mime::CHARSET)?.as_str().to_owned())
}

fn is_utf8(charset: &str) -> bool {
    ["utf-8", "utf8", "us-ascii"]
        .iter()
        .any(|name| charset.eq_ignore_ascii_case(name))
}

async fn read_multipart(request: Request) -> Result<Bytes, ApiError> {
    let (parts, body) = request.into_parts();
    let body = read_body(body, MAX_BYTES + MULTIPART_OVERHEAD).await?;
    let hint = if ends_in_lf(&body) {
        "; its lines end in LF, and those of a form end in CRLF"
    } else {
        ""
    };
    let request = Request::from_parts(parts, body.into());
    let invalid = |error: String| {
        let message = format!("the form cannot be read: {error}{hint}");
        ApiError::invalid("file", message).reason("form_invalid")
    };
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| invalid(error.body_text()))?;
    let mut file = None;
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|error| invalid(error.body_text()))?
    {
        if !is_file(&field) {
            continue;
        }
        let declared = charset(field.headers());
        let mut bytes = field
            .bytes()
            .await
            .map_err(|error| invalid(error.body_text()))?;
        if let Some(charset) = declared {
            let text = to_utf8(&bytes, &charset).map_err(|error| rejection(&error))?;
            if let Cow::Owned(text) = text {
                bytes = text.into();
            }
        }
        if file.replace(bytes).is_some() {
            let message = "the form has two fields named file; send one file a job";
            return Err(ApiError::invalid("file", message).reason("file_repeated"));
        }
    }
    file.ok_or_else(|| {
        ApiError::invalid(
            "file",
            "the form has no field named file; with curl: -F file=@companies.csv",
        )
        .reason("file_missing")
    })
}

/// Whether the first line of a form ends in LF alone.
fn ends_in_lf(body: &[u8]) -> bool {
    let line = body.split(|byte| *byte == b'\n').next();
    line.is_some_and(|line| line.len() < body.len() && !line.ends_with(b"\r"))
}

/// Whether a field is named file. Its header is parsed as the parameters that it has: the name may stand behind a `filename` that
/// holds `name=` itself.
fn is_file(field: &Field<'_>) -> bool {
    let disposition = field.headers().get(CONTENT_DISPOSITION);
    let disposition = disposition.and_then(|value| value.to_str().ok());
    let parsed = disposition.and_then(|value| format!("multipart/{value}").parse::<Mime>().ok());
    let named = parsed.map(|mime| mime.get_param("name").is_some_and(|name| name == "file"));
    named.unwrap_or(field.name() == Some("file"))
}

fn rejection(error: &TabularError) -> ApiError {
    let message = error.to_string();
    let rejection = match error {
        TabularError::TooLarge { .. } => ApiError::new(Code::TooLarge, message),
        _ => ApiError::invalid("file", message),
    };
    rejection.reason(error.reason())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzing::check;
    use tokio::runtime::Builder;

    const BOUNDARY: &str = "----boundary";

    fn read(content_type: &str, body: Vec<u8>) -> Result<Upload, ApiError> {
        let request = Request::builder().header(CONTENT_TYPE, content_type);
        let request = request.body(body.into()).unwrap();
        let runtime = Builder::new_current_thread().build().unwrap();
        runtime.block_on(read_upload(request))
    }

    fn form(part_type: &str, file: &[u8]) -> Vec<u8> {
        let start = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n--{BOUNDARY}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: {part_type}\r\n\r\n"
        );
        let end = format!("\r\n--{BOUNDARY}--\r\n");
        [start.as_bytes(), file, end.as_bytes()].concat()
    }

    fn shown(read: Result<Upload, ApiError>) -> Result<Upload, String> {
        read.map_err(|error| error.message().to_owned())
    }

    /// Files, each sent in the three ways that there are.
    #[test]
    fn fuzz_upload_file() {
        let multipart = format!("multipart/form-data; boundary={BOUNDARY}");
        check("upload_file", |file| {
            let plain = form("text/csv", file);
            // What ends the file earlier is not in it.
            if file
                .windows(BOUNDARY.len())
                .any(|part| part == BOUNDARY.as_bytes())
            {
                return;
            }
            let in_form = shown(read(&multipart, plain));
            let declared = shown(read(&multipart, form("text/csv; charset=utf-8", file)));
            assert_eq!(declared, in_form);
            let limits = Limits {
                max_bytes: MAX_BYTES,
                max_rows: MAX_ROWS,
            };
            let direct = Upload::read(file, limits).map_err(|error| error.to_string());
            assert_eq!(in_form, direct);
            let is_text = std::str::from_utf8(file).is_ok_and(|text| !text.contains('\u{fffd}'));
            if is_text && check_replacements(file).is_ok() {
                assert_eq!(shown(read("text/csv", file.to_vec())), direct);
            }
        });
    }

    /// Whole requests: the `Content-Type` on the first line, and the body.
    #[test]
    fn fuzz_upload_request() {
        check("upload_request", |input| {
            let end = input
                .iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(input.len());
            let (content_type, body) = input.split_at(end);
            let Ok(content_type) = str::from_utf8(content_type) else {
                return;
            };
            if http::HeaderValue::from_str(content_type).is_err() {
                return;
            }
            let body = body.get(1..).unwrap_or_default().to_vec();
            if let Err(error) = read(content_type, body) {
                let refused = [Code::BadRequest, Code::TooLarge, Code::UnsupportedMediaType];
                assert!(refused.contains(&error.code()), "{:?}", error.code());
                assert!(!error.message().is_empty());
            }
        });
    }
}
