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

/// What a command line came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What it answers.
    pub stdout: String,
    /// Why it does not, without what was said meanwhile.
    pub stderr: String,
    /// The exit code: 0, all is well; 1, it is not, or it was not done; 2, the command line is wrong.
    pub code: u8,
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

    pub(crate) fn outcome(&self, as_json: bool) -> Outcome {
        let stdout = if as_json {
            format!("{:#}\n", self.json)
        } else {
            format!("{}\n", self.text.trim_end())
        };
        Outcome {
            stdout,
            stderr: String::new(),
            code: u8::from(!self.is_well),
        }
    }
}

impl Outcome {
    /// The command could not be done.
    pub(crate) fn failed(error: &Failure) -> Self {
        Self {
            stdout: String::new(),
            stderr: format!("assay: {error}\n"),
            code: 1,
        }
    }

    /// The command line is wrong, or asks for help.
    pub(crate) fn refused(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        let (stdout, stderr) = if error.use_stderr() {
            (String::new(), text)
        } else {
            (text, String::new())
        };
        Self {
            stdout,
            stderr,
            code: u8::try_from(error.exit_code()).unwrap_or(2),
        }
    }

    /// Prints it; answers the exit code.
    pub(crate) fn print(&self) -> ExitCode {
        print!("{}", self.stdout);
        eprint!("{}", self.stderr);
        self.code.into()
    }
}
