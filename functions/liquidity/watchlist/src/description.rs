use api::Code;
use endpoints::liquidity::{WATCH_ADD, WATCH_LIST, WATCH_REMOVE};
use openapi::Operation;

use crate::add::WatchForm;
use crate::answer::AddedAnswer;
use crate::list::WatchlistPage;
use crate::remove::Removed;

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&WATCH_ADD)
            .takes::<WatchForm>()
            .refuses(Code::BadRequest, &["slug_invalid"])
            .refuses(Code::NotFound, &[])
            .refuses(Code::Duplicate, &["already_watched"])
            .refuses(Code::LimitReached, &["resource"])
            .returns::<AddedAnswer>(201, "The entry, with the default alerts."),
        Operation::of(&WATCH_LIST).returns::<WatchlistPage>(200, "A page of entries."),
        Operation::of(&WATCH_REMOVE).returns::<Removed>(200, "It is removed."),
    ]
}
