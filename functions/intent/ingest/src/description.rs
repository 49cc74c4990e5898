use api::Code;
use endpoints::intent::SIGNALS_ADD;
use openapi::Operation;

use crate::form::SignalForm;
use crate::signals::Answer;

/// Why a signal is refused.
const SIGNAL: &[&str] = &[
    "field_missing",
    "text_invalid",
    "url_invalid",
    "time_invalid",
    "time_in_future",
    "kind_unknown",
    "strength_invalid",
    "strength_out_of_range",
];

/// One signal, or up to 500.
#[derive(schemars::JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "it describes what is read as any JSON")]
enum Signals {
    /// One signal: if it is not valid, the request is refused.
    One(SignalForm),
    /// Many: each that is not valid is reported by itself.
    Many(#[schemars(length(min = 1, max = 500))] Vec<SignalForm>),
}

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&SIGNALS_ADD)
            .about("They count in the scores of your account only.")
            .takes::<Signals>()
            .refuses_domains()
            .refuses(Code::BadRequest, SIGNAL)
            .refuses(Code::BadRequest, &["no_signals", "too_many_signals"])
            .refuses(Code::LimitReached, &["daily", "company_full"])
            .returns::<Answer>(200, "What became of each."),
    ]
}
