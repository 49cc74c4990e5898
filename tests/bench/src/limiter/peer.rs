use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::{Limiter, Load, Tally, Until};
use crate::artefacts::Artefacts;
use crate::needs::{Language, Subject};
use crate::process::output;

/// A limiter of others, as a command in `peers/` that prints its tally.
#[derive(Clone, Debug)]
pub struct Peer {
    name: &'static str,
    folder: PathBuf,
}

impl Peer {
    /// The peers, which the run has installed.
    pub fn all(artefacts: &Artefacts) -> Result<[Self; 2]> {
        let peer = |name, language| {
            let folder = artefacts.path(Subject::Peer(language))?.to_owned();
            anyhow::Ok(Self { name, folder })
        };
        Ok([
            peer("zae-limiter (Python)", Language::Python)?,
            peer("rate-limiter-flexible (Node)", Language::Node)?,
        ])
    }
}

impl Limiter for Peer {
    fn name(&self) -> &str {
        self.name
    }

    fn run(&self, endpoint_url: &str, load: &Load) -> Result<Tally> {
        let (option, end) = match load.until {
            Until::Calls(calls) => ("--calls", calls.to_string()),
            Until::Seconds(seconds) => ("--seconds", seconds.to_string()),
        };
        let mut command = Command::new(self.folder.join("limiter"));
        command
            .args(["--clients", &load.clients.to_string()])
            .args(["--keys", &load.keys.to_string()])
            .args(["--limit", &load.limit.to_string()])
            .args([option, &end])
            .env_clear()
            .envs(std::env::vars().filter(|(name, _)| ["PATH", "HOME"].contains(&name.as_str())))
            .env("AWS_ENDPOINT_URL", endpoint_url)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "bench")
            .env("AWS_SECRET_ACCESS_KEY", "bench");
        let printed = output(&mut command)?;
        serde_json::from_str(printed.trim()).context(printed)
    }
}
