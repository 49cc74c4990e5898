use api::Code;
use endpoints::liquidity::{WATCH_ADD, WATCH_CHANGE, WATCH_LIST, WATCH_READ, WATCH_REMOVE};
use openapi::Operation;

use crate::add::WatchForm;
use crate::answer::{AddedAnswer, EntryAnswer};
use crate::entry::{ChangeForm, Removed};
use crate::list::WatchlistPage;

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
        Operation::of(&WATCH_READ)
            .refuses(Code::NotFound, &[])
            .returns::<EntryAnswer>(200, "The entry."),
        Operation::of(&WATCH_CHANGE)
            .takes::<ChangeForm>()
            .refuses(Code::BadRequest, &["number_out_of_range"])
            .refuses(Code::NotFound, &[])
            .returns::<EntryAnswer>(200, "The entry as it is now."),
        Operation::of(&WATCH_REMOVE).returns::<Removed>(200, "It is removed."),
    ]
}
