use api::Code;
use endpoints::portal::{CLIENT_CREATE, CLIENT_LIST, CLIENT_READ};
use openapi::Operation;

use crate::answer::ClientAnswer;
use crate::form::ClientForm;
use crate::list::ClientPage;

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&CLIENT_CREATE)
            .takes::<ClientForm>()
            .refuses(Code::BadRequest, &["reference_invalid", "text_invalid"])
            .refuses(Code::Duplicate, &["client_ref_taken"])
            .refuses(Code::LimitReached, &["resource"])
            .returns::<ClientAnswer>(201, "The client.")
            .leads_to(&[&CLIENT_READ], "client_ref", "client_ref"),
        Operation::of(&CLIENT_LIST).returns::<ClientPage>(200, "A page of clients."),
        Operation::of(&CLIENT_READ).returns::<ClientAnswer>(200, "The client."),
    ]
}
