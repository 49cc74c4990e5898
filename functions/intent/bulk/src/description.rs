use api::Code;
use endpoints::intent::{BULK_CANCEL, BULK_LIST, BULK_READ, BULK_SUBMIT};
use openapi::Operation;

use crate::answer::JobAnswer;
use crate::list::JobPage;

/// Why a file is refused.
const FILE: &[&str] = &[
    "file_empty",
    "file_without_rows",
    "file_not_csv",
    "file_not_utf8",
    "file_has_nul",
    "charset_unknown",
    "file_not_in_charset",
    "quote_unclosed",
    "text_after_quote",
    "row_in_quotes",
    "line_ends_lost",
    "too_many_rows",
    "too_many_columns",
    "no_domain_column",
    "domain_column_ambiguous",
    "no_valid_rows",
    "file_missing",
    "file_repeated",
    "form_invalid",
];

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&BULK_SUBMIT)
            .about("A CSV file of up to 1,000 companies and 2,000,000 bytes: the field `file` of a form, or the body itself. Poll `poll_url` until `status` is none of `queued` and `running`.")
            .takes_file()
            .refuses(Code::BadRequest, FILE)
            .refuses(Code::LimitReached, &["concurrency"])
            .returns::<JobAnswer>(202, "The job, which waits to run.")
            .leads_to(&[&BULK_READ, &BULK_CANCEL], "job_id", "job_id"),
        Operation::of(&BULK_LIST)
            .about("The newest first, without links. A page may hold fewer jobs than `limit`.")
            .returns::<JobPage>(200, "A page of jobs."),
        Operation::of(&BULK_READ)
            .about("A job that has ended has the URLs of its files.")
            .returns::<JobAnswer>(200, "The job."),
        Operation::of(&BULK_CANCEL)
            .about("Finished rows are kept, and the rest is refunded. A job that has ended stays as it is.")
            .returns::<JobAnswer>(200, "The job, cancelled or as it ended."),
    ]
}
