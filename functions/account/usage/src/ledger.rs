use accounts::{Entry, EntryKind};
use api::{ApiError, Caller, Origin, Params};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use endpoints::account::{CREDITS_LEDGER, LEDGER_LIMIT};
use http::header::{ACCEPT, CONTENT_TYPE, LINK};
use http::{HeaderMap, HeaderValue, Uri};
use mime::Mime;
use schemars::JsonSchema;
use serde::Serialize;
use tabular::Writer;
use types::{Credits, Product, Timestamp, whole_second};

use crate::credits::{DEFAULT_PRODUCT, has_credits};
use crate::{App, product};

/// A page of the ledger, newest first.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "LedgerPage")]
pub(crate) struct LedgerPage {
    /// The product of the entries.
    product: Product,
    /// The newest first.
    entries: Vec<EntryAnswer>,
    /// Cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "LedgerEntry")]
struct EntryAnswer {
    /// Its id.
    reference: String,
    /// What changed the balance.
    kind: EntryKind,
    /// By how many credits.
    amount: Credits,
    /// When.
    at: Timestamp,
    /// On what.
    note: String,
}

struct LedgerQuery {
    limit: usize,
    cursor: Option<String>,
}

/// `GET /api/v1/credits/ledger`: every change of the balance, as JSON, or as CSV if `Accept` names `text/csv`.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ApiError> {
    let (account, query) = caller
        .authorize_account(DEFAULT_PRODUCT, LedgerQuery::read(&uri))
        .await?;
    has_credits(&account)?;
    let (entries, next_cursor) = app
        .accounts
        .ledger_page(
            account.account,
            account.product,
            query.cursor.as_deref(),
            query.limit,
        )
        .await?;
    let link = next_cursor.as_ref().and_then(|next| {
        // A session has to name the product, or the next page would be of the default one.
        let (path, product, limit) = (uri.path(), account.product, query.limit);
        let path = format!("{path}?product={product}&limit={limit}&cursor={next}");
        HeaderValue::try_from(format!("<{}>; rel=\"next\"", origin.link(&path))).ok()
    });
    let mut response = if accepts_csv(&headers) {
        (csv_type(), csv(&entries)).into_response()
    } else {
        Json(LedgerPage {
            product: account.product,
            entries: entries.into_iter().map(EntryAnswer::of).collect(),
            next_cursor,
        })
        .into_response()
    };
    response.headers_mut().extend(link.map(|link| (LINK, link)));
    Ok(response)
}

/// Whether CSV is named, and preferred to JSON (RFC 9110, 12.5.1).
fn accepts_csv(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter();
    let ranges = accepted.filter_map(|accept| accept.to_str().ok());
    let ranges = ranges.flat_map(|accept| accept.split(','));
    let ranges: Vec<Mime> = ranges
        .filter_map(|range| range.trim().parse().ok())
        .collect();
    let quality = |name: &str| {
        let range = ranges.iter().find(|range| range.essence_str() == name)?;
        match range.get_param("q") {
            Some(quality) => quality.as_str().parse::<f64>().ok(),
            None => Some(1.0),
        }
    };
    let csv = quality("text/csv").unwrap_or(0.0);
    csv > 0.0 && csv >= quality("application/json").unwrap_or(0.0)
}

fn csv_type() -> [(http::HeaderName, HeaderValue); 1] {
    [(
        CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    )]
}

fn csv(entries: &[Entry]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.row(["reference", "at", "kind", "amount", "note"]);
    for entry in entries {
        writer.text(&entry.reference);
        writer.text(&whole_second(entry.at).to_string());
        writer.text(entry.kind.as_str());
        writer.number(entry.amount());
        writer.text(&entry.note);
        writer.end_row();
    }
    writer.finish()
}

impl EntryAnswer {
    fn of(entry: Entry) -> Self {
        Self {
            amount: entry.amount(),
            reference: entry.reference,
            kind: entry.kind,
            at: whole_second(entry.at),
            note: entry.note,
        }
    }
}

impl LedgerQuery {
    fn read(uri: &Uri) -> Result<(Option<Product>, Self), ApiError> {
        let params = Params::read(uri, &CREDITS_LEDGER)?;
        let fits = |cursor: &str| {
            let known =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            (1..=80).contains(&cursor.len()) && cursor.bytes().all(known)
        };
        let query = Self {
            limit: params.number(&LEDGER_LIMIT)?,
            cursor: params.cursor(|text| fits(text).then(|| text.to_owned()))?,
        };
        Ok((product(&params)?, query))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_for_those_who_prefer_it() {
        let accepts = |accept: &str| {
            let accept = HeaderValue::from_str(accept).unwrap();
            accepts_csv(&HeaderMap::from_iter([(ACCEPT, accept)]))
        };
        for accept in [
            "text/csv",
            "TEXT/CSV; q=0.5",
            "text/html, text/csv;q=0.9, */*;q=0.1",
            "application/json;q=0.5,text/csv",
            "text/csv;header=present",
        ] {
            assert!(accepts(accept), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "text/*",
            "text/csv;q=0",
            "text/csv; q=0.0, */*",
            "application/json, text/csv;q=0.9",
            "text/csv;q=much",
            "text/csvx",
        ] {
            assert!(!accepts(accept), "{accept}");
        }
        assert!(!accepts_csv(&HeaderMap::new()));
    }
}
