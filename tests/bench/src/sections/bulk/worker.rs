//! The CPU of the worker: its release binary, given the messages of jobs.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{ROWS, RUNS, median};
use crate::callgrind::Count;
use crate::process::{Process, Program};
use crate::runtime_api::RuntimeApi;
use crate::sections::Context;
use crate::stack::{Customer, Stack, field};

/// Rows a message, as functions/bulk cuts a job.
const CHUNK: usize = 50;
/// Messages an event, as template.yaml has it.
const BATCH: usize = 2;

/// What a row takes.
pub(super) struct Cost {
    pub(super) seconds: f64,
    pub(super) instructions: f64,
}

/// The functions that jobs go through, as programs on a workspace of their own.
pub(super) struct Bench<'a> {
    context: &'a Context,
    variables: Vec<(String, String)>,
    customer: &'a Customer,
    endpoints: Function,
}

/// A running function.
struct Function {
    api: RuntimeApi,
    process: Process,
}

impl<'a> Bench<'a> {
    /// Starts the endpoints. `stack` has a workspace that no deployed worker reads.
    pub(super) fn new(context: &'a Context, stack: &Stack, customer: &'a Customer) -> Result<Self> {
        let variables = stack.variables()?;
        Ok(Self {
            endpoints: Function::start(context, "bulk", &variables, None)?,
            context,
            variables,
            customer,
        })
    }

    /// The cost of a row in jobs of these companies: the CPU time is the median of several jobs after the first,
    /// instructions are those of a second job.
    pub(super) fn cost(&self, file: &str) -> Result<Cost> {
        let worker = Function::start(self.context, "bulk-worker", &self.variables, None)?;
        self.run(&worker, file)?;
        let mut seconds = Vec::new();
        for _ in 0..RUNS {
            let before = worker.process.cpu()?.as_secs_f64();
            self.run(&worker, file)?;
            seconds.push(worker.process.cpu()?.as_secs_f64() - before);
        }
        worker.process.terminate()?;
        let rows = f64::from(u32::try_from(ROWS)?);
        Ok(Cost {
            seconds: median(seconds)? / rows,
            instructions: (self.instructions(file, 2)? - self.instructions(file, 1)?) / rows,
        })
    }

    fn instructions(&self, file: &str, jobs: u32) -> Result<f64> {
        let count = Count::into(&self.context.scratch, "bulk-worker");
        let worker = Function::start(self.context, "bulk-worker", &self.variables, Some(&count))?;
        for _ in 0..jobs {
            self.run(&worker, file)?;
        }
        worker.process.terminate()?;
        count.instructions()
    }

    /// Submits a job and has the worker do it.
    fn run(&self, worker: &Function, file: &str) -> Result<()> {
        let job = self.call("bulk-submit", |event| {
            event.insert("body".to_owned(), file.into());
        })?;
        let job = field(&job, "job_id")?;
        let messages: Vec<Value> = (0..ROWS / CHUNK)
            .map(|chunk| self.message(&job, chunk))
            .collect();
        for batch in messages.chunks(BATCH) {
            let answer = worker.ask(&json!({ "Records": batch }))?;
            let failures = answer.get("batchItemFailures").and_then(Value::as_array);
            ensure!(
                failures.is_some_and(Vec::is_empty),
                "the worker failed: {answer}"
            );
        }
        let ended = self.call("bulk-get", |event| {
            event.insert(
                "rawPath".to_owned(),
                format!("/api/v1/score/bulk/{job}").into(),
            );
        })?;
        ensure!(field(&ended, "status")? == "done", "not done: {ended}");
        Ok(())
    }

    fn message(&self, job: &str, chunk: usize) -> Value {
        let task = json!({ "task": "score_chunk.v1", "account": self.customer.account, "job": job, "chunk": chunk });
        json!({
            "messageId": format!("{job}-{chunk}"), "receiptHandle": "bench", "body": task.to_string(),
            "attributes": {}, "messageAttributes": {}, "eventSource": "aws:sqs", "awsRegion": "us-east-1",
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:bulk",
        })
    }

    /// Gives the endpoints an event of tests/events/, changed.
    fn call(
        &self,
        event: &str,
        change: impl FnOnce(&mut serde_json::Map<String, Value>),
    ) -> Result<Value> {
        let file = self.context.root.join(format!("tests/events/{event}.json"));
        let text =
            std::fs::read_to_string(file)?.replace("KEY_FROM_STACK_JSON", &self.customer.key);
        let mut event = serde_json::from_str(&text)?;
        change(&mut event);
        let answer = self.endpoints.ask(&Value::Object(event))?;
        Ok(serde_json::from_str(&field(&answer, "body")?)?)
    }
}

impl Function {
    fn start(
        context: &Context,
        name: &str,
        variables: &[(String, String)],
        count: Option<&Count>,
    ) -> Result<Self> {
        let api = RuntimeApi::start()?;
        let own = [
            ("AWS_LAMBDA_RUNTIME_API", api.address().to_string()),
            ("AWS_LAMBDA_FUNCTION_NAME", name.to_owned()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024".to_owned()),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "bench".to_owned()),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "bench".to_owned()),
        ];
        let own = own
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        let program = Program {
            command: vec![
                context
                    .target
                    .join("release")
                    .join(name)
                    .display()
                    .to_string(),
            ],
            variables: own.chain(variables.iter().cloned()).collect(),
            folder: context.scratch.clone(),
        };
        let program = count.map_or_else(|| program.clone(), |count| count.program(&program));
        let process = program.start(&context.scratch.join(format!("{name}.log")))?;
        api.poll()?;
        Ok(Self { api, process })
    }

    fn ask(&self, event: &Value) -> Result<Value> {
        self.api.put(event.to_string().as_bytes())?;
        Ok(serde_json::from_slice(&self.api.answer()?.body)?)
    }
}
