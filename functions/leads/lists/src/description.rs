use endpoints::leads::WHOAMI;
use openapi::Operation;

use crate::whoami::Whoami;

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&WHOAMI)
            .about("What is not known is left out.")
            .returns::<Whoami>(200, "Whose key this is."),
    ]
}
