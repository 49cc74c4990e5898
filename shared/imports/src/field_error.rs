use std::borrow::Cow;

use api::cut;
use api::json::JsonError;
use schemars::JsonSchema;
use serde::Serialize;

/// An invalid field.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct FieldError {
    /// The field.
    pub field: Cow<'static, str>,
    /// The reason, a stable word for programs.
    pub reason: &'static str,
    /// What is wrong and what to do, for people.
    pub message: String,
}

impl FieldError {
    /// Of a field of this name.
    pub fn new(field: &'static str, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            reason,
            message: message.into(),
        }
    }

    /// What is wrong with the JSON of an object.
    pub fn of_json(error: &JsonError) -> Self {
        Self {
            field: cut(&error.path).into(),
            reason: "json_invalid",
            message: cut(&error.message),
        }
    }
}
