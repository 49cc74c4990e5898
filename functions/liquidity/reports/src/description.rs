use api::Code;
use endpoints::liquidity::{REPORT_FILE, REPORT_GENERATE, REPORT_LIST, REPORT_READ};
use openapi::Operation;

use crate::answer::{GeneratedAnswer, ReportAnswer};
use crate::form::ReportForm;
use crate::list::ReportPage;

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&REPORT_GENERATE)
            .about("As many a UTC month as the plan includes: `analyst` 25, `professional` 100, `institutional` any number.")
            .takes::<ReportForm>()
            .refuses(Code::BadRequest, &["field_missing", "uuid_invalid"])
            .refuses(Code::NotFound, &[])
            .refuses(Code::LimitReached, &["monthly_reports"])
            .returns::<GeneratedAnswer>(201, "The report, with a link to its file.")
            .leads_to(&[&REPORT_READ], "report_id", "reportId"),
        Operation::of(&REPORT_LIST).returns::<ReportPage>(200, "A page of reports."),
        Operation::of(&REPORT_READ).returns::<ReportAnswer>(200, "The report."),
        Operation::of(&REPORT_FILE)
            .about("Takes no credential. The link leads to a URL of the file that is valid for five minutes.")
            .returns_nothing(302, "Where the file is."),
    ]
}
