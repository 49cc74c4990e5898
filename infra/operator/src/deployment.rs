//! Which deployment a command is for, and what its tables, bucket and queues are called.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use aws_types::SdkConfig;
use config::Env;
use runtime::Failure;
use serde::Deserialize;

use crate::{aws, cloudformation};

/// Each name: its variable, as the functions have it, and the stack's output with it.
const NAMES: [(&str, &str); 12] = [
    ("ACCOUNTS_TABLE", "AccountsTable"),
    ("WORKSPACE_TABLE", "WorkspaceTable"),
    ("INTEL_TABLE", "IntelTable"),
    ("BUCKET", "Bucket"),
    ("BULK_QUEUE_URL", "BulkQueueUrl"),
    ("BULK_DEAD_LETTER_QUEUE_URL", "BulkDeadLetterQueueUrl"),
    ("IMPORT_QUEUE_URL", "ImportQueueUrl"),
    ("IMPORT_DEAD_LETTER_QUEUE_URL", "ImportDeadLetterQueueUrl"),
    ("OUTBOX_DEAD_LETTER_QUEUE_URL", "OutboxDeadLetterQueueUrl"),
    ("DELIVERY_QUEUE_URL", "DeliveryQueueUrl"),
    (
        "DELIVERY_DEAD_LETTER_QUEUE_URL",
        "DeliveryDeadLetterQueueUrl",
    ),
    ("EVENT_DEAD_LETTER_QUEUE_URL", "EventDeadLetterQueueUrl"),
];

/// Where `make up` describes its stack, in the repository.
const STACK_FILE: &str = ".local/stack.json";

/// What the command line says of the deployment.
#[derive(Debug, clap::Args)]
pub(crate) struct Selection {
    /// Name of the deployed stack, such as assay; the variable ASSAY_STACK says the same.
    #[arg(long, global = true, value_name = "NAME")]
    stack: Option<String>,
    /// The local stack of `make up`.
    #[arg(long, global = true, conflicts_with = "stack")]
    local: bool,
}

impl Selection {
    /// Fails if a deployment is selected for a command that calls the API.
    pub(crate) fn refuse(&self) -> Result<(), Failure> {
        if self.local || self.stack.is_some() {
            let advice = "give --base, which is the stack's output BaseUrl";
            return Err(format!("this command needs no deployment; {advice}").into());
        }
        Ok(())
    }
}

/// A deployment.
pub(crate) struct Deployment {
    pub(crate) aws: Arc<SdkConfig>,
    /// What is in [`NAMES`], by variable.
    names: Env,
    source: Source,
}

/// What the names were read from.
enum Source {
    Stack { name: String, status: String },
    Local(PathBuf),
    Variables,
}

/// What is read of the local stack's file.
#[derive(Deserialize)]
struct StackFile {
    endpoint_url: String,
    region: String,
    outputs: HashMap<String, String>,
}

impl Deployment {
    /// The deployment that the command line selects, or else `ASSAY_STACK`, or else one variable for each name.
    pub(crate) async fn select(selection: Selection, env: &Env) -> Result<Self, Failure> {
        if selection.local {
            return Self::local(env).await;
        }
        if let Some(name) = selection.stack.or_else(|| env.optional("ASSAY_STACK")) {
            return Self::deployed(name, env).await;
        }
        if NAMES.iter().all(|(name, _)| env.optional(name).is_none()) {
            let advice =
                "give --stack NAME (or set ASSAY_STACK), or --local for the stack of `make up`";
            return Err(format!("no deployment is named; {advice}").into());
        }
        Ok(Self {
            aws: aws::config(env).await?,
            names: env.clone(),
            source: Source::Variables,
        })
    }

    async fn deployed(name: String, env: &Env) -> Result<Self, Failure> {
        let aws = aws::config(env).await?;
        let stack = cloudformation::stack(&aws, &name).await?;
        Ok(Self {
            aws,
            names: names(&stack.outputs),
            source: Source::Stack {
                name,
                status: stack.status,
            },
        })
    }

    async fn local(env: &Env) -> Result<Self, Failure> {
        let path = stack_file(env)?;
        let file = std::fs::read(&path).map_err(|error| {
            format!("{} cannot be read: {error}; run `make up`", path.display())
        })?;
        let file: StackFile = serde_json::from_slice(&file)
            .map_err(|error| format!("{}: {error}; run `make up` again", path.display()))?;
        // The emulator's own credentials, whatever the shell has.
        let mut variables = vec![
            ("AWS_REGION", file.region),
            ("AWS_ENDPOINT_URL", file.endpoint_url),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ];
        let timeout = env.optional("CALL_TIMEOUT_MS");
        variables.extend(timeout.map(|timeout| ("CALL_TIMEOUT_MS", timeout)));
        Ok(Self {
            aws: aws::config(&Env::from_pairs(variables)).await?,
            names: names(&file.outputs),
            source: Source::Local(path),
        })
    }

    /// The name that a variable of the functions holds.
    pub(crate) fn name(&self, variable: &'static str) -> Result<String, Failure> {
        self.names.required(variable).map_err(|error| {
            let output = NAMES.iter().find(|(name, _)| *name == variable);
            let output = output.map_or(variable, |(_, output)| output);
            match &self.source {
                Source::Stack { name, status } => format!(
                    "stack {name} ({status}) has no output {output}; deploy this version's template.yaml to it"
                ),
                Source::Local(path) => {
                    format!("{} has no output {output}; run `make up` again", path.display())
                }
                Source::Variables => format!(
                    "{error}; set it, or give --stack NAME, or --local for the stack of `make up`"
                ),
            }
            .into()
        })
    }
}

fn names(outputs: &HashMap<String, String>) -> Env {
    let named = NAMES.iter();
    Env::from_pairs(
        named.filter_map(|(variable, output)| Some((*variable, outputs.get(*output)?.clone()))),
    )
}

/// The file that `ASSAY_STACK_FILE` names, or that of `make up` in this folder or one above it.
fn stack_file(env: &Env) -> Result<PathBuf, Failure> {
    if let Some(path) = env.optional("ASSAY_STACK_FILE") {
        return Ok(path.into());
    }
    let here = std::env::current_dir()?;
    let mut candidates = here.ancestors().map(|folder| folder.join(STACK_FILE));
    let found = candidates.find(|path| path.exists());
    found.ok_or_else(|| {
        let here = here.display();
        format!("there is no {STACK_FILE} in {here} or above; run `make up` in the repository, and this program there")
            .into()
    })
}
