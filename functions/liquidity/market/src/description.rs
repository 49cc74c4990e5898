use endpoints::liquidity::PROTOCOL_READ;
use openapi::Operation;

use crate::answer::ProtocolAnswer;

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&PROTOCOL_READ)
            .about("What is not known is null.")
            .returns::<ProtocolAnswer>(200, "The protocol."),
    ]
}
