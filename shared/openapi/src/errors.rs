use std::collections::BTreeMap;

use api::Code;
use endpoints::{Access, CURSOR, Endpoint, Place, Price, Values};

use crate::reasons;

/// The errors of an operation: by status, each code with its reasons. An empty reason is a code that says all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Errors(pub(crate) BTreeMap<u16, BTreeMap<&'static str, Vec<&'static str>>>);

impl Errors {
    /// Adds a code with its reasons.
    pub(crate) fn add(&mut self, code: Code, reasons: &[&'static str]) {
        let (code, status) = code.wire();
        let known = self.0.entry(status.as_u16()).or_default();
        let known = known.entry(code).or_default();
        let reasons = if reasons.is_empty() { &[""] } else { reasons };
        for reason in reasons {
            if !known.contains(reason) {
                known.push(reason);
            }
        }
    }

    /// Adds those of another operation on the same method and path.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (status, codes) in &other.0 {
            for (code, reasons) in codes {
                let known = self.0.entry(*status).or_default();
                let known = known.entry(code).or_default();
                let new = reasons.iter().filter(|reason| !known.contains(reason));
                let new: Vec<&'static str> = new.copied().collect();
                known.extend(new);
            }
        }
    }
}

/// The errors that follow from an endpoint's row in the table.
pub(crate) fn errors_of(endpoint: &Endpoint) -> Errors {
    let mut errors = Errors::default();
    parameters(endpoint, &mut errors);
    match endpoint.access {
        Access::Signature => errors.add(Code::Unauthorized, &["signature_invalid"]),
        Access::Link => errors.add(Code::NotFound, &[]),
        Access::Session => {
            errors.add(Code::Unauthorized, reasons::CREDENTIAL);
            errors.add(Code::Forbidden, &["session_required", "account_suspended"]);
            if endpoint.product.is_some() {
                metered(&mut errors);
            }
        }
        Access::Key(_) => key(endpoint, &mut errors),
    }
    if endpoint.feature.is_some() {
        errors.add(Code::PlanRequired, &["plan_too_small"]);
    }
    if endpoint.price != Price::Free {
        errors.add(Code::InsufficientCredits, &[]);
    }
    if endpoint.idempotent {
        errors.add(Code::BadRequest, reasons::IDEMPOTENCY_KEY);
        errors.add(Code::InProgress, &[]);
        errors.add(Code::IdempotencyMismatch, &[]);
    }
    errors.add(Code::Internal, &[]);
    errors.add(Code::Unavailable, &[]);
    errors
}

fn parameters(endpoint: &Endpoint, errors: &mut Errors) {
    // Of a report, the query string is not read.
    if endpoint.access != Access::Signature {
        errors.add(Code::BadRequest, &["parameter_unknown"]);
    }
    for param in endpoint.params {
        if param.is_in_path() {
            errors.add(Code::NotFound, &[]);
            continue;
        }
        errors.add(Code::BadRequest, &["parameter_repeated"]);
        if param.place == Place::RequiredQuery {
            errors.add(Code::BadRequest, &["parameter_missing"]);
        }
        if param.values != Values::Text {
            errors.add(Code::BadRequest, &["parameter_invalid"]);
        }
        if *param == CURSOR {
            errors.add(Code::BadRequest, &["cursor_invalid"]);
        }
    }
}

fn key(endpoint: &Endpoint, errors: &mut Errors) {
    errors.add(Code::Unauthorized, reasons::CREDENTIAL);
    errors.add(
        Code::Forbidden,
        &["scope_missing", "wrong_product", "account_suspended"],
    );
    if endpoint.product.is_some() {
        metered(errors);
    } else {
        errors.add(Code::PlanRequired, &["no_api_access"]);
        errors.add(Code::LimitReached, &["per_minute"]);
        // A session whose account does not have the product.
        errors.add(Code::NotFound, &[]);
    }
}

/// A call of a product, which its meter admits.
fn metered(errors: &mut Errors) {
    errors.add(Code::PlanRequired, &["no_api_access"]);
    errors.add(Code::LimitReached, &["per_minute", "monthly"]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(endpoint: &Endpoint, expected: &str) {
        let errors = errors_of(endpoint);
        let lines = errors.0.iter().map(|(status, codes)| {
            let codes = codes
                .iter()
                .map(|(code, reasons)| format!("{code} {}", reasons.len()));
            format!("{status} {}", codes.collect::<Vec<_>>().join(", "))
        });
        assert_eq!(lines.collect::<Vec<_>>().join("; "), expected);
    }

    #[test]
    fn the_table_says_what_may_be_refused() {
        check(
            &endpoints::intent::SCORE,
            "400 BAD_REQUEST 4; 401 UNAUTHORIZED 14; 402 INSUFFICIENT_CREDITS 1, PLAN_REQUIRED 1; 403 FORBIDDEN 3; \
             429 LIMIT_REACHED 2; 500 INTERNAL_ERROR 1; 503 UNAVAILABLE 1",
        );
        check(
            &endpoints::portal::CLIENT_CREATE,
            "400 BAD_REQUEST 5; 401 UNAUTHORIZED 14; 402 PLAN_REQUIRED 2; 403 FORBIDDEN 3; 409 IN_PROGRESS 1; \
             422 IDEMPOTENCY_MISMATCH 1; 429 LIMIT_REACHED 2; 500 INTERNAL_ERROR 1; 503 UNAVAILABLE 1",
        );
        check(
            &endpoints::account::KEY_REVOKE,
            "400 BAD_REQUEST 1; 401 UNAUTHORIZED 14; 403 FORBIDDEN 2; 404 NOT_FOUND 1; 500 INTERNAL_ERROR 1; 503 UNAVAILABLE 1",
        );
    }
}
