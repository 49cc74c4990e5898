use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::json::JsonError;
use crate::{ApiError, Code, cut};

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
    pub fn new(
        field: impl Into<Cow<'static, str>>,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Self {
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

impl ApiError {
    /// The error of a request with these invalid fields: that of the first, with all of them in `errors`.
    pub fn fields(errors: &[FieldError]) -> Self {
        let Some(first) = errors.first() else {
            return Self::bug("a request is refused without an invalid field");
        };
        let message = first.message.clone();
        // What is wrong with the whole of it is no field's.
        let error = if first.field.is_empty() {
            Self::new(Code::BadRequest, message)
        } else {
            Self::invalid(first.field.clone(), message)
        };
        error.reason(first.reason).with("errors", json!(errors))
    }
}
