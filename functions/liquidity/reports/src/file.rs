use std::time::Duration;

use api::{ApiError, Params};
use axum::extract::State;
use endpoints::liquidity::{REPORT_FILE, TOKEN};
use http::header::LOCATION;
use http::{HeaderName, StatusCode, Uri};
use types::date_of;
use workspace::LinkToken;

use crate::{App, PathId, named, object_key, unknown};

/// How long the URL that a link leads to is valid: only until the download begins.
const URL_LIFETIME: Duration = Duration::from_mins(5);

/// `GET /api/reports/{report_id}/file`: leads to the file of a report, for whoever has a link to it. One read, and none for what cannot
/// be a token.
pub(crate) async fn file(
    State(app): State<App>,
    id: PathId,
    uri: Uri,
) -> Result<(StatusCode, [(HeaderName, String); 1]), ApiError> {
    let params = Params::read(&uri, &REPORT_FILE)?;
    let token = LinkToken::parse(params.required(&TOKEN)?).map_err(|_| unknown())?;
    let id = named(id)?;
    let now = app.context.clock().now();
    let link = app.links.open(id, &token, now).await?;
    let link = link.ok_or_else(unknown)?;
    let file_name = format!("{}-{}.pdf", link.subject, date_of(link.created_at));
    let key = object_key(link.account, id);
    let url = app
        .bucket
        .presigned_url(&key, &file_name, now, URL_LIFETIME);
    Ok((StatusCode::FOUND, [(LOCATION, url.await?)]))
}
