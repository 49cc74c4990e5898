use api::{ApiError, Caller, Params};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use endpoints::liquidity::{EXPORT, FORMAT};
use http::Uri;
use http::header::CONTENT_TYPE;
use schemars::JsonSchema;
use serde::Serialize;
use tabular::Writer;
use types::{Timestamp, whole_second};

use crate::App;
use crate::answer::ProtocolAnswer;
use crate::listing::Filter;
use crate::protocol::in_words;

/// All protocols with their scores. There are at most 1,000.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ProtocolExport")]
pub(crate) struct ExportAnswer {
    /// When it was made.
    #[serde(rename = "exportedAt")]
    exported_at: Timestamp,
    /// How many protocols it has.
    count: usize,
    /// The highest score first.
    protocols: Vec<ProtocolAnswer>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Format {
    #[default]
    Json,
    Csv,
}

struct ExportQuery {
    filter: Filter,
    format: Format,
}

/// `GET /api/v1/export`: all protocols, as JSON or CSV.
pub(crate) async fn export(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Response, ApiError> {
    let (call, query) = caller.authorize(ExportQuery::read(&uri)).await?;
    let now = app.context.clock().now();
    let (_, all) = call.admit_while(|_| app.listing.all(now)).await?;
    let found = all.iter().filter(|scored| query.filter.takes(scored));
    let protocols: Vec<ProtocolAnswer> = found.map(ProtocolAnswer::from).collect();
    if query.format == Format::Csv {
        let media_type = [(CONTENT_TYPE, "text/csv; charset=utf-8")];
        return Ok((media_type, csv(&protocols)).into_response());
    }
    Ok(Json(ExportAnswer {
        exported_at: whole_second(now),
        count: protocols.len(),
        protocols,
    })
    .into_response())
}

const COLUMNS: [&str; 13] = [
    "slug",
    "name",
    "category",
    "issuer",
    "blockchain",
    "jurisdiction",
    "aum_usd",
    "yield_pct",
    "liquidity_score",
    "liquidity_tier",
    "redemption_frequency",
    "holder_count",
    "last_updated",
];

fn csv(protocols: &[ProtocolAnswer]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.row(COLUMNS);
    for protocol in protocols {
        writer.text(protocol.slug.as_str());
        writer.text(&protocol.name);
        writer.text(protocol.category.as_str());
        writer.text(protocol.issuer.as_deref().unwrap_or_default());
        writer.text(protocol.blockchain.as_deref().unwrap_or_default());
        writer.text(protocol.jurisdiction.as_ref().map_or("", |of| of.as_str()));
        number(&mut writer, protocol.aum_usd);
        number(&mut writer, protocol.yield_pct);
        number(&mut writer, protocol.liquidity_score);
        writer.text(protocol.liquidity_tier.map_or("", |of| of.as_str()));
        writer.text(protocol.redemption_frequency.map_or("", |of| of.as_str()));
        number(&mut writer, protocol.holder_count);
        writer.text(&protocol.last_updated.to_string());
        writer.end_row();
    }
    writer.finish()
}

/// A number, or an empty field.
fn number<N: tabular::Number>(writer: &mut Writer, number: Option<N>) {
    match number {
        Some(number) => writer.number(number),
        None => writer.text(""),
    }
}

impl ExportQuery {
    fn read(uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &EXPORT)?;
        let name = |format| match format {
            Format::Json => "json",
            Format::Csv => "csv",
        };
        let format = params.word(&FORMAT, &[Format::Json, Format::Csv], name)?;
        Ok(Self {
            filter: in_words(&params)?,
            format: format.unwrap_or_default(),
        })
    }
}
