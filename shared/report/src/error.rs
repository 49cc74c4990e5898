/// Why there is no report. None is the fault of the data: whoever sees one has found an error in the template or in this crate.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The data could not be written for the template.
    #[error("the data of a report could not be written as JSON")]
    Data(#[source] serde_json::Error),
    /// The template could not be laid out.
    #[error("the template of the report could not be laid out: {0}")]
    Layout(String),
    /// The pages could not be written as PDF.
    #[error("the report could not be written as PDF: {0}")]
    Export(String),
}
