use api::Origin;
use schemars::JsonSchema;
use serde::Serialize;
use types::{ReportId, Timestamp};
use workspace::{LinkToken, ReportRow};

/// A report that was made, with the field names of the published example.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "GeneratedReport")]
#[serde(rename_all = "camelCase")]
pub(crate) struct GeneratedAnswer {
    /// Its id.
    report_id: ReportId,
    /// Where its file is. Whoever has this link may download it, without a credential.
    download_url: String,
    /// From when on the report and all links to it are gone: 90 days after it was made.
    expires_at: Timestamp,
}

/// A report, with a new link to its file.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Report")]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReportAnswer {
    #[serde(flatten)]
    report: ListedReport,
    /// Where its file is. Links that earlier responses had stay valid.
    download_url: String,
}

/// A report in a list, without a link.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ListedReport")]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedReport {
    /// Its id.
    report_id: ReportId,
    /// What it is of.
    protocol: ReportedProtocol,
    /// When it was made.
    created_at: Timestamp,
    /// From when on the report and all links to it are gone: 90 days after it was made.
    expires_at: Timestamp,
}

/// What a report is of.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ReportedProtocol")]
struct ReportedProtocol {
    /// What the protocol is called in paths.
    slug: String,
    /// The name that it had.
    name: String,
}

impl GeneratedAnswer {
    pub(crate) fn of(row: &ReportRow, token: &LinkToken, origin: &Origin) -> Self {
        Self {
            report_id: row.report,
            download_url: url(row.report, token, origin),
            expires_at: row.expires_at(),
        }
    }
}

impl ReportAnswer {
    pub(crate) fn of(row: ReportRow, token: &LinkToken, origin: &Origin) -> Self {
        Self {
            download_url: url(row.report, token, origin),
            report: row.into(),
        }
    }
}

impl From<ReportRow> for ListedReport {
    fn from(row: ReportRow) -> Self {
        Self {
            report_id: row.report,
            created_at: row.created_at,
            expires_at: row.expires_at(),
            protocol: ReportedProtocol {
                slug: row.subject,
                name: row.name,
            },
        }
    }
}

fn url(report: ReportId, token: &LinkToken, origin: &Origin) -> String {
    let token = token.reveal();
    origin.link(&format!("/api/reports/{report}/file?token={token}"))
}
