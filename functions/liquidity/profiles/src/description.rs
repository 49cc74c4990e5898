use api::Code;
use endpoints::liquidity::{
    SCORING_PROFILE_CLEAR_DEFAULT, SCORING_PROFILE_CREATE, SCORING_PROFILE_DELETE,
    SCORING_PROFILE_LIST, SCORING_PROFILE_READ, SCORING_PROFILE_REPLACE,
    SCORING_PROFILE_SET_DEFAULT,
};
use openapi::Operation;

use crate::answer::{ProfileAnswer, ProfileList};
use crate::form::ProfileForm;
use crate::remove::Removed;

/// Why a form is refused.
const FIELDS: &[&str] = &[
    "text_invalid",
    "weight_missing",
    "weight_out_of_range",
    "weights_sum",
    "cap_out_of_range",
    "number_invalid",
];

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    let changes = |operation: Operation| {
        operation
            .takes::<ProfileForm>()
            .refuses(Code::BadRequest, FIELDS)
            .refuses(Code::Duplicate, &["name_taken"])
    };
    vec![
        changes(Operation::of(&SCORING_PROFILE_CREATE))
            .about("As many as the plan includes: `professional` 3, `institutional` 10.")
            .refuses(Code::LimitReached, &["resource"])
            .returns::<ProfileAnswer>(201, "The profile.")
            .leads_to(
                &[
                    &SCORING_PROFILE_READ,
                    &SCORING_PROFILE_REPLACE,
                    &SCORING_PROFILE_DELETE,
                    &SCORING_PROFILE_SET_DEFAULT,
                ],
                "profile_id",
                "profile/id",
            ),
        Operation::of(&SCORING_PROFILE_LIST).returns::<ProfileList>(200, "The profiles."),
        Operation::of(&SCORING_PROFILE_READ).returns::<ProfileAnswer>(200, "The profile."),
        changes(Operation::of(&SCORING_PROFILE_REPLACE))
            .about(
                "Replaces name, weights and caps. It keeps its id, and stays the default if it is.",
            )
            .returns::<ProfileAnswer>(200, "The profile."),
        Operation::of(&SCORING_PROFILE_CLEAR_DEFAULT)
            .about("Succeeds too if there is none.")
            .returns::<Removed>(200, "There is no default profile."),
        Operation::of(&SCORING_PROFILE_DELETE)
            .about("If it is the default, there is none afterwards.")
            .returns::<Removed>(200, "It is deleted."),
        Operation::of(&SCORING_PROFILE_SET_DEFAULT)
            .about("The profile that was the default before no longer is.")
            .returns::<ProfileAnswer>(200, "The profile, which is the default."),
    ]
}
