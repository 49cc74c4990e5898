use api::{ApiError, Code, media_type, read_body};
use axum::extract::{FromRequest, Multipart, Request};
use bytes::Bytes;
use tabular::companies::Upload;
use tabular::{Limits, TabularError};

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
    let upload = Upload::read(&bytes, limits).map_err(|error| rejection(&error))?;
    if upload.counts().valid == 0 {
        let message = "no row of the file names a company domain; the column domain should hold names like stripe.com";
        return Err(ApiError::invalid("file", message).reason("no_valid_rows"));
    }
    Ok(upload)
}

async fn read_file(request: Request) -> Result<Bytes, ApiError> {
    let essence = media_type(request.headers()).to_ascii_lowercase();
    match essence.as_str() {
        "multipart/form-data" => read_multipart(request).await,
        "text/csv" | "application/csv" => read_body(request.into_body(), MAX_BYTES).await,
        _ => {
            let message = "send the file as multipart/form-data with a field named file (curl -F file=@companies.csv), \
                           or as a text/csv body";
            Err(ApiError::new(Code::UnsupportedMediaType, message))
        }
    }
}

async fn read_multipart(request: Request) -> Result<Bytes, ApiError> {
    let (parts, body) = request.into_parts();
    let body = read_body(body, MAX_BYTES + MULTIPART_OVERHEAD).await?;
    let request = Request::from_parts(parts, body.into());
    let invalid =
        |error: String| ApiError::invalid("file", format!("the form cannot be read: {error}"));
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| invalid(error.body_text()))?;
    let mut file = None;
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|error| invalid(error.body_text()))?
    {
        if field.name() != Some("file") {
            continue;
        }
        let bytes = field
            .bytes()
            .await
            .map_err(|error| invalid(error.body_text()))?;
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

fn rejection(error: &TabularError) -> ApiError {
    let message = error.to_string();
    let rejection = match error {
        TabularError::TooLarge { .. } => ApiError::new(Code::TooLarge, message),
        _ => ApiError::invalid("file", message),
    };
    rejection.reason(error.reason())
}
