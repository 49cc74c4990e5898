use api::Code;
use endpoints::intent::{WATCH_ADD, WATCH_CHANGE, WATCH_LIST, WATCH_READ, WATCH_REMOVE};
use openapi::Operation;

use crate::answer::{AddedAnswer, EntryAnswer};
use crate::form::{ChangeForm, WatchForm};

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&WATCH_ADD)
            .takes::<WatchForm>()
            .refuses_domains()
            .refuses(Code::BadRequest, &["text_invalid", "number_out_of_range"])
            .refuses(Code::Duplicate, &["already_watched"])
            .refuses(Code::LimitReached, &["resource"])
            .returns::<AddedAnswer>(201, "The entry, with the company's score.")
            .leads_to(
                &[&WATCH_READ, &WATCH_CHANGE, &WATCH_REMOVE],
                "subject",
                "domain",
            ),
        Operation::of(&WATCH_LIST)
            .about("The highest score first.")
            .returns::<Vec<EntryAnswer>>(200, "A page of entries.")
            .with_link(),
        Operation::of(&WATCH_READ).returns::<EntryAnswer>(200, "The entry."),
        Operation::of(&WATCH_CHANGE)
            .about("What is left out stays as it is.")
            .takes::<ChangeForm>()
            .refuses(Code::BadRequest, &["text_invalid", "number_out_of_range"])
            .returns::<EntryAnswer>(200, "The entry."),
        Operation::of(&WATCH_REMOVE).returns_nothing(204, "It is removed."),
    ]
}
