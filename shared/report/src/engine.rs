use liquidity::METHODOLOGY_VERSION;
use types::Timestamp;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::view::View;
use crate::world::{ReportWorld, has_glyph};
use crate::{ReportData, ReportError};

/// Reports that do not use a part of typst's cache before it is dropped: a warm worker must not grow.
const CACHED_REPORTS: usize = 4;

/// The report as PDF. The same data have the same bytes.
pub fn render(data: &ReportData) -> Result<Vec<u8>, ReportError> {
    let document = layout(data)?;
    let slug = &data.protocol.slug;
    let options = PdfOptions {
        ident: Smart::Custom(format!(
            "{METHODOLOGY_VERSION} {slug} {}",
            data.generated_at
        )),
        creator: Smart::Custom(Some("Assay".to_owned())),
        timestamp: created(data.generated_at).map(typst_pdf::Timestamp::new_utc),
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&document, &options);
    typst::comemo::evict(CACHED_REPORTS);
    pdf.map_err(|errors| ReportError::Export(messages(&errors)))
}

/// Parses the fonts, which the first report would do otherwise: for the start of a worker.
pub fn prepare() {
    has_glyph('A');
}

/// The pages.
pub(crate) fn layout(data: &ReportData) -> Result<PagedDocument, ReportError> {
    let json = serde_json::to_vec(&View::of(data)).map_err(ReportError::Data)?;
    let compiled = typst::compile::<PagedDocument>(&ReportWorld::new(json));
    #[cfg(test)]
    assert!(compiled.warnings.is_empty(), "{:?}", compiled.warnings);
    compiled
        .output
        .map_err(|errors| ReportError::Layout(messages(&errors)))
}

fn created(at: Timestamp) -> Option<Datetime> {
    let at = at.strftime("%Y %m %d %H %M %S").to_string();
    let mut parts = at.split(' ');
    let year = parts.next()?.parse().ok()?;
    let mut next = || parts.next()?.parse::<u8>().ok();
    Datetime::from_ymd_hms(year, next()?, next()?, next()?, next()?, next()?)
}

fn messages(errors: &[SourceDiagnostic]) -> String {
    let messages: Vec<&str> = errors.iter().map(|error| &*error.message).collect();
    messages.join("; ")
}
