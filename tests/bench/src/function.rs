//! A function as Lambda runs it: a process with Lambda's variables, behind a Runtime API of its own.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::artefacts::{self, Package};
use crate::callgrind::Count;
use crate::cpu_share::CpuShare;
use crate::process::{Process, Program};
use crate::runtime_api::{Answer, RuntimeApi};

/// What is measured.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name in tables.
    pub name: String,
    /// How it is started, with the variables that template.yaml would give it.
    pub program: Program,
    /// Its deployment package.
    pub package: Package,
    /// A request that it answers with 200; none where only its start is measured.
    pub event: Option<Vec<u8>>,
}

/// Under which conditions an instance starts.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    /// At full speed.
    Free,
    /// With a share of a CPU.
    Share(&'a CpuShare),
    /// With its instructions counted.
    Counted(&'a Count),
}

/// A started function.
#[derive(Debug)]
pub struct Instance {
    /// The process.
    pub process: Process,
    /// What it talks to.
    pub api: RuntimeApi,
}

impl Function {
    /// A binary of ours or of a workspace like ours, with no request for it yet.
    pub fn new(
        name: &str,
        binary: &Path,
        variables: &[(String, String)],
        folder: &Path,
    ) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            package: artefacts::package(binary, folder)?,
            program: Program {
                command: vec![binary.display().to_string()],
                variables: variables.to_vec(),
                folder: folder.to_owned(),
            },
            event: None,
        })
    }

    /// Starts an instance, with these variables besides its own.
    pub fn start(
        &self,
        folder: &Path,
        how: Start<'_>,
        variables: &[(String, String)],
    ) -> Result<Instance> {
        let api = RuntimeApi::start()?;
        let mut program = self.program.clone();
        program.variables.extend(lambda(&api));
        program.variables.extend(variables.iter().cloned());
        let log = folder.join(format!("{}.log", self.name));
        let process = match how {
            Start::Free => program.start(&log),
            Start::Share(share) => program.start_held(&log, |process| share.limit(process)),
            Start::Counted(count) => count.program(&program).start(&log),
        };
        Ok(Instance {
            process: process.with_context(|| self.name.clone())?,
            api,
        })
    }

    /// The event; an error where the function has none.
    pub fn event(&self) -> Result<&[u8]> {
        self.event
            .as_deref()
            .with_context(|| format!("{} has no event", self.name))
    }
}

impl Instance {
    /// Waits for its first poll, and answers how long after its start that was.
    pub fn started(&self) -> Result<Duration> {
        Ok(self.api.poll()? - self.process.started())
    }

    /// Has an event answered, with 200.
    pub fn invoke(&self, event: &[u8]) -> Result<Answer> {
        let answer = self.ask(event)?;
        succeeded(&answer)?;
        Ok(answer)
    }

    /// Has an event answered, with whatever.
    pub fn ask(&self, event: &[u8]) -> Result<Answer> {
        self.api.put(event)?;
        self.api.answer(|| self.process.has_ended())
    }
}

/// Fails unless an answer is one with status 200.
pub fn succeeded(answer: &Answer) -> Result<()> {
    let body: Value = serde_json::from_slice(&answer.body)?;
    let status = body.get("statusCode").and_then(Value::as_u64);
    anyhow::ensure!(status == Some(200), "answered {body}");
    Ok(())
}

/// What Lambda sets (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>).
fn lambda(api: &RuntimeApi) -> Vec<(String, String)> {
    let address = api.address().to_string();
    let variables = [
        ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
        ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "bench"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "bench"),
        ("AWS_SECRET_ACCESS_KEY", "bench"),
        ("AWS_SESSION_TOKEN", "bench"),
        ("LANG", "en_US.UTF-8"),
        ("LOG_LEVEL", "info"),
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("TZ", ":UTC"),
    ];
    variables
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}
