use api::Code;
use endpoints::intent::{
    EXPLAIN, HISTORY, PREVIEW_GIVEN, PREVIEW_STORED, PROFILE_CREATE, PROFILE_DELETE, PROFILE_LIST,
    PROFILE_READ, PROFILE_REPLACE,
};
use openapi::Operation;

use crate::explain::Explained;
use crate::form::{PreviewForm, ProfileForm};
use crate::history::HistoryAnswer;
use crate::preview::PreviewAnswer;
use crate::profiles::{ProfileAnswer, ProfileList};

/// Why weights and half-lives are refused.
const NUMBERS: &[&str] = &[
    "profile_empty",
    "weights_all_zero",
    "weight_out_of_range",
    "half_life_out_of_range",
    "number_invalid",
    "kind_unknown",
];

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    [past(), previews(), profiles()].concat()
}

fn past() -> Vec<Operation> {
    vec![
        Operation::of(&HISTORY)
            .about("One point for each UTC day on which a score was computed, the last of the day. Points are kept for 730 days; there are no pages.")
            .refuses_domains()
            .returns::<HistoryAnswer>(200, "The points."),
        Operation::of(&EXPLAIN)
            .about("The score of what your account could know then, by the model of today.")
            .refuses_domains()
            .refuses(Code::BadRequest, &["time_invalid", "time_in_future", "time_too_old"])
            .returns::<Explained>(200, "The score as it was."),
    ]
}

fn previews() -> Vec<Operation> {
    vec![
        Operation::of(&PREVIEW_STORED)
            .about("Always computed, and changes nothing: no cached score, and no history.")
            .refuses_domains()
            .refuses(Code::NotFound, &[])
            .returns::<PreviewAnswer>(200, "The score by the profile, and the standard score."),
        Operation::of(&PREVIEW_GIVEN)
            .about("Give either `profile`, or `weights` and `half_lives`.")
            .takes::<PreviewForm>()
            .refuses_domains()
            .refuses(Code::BadRequest, NUMBERS)
            .refuses(Code::BadRequest, &["profile_ambiguous"])
            .refuses(Code::NotFound, &[])
            .returns::<PreviewAnswer>(200, "The score by these numbers, and the standard score."),
    ]
}

fn profiles() -> Vec<Operation> {
    let changes = |operation: Operation| {
        operation
            .takes::<ProfileForm>()
            .refuses(Code::BadRequest, NUMBERS)
            .refuses(Code::BadRequest, &["text_invalid"])
            .refuses(Code::Duplicate, &["name_taken"])
    };
    vec![
        changes(Operation::of(&PROFILE_CREATE))
            .about("At least one number is required. Up to 20 profiles an account.")
            .refuses(Code::LimitReached, &["resource"])
            .returns::<ProfileAnswer>(201, "The profile.")
            .leads_to(
                &[&PROFILE_READ, &PROFILE_REPLACE, &PROFILE_DELETE],
                "profile_id",
                "profile_id",
            )
            .leads_to(&[&PREVIEW_STORED], "profile", "profile_id"),
        Operation::of(&PROFILE_LIST).returns::<ProfileList>(200, "The profiles."),
        Operation::of(&PROFILE_READ).returns::<ProfileAnswer>(200, "The profile."),
        changes(Operation::of(&PROFILE_REPLACE))
            .about("Replaces all of it, and keeps its id.")
            .returns::<ProfileAnswer>(200, "The profile."),
        Operation::of(&PROFILE_DELETE).returns_nothing(204, "It is deleted."),
    ]
}
