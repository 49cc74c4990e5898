//! The CPU of the worker: its release binary, given the messages of jobs.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{ROWS, RUNS, median};
use crate::callgrind::Count;
use crate::function::{Function, Instance, Start};
use crate::needs::{BULK, Subject};
use crate::sections::Context;
use crate::seed;
use crate::stack::{Customer, Stack, field};

/// Messages of a job of so many rows, as functions/intent/bulk cuts it.
const CHUNKS: usize = 5;
/// Messages an event, as template.yaml has it.
const BATCH: usize = 1;

/// What a row takes.
pub(super) struct Cost {
    pub(super) seconds: f64,
    pub(super) instructions: f64,
}

/// The functions that jobs go through, as programs on a workspace of their own.
pub(super) struct Bench<'a> {
    context: &'a Context,
    customer: &'a Customer,
    endpoints: Instance,
    worker: Function,
    /// Of the stack that both work on.
    variables: Vec<(String, String)>,
}

impl<'a> Bench<'a> {
    /// Starts the endpoints. `stack` has a workspace that no deployed worker reads.
    pub(super) fn new(context: &'a Context, stack: &Stack, customer: &'a Customer) -> Result<Self> {
        let of_template = seed::variables();
        let built = |subject: Subject| {
            let path = context.artefacts.path(subject)?;
            Function::new(subject.name(), path, &of_template, &context.scratch)
        };
        let [endpoints, worker] = BULK;
        let variables = stack.variables()?;
        let endpoints = built(endpoints)?.start(&context.scratch, Start::Free, &variables)?;
        endpoints.started()?;
        Ok(Self {
            context,
            customer,
            endpoints,
            worker: built(worker)?,
            variables,
        })
    }

    /// The cost of a row in jobs of these companies: the CPU time is the median of several jobs after the first,
    /// instructions are those of a second job.
    pub(super) fn cost(&self, what: &str, file: &str) -> Result<Cost> {
        eprintln!("  bulk: {what}");
        let worker = self.start(Start::Free)?;
        self.run(&worker, file)?;
        let mut seconds = Vec::new();
        for _ in 0..RUNS {
            let before = worker.process.cpu()?.as_secs_f64();
            self.run(&worker, file)?;
            seconds.push(worker.process.cpu()?.as_secs_f64() - before);
        }
        worker.process.terminate()?;
        eprintln!("  bulk: {what}, under callgrind");
        let rows = f64::from(u32::try_from(ROWS)?);
        Ok(Cost {
            seconds: median(seconds)? / rows,
            instructions: (self.instructions(file, 2)? - self.instructions(file, 1)?) / rows,
        })
    }

    fn instructions(&self, file: &str, jobs: u32) -> Result<f64> {
        let count = Count::into(&self.context.scratch, "bulk-worker");
        let worker = self.start(Start::Counted(&count))?;
        for _ in 0..jobs {
            self.run(&worker, file)?;
        }
        worker.process.terminate()?;
        count.instructions()
    }

    fn start(&self, how: Start<'_>) -> Result<Instance> {
        let worker = &self.worker;
        let instance = worker.start(&self.context.scratch, how, &self.variables)?;
        instance.started()?;
        Ok(instance)
    }

    /// Submits a job and has the worker do it.
    fn run(&self, worker: &Instance, file: &str) -> Result<()> {
        let job = self.call("bulk-submit", |event| {
            event.insert("body".to_owned(), file.into());
        })?;
        let job = field(&job, "job_id")?;
        let messages: Vec<Value> = (0..CHUNKS).map(|chunk| self.message(&job, chunk)).collect();
        for batch in messages.chunks(BATCH) {
            let answer = ask(worker, &json!({ "Records": batch }))?;
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
        let answer = ask(&self.endpoints, &Value::Object(event))?;
        Ok(serde_json::from_str(&field(&answer, "body")?)?)
    }
}

/// What an instance answers to an event, whatever its status.
fn ask(instance: &Instance, event: &Value) -> Result<Value> {
    let answer = instance.ask(event.to_string().as_bytes())?;
    Ok(serde_json::from_slice(&answer.body)?)
}
