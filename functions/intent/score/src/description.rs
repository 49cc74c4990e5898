use endpoints::intent::SCORE;
use openapi::Operation;

use crate::answer::Answer;

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&SCORE)
            .about(
                "A company of which nothing is known is not an error: its score is 0, with the confidence `none`, and free.",
            )
            .refuses_domains()
            .returns::<Answer>(200, "The score."),
    ]
}
