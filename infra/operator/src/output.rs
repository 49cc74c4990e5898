use std::process::ExitCode;

use runtime::Failure;
use serde::Serialize;
use serde_json::Value;

/// What a command has to say, for a program and for a person.
#[derive(Debug)]
pub(crate) struct Output {
    json: Value,
    text: String,
    is_well: bool,
}

impl Output {
    /// The same thing in both forms.
    pub(crate) fn new(json: impl Serialize, text: impl Into<String>) -> Result<Self, Failure> {
        Ok(Self {
            json: serde_json::to_value(json)?,
            text: text.into(),
            is_well: true,
        })
    }

    /// The command ran, and what it looked at is well or not: the exit code says it.
    pub(crate) fn well_if(self, is_well: bool) -> Self {
        Self { is_well, ..self }
    }

    /// Prints it; answers the exit code.
    pub(crate) fn print(&self, as_json: bool) -> ExitCode {
        if as_json {
            println!("{:#}", self.json);
        } else {
            println!("{}", self.text.trim_end());
        }
        if self.is_well {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
