use std::path::{Path, PathBuf};

use bench::artefacts::Package;
use bench::function::{Function, Instance, Start};
use bench::process::Program;
use http::StatusCode;
use serde_json::{Value, json};

use crate::{Customer, TestApp};

/// A megabyte of template.yaml's `MemorySize`, in bytes.
const MEGABYTE: f64 = 1_048_576.0;

/// The built binary of a function as Lambda runs it, in a process of its own, with a limit on its memory. It has the real time.
///
/// The limit is `RLIMIT_DATA`: what is allocated, whether it is touched or not. A process that wants more ends.
#[derive(Debug)]
pub struct Limited {
    instance: Instance,
    name: &'static str,
    megabytes: u64,
}

/// The repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The memory of a function by template.yaml, in MB.
fn memory_of(binary: &str) -> u64 {
    let template = std::fs::read_to_string(root().join("template.yaml")).unwrap();
    let size = |text: &str| {
        let size = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("MemorySize: "))?;
        size.parse::<u64>().ok()
    };
    let (globals, functions) = template.split_once("\nResources:").unwrap();
    let mut functions = functions.split("Type: AWS::Serverless::Function");
    let function = functions.find(|text| text.contains(&format!("{{ Binary: {binary} }}")));
    size(function.expect("template.yaml has the function"))
        .or_else(|| size(globals))
        .unwrap()
}

impl Limited {
    /// Starts a function that may have half of its memory.
    pub fn to_half(app: &TestApp, name: &'static str) -> Self {
        Self::to(app, name, memory_of(name) / 2)
    }

    /// Starts a function that may have so many MB.
    pub fn to(app: &TestApp, name: &'static str, megabytes: u64) -> Self {
        let tests = std::env::current_exe().unwrap();
        let binary = tests.parent().unwrap().with_file_name(name);
        assert!(
            binary.exists(),
            "{}: `make test` builds it",
            binary.display()
        );
        let limited = ["/bin/sh", "-c", "ulimit -d $1 && exec $2", "sh"].map(str::to_owned);
        let words = [
            (megabytes * 1_024).to_string(),
            binary.display().to_string(),
        ];
        let folder = std::env::temp_dir();
        let function = Function {
            name: format!("{name}-{}", types::unique(app.clock.now())),
            program: Program {
                command: [limited.as_slice(), &words].concat(),
                variables: Vec::new(),
                folder: folder.clone(),
            },
            package: Package {
                binary: None,
                zip: 0.0,
            },
            event: None,
        };
        let variables = app.variables.iter();
        let variables: Vec<(String, String)> = variables
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let instance = function.start(&folder, Start::Free, &variables).unwrap();
        instance.started().unwrap();
        Self {
            instance,
            name,
            megabytes,
        }
    }

    /// Gives the function an event, and returns its answer. Fails the test if the process ends.
    pub fn ask(&self, event: &Value) -> Value {
        let answer = self.instance.ask(event.to_string().as_bytes());
        let answer = answer.unwrap_or_else(|error| {
            panic!("{} with {} MB: {error}", self.name, self.megabytes);
        });
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// Sends a request with a body, as API Gateway does. Returns status and body.
    pub fn call(
        &self,
        customer: &Customer,
        (method, path): (&str, &str),
        (content_type, body): (&str, &str),
    ) -> (StatusCode, Value) {
        let scheme = if path == "/graphql" {
            "Basic"
        } else {
            "Bearer"
        };
        let answer = self.ask(&json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
            "headers": {
                "authorization": format!("{scheme} {}", customer.raw), "content-type": content_type, "host": "localhost",
            },
            "requestContext": {
                "accountId": "000000000000", "apiId": "local", "domainName": "localhost", "domainPrefix": "localhost",
                "http": { "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "tests" },
                "requestId": "tests", "routeKey": "$default", "stage": "$default",
                "time": "02/Jun/2026:12:00:00 +0000", "timeEpoch": 1_780_401_600_000_u64,
            },
            "body": body, "isBase64Encoded": false,
        }));
        let status = answer["statusCode"].as_u64().unwrap();
        let status = StatusCode::from_u16(u16::try_from(status).unwrap()).unwrap();
        let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap_or(Value::Null);
        (status, body)
    }

    /// Delivers messages of a queue as one batch. Fails the test unless all succeed.
    pub fn deliver(&self, messages: &[String]) {
        let record = |(id, body): (usize, &String)| {
            json!({
                "messageId": id.to_string(), "receiptHandle": "tests", "body": body, "attributes": {}, "messageAttributes": {},
                "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:tests", "awsRegion": "us-east-1",
            })
        };
        let records: Vec<Value> = messages.iter().enumerate().map(record).collect();
        let answer = self.ask(&json!({ "Records": records }));
        assert_eq!(answer["batchItemFailures"], json!([]), "{}", self.name);
    }

    /// Prints the most memory that was resident at once, for `make test ARGS="… -- --nocapture"`.
    pub fn print_peak(&self, input: &str) {
        let (_, peak) = self.instance.process.memory().unwrap();
        let (peak, limit) = (peak / MEGABYTE, memory_of(self.name));
        println!(
            "memory: {} of {limit} MB: {peak:.0} MB with {input}",
            self.name
        );
    }
}
