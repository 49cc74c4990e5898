use api::Code;
use endpoints::account::{AUDIT, KEY_ISSUE, KEY_LIST, KEY_REVOKE, KEY_ROTATE, KEYS_LEAKED};
use openapi::Operation;

use crate::answer::NewKeyAnswer;
use crate::audit::AuditPage;
use crate::form::{KeyForm, RotateForm};
use crate::leaked::{Found, Verdict};
use crate::manage::KeyList;

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&KEY_ISSUE)
            .about("Its secret is shown in this response only. 404 is for a repetition under an `Idempotency-Key` whose key has ended meanwhile.")
            .may_take::<KeyForm>()
            .refuses(
                Code::BadRequest,
                &["product_unknown", "scope_unknown", "scopes_empty", "text_invalid", "time_invalid", "time_in_past"],
            )
            .refuses(Code::PlanRequired, &["no_product"])
            .refuses(Code::NotFound, &["key_revoked", "key_expired"])
            .refuses(Code::LimitReached, &["resource", "keys_per_hour"])
            .returns::<NewKeyAnswer>(201, "The key, with its secret.")
            .leads_to(&[&KEY_REVOKE], "key_id", "keyId"),
        Operation::of(&KEY_LIST).returns::<KeyList>(200, "The keys."),
        Operation::of(&KEY_ROTATE)
            .about("The new key has the product, label, scopes and expiry of the old one, which is accepted for another 24 hours.")
            .takes::<RotateForm>()
            .refuses(Code::NotFound, &[])
            .refuses(Code::NotFound, &["key_revoked", "key_expired"])
            .refuses(Code::Duplicate, &["key_rotated"])
            .refuses(Code::LimitReached, &["keys_per_hour", "keys_in_grace"])
            .returns::<NewKeyAnswer>(201, "The new key, with its secret."),
        Operation::of(&KEY_REVOKE)
            .about("No call with the key is admitted after the response. Revoking a key again changes nothing.")
            .returns_nothing(204, "It is revoked."),
        Operation::of(&KEYS_LEAKED)
            .about("For GitHub's secret scanning. Where no reporter's key is configured there is no such route.")
            .header("Github-Public-Key-Identifier", "Which key of the reporter signed the body.")
            .header("Github-Public-Key-Signature", "ECDSA on P-256 with SHA-256 over the raw body, base64 of DER.")
            .takes::<Vec<Found>>()
            .refuses(Code::NotFound, &["route_unknown"])
            .returns::<Vec<Verdict>>(200, "An entry for each text, in their order."),
        Operation::of(&AUDIT)
            .about("Who changed the account's keys, plans and credits, and when.")
            .returns::<AuditPage>(200, "A page of entries."),
    ]
}
