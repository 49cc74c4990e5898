use std::process::ExitCode;

use runtime::Failure;
use serde::Serialize;
use serde_json::Value;

/// The result of a command, as JSON and as text.
#[derive(Debug)]
pub(crate) struct Output {
    json: Value,
    text: String,
    is_ok: bool,
}

/// The output and exit code of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The result; of a command that runs until it is interrupted, it is printed before.
    pub stdout: String,
    /// The error; progress is printed while the command runs and is not part of it.
    pub stderr: String,
    /// 0: success. 1: the command failed, or what it checked did. 2: the command line is invalid.
    pub code: u8,
}

impl Output {
    /// A successful result, in both forms.
    pub(crate) fn new(json: impl Serialize, text: impl Into<String>) -> Result<Self, Failure> {
        Ok(Self {
            json: serde_json::to_value(json)?,
            text: text.into(),
            is_ok: true,
        })
    }

    /// Makes the exit code 1 unless what the command checked is correct.
    pub(crate) fn ok_if(self, is_ok: bool) -> Self {
        Self { is_ok, ..self }
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
            code: u8::from(!self.is_ok),
        }
    }
}

impl Outcome {
    /// The command succeeded, and has printed while it ran.
    pub(crate) const fn printed() -> Self {
        Self {
            stdout: String::new(),
            stderr: String::new(),
            code: 0,
        }
    }

    /// The command failed.
    pub(crate) fn failed(error: &Failure) -> Self {
        Self {
            stdout: String::new(),
            stderr: format!("assay: {error}\n"),
            code: 1,
        }
    }

    /// The command line is invalid, or asks for help or the version.
    pub(crate) fn of_clap(error: &clap::Error) -> Self {
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

    /// Prints both streams and returns the exit code.
    pub(crate) fn print(&self) -> ExitCode {
        print!("{}", self.stdout);
        eprint!("{}", self.stderr);
        self.code.into()
    }
}
