//! A local stack of our own: the product API as its customers reach it, the AWS below it, and new customers.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::{Message, connect};
use crate::process::output;

/// A running stack, as its `stack.json` describes it.
#[derive(Clone, Debug, Deserialize)]
pub struct Stack {
    base_url: String,
    endpoint_url: String,
    region: String,
    tables: HashMap<String, String>,
    bucket: String,
    #[serde(skip)]
    assay: PathBuf,
}

/// An account of intent on the plan `scale`.
#[derive(Clone, Debug)]
pub struct Customer {
    /// Its id.
    pub account: String,
    /// One of its keys.
    pub key: String,
}

impl Stack {
    /// Reads the description. `target` is where cargo has built the functions of the stack.
    pub fn read(file: &Path, target: &Path) -> Result<Self> {
        let json = fs::read(file).with_context(|| file.display().to_string())?;
        Ok(Self {
            assay: target.join("debug/assay"),
            ..serde_json::from_slice(&json)?
        })
    }

    /// What a function of this stack has in its environment.
    pub fn variables(&self) -> Result<Vec<(String, String)>> {
        let table = |role: &str| self.tables.get(role).cloned().context("a table is missing");
        let pairs = [
            ("AWS_ENDPOINT_URL", self.endpoint_url.clone()),
            ("AWS_REGION", self.region.clone()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
            // The local AWS is slow on a busy machine.
            ("CALL_TIMEOUT_MS", "60000".to_owned()),
            ("ACCOUNTS_TABLE", table("accounts")?),
            ("WORKSPACE_TABLE", table("workspace")?),
            ("INTEL_TABLE", table("intel")?),
            ("BUCKET", self.bucket.clone()),
        ];
        let pairs = pairs.into_iter();
        Ok(pairs
            .map(|(name, value)| (name.to_owned(), value))
            .collect())
    }

    /// The same stack with an empty workspace of this name, whose stream nobody reads: the deployed functions leave
    /// what is in it in peace.
    pub fn with_workspace(&self, name: &str) -> Result<Self> {
        let key = |name, kind| json!({ "AttributeName": name, "KeyType": kind });
        let text = |name| json!({ "AttributeName": name, "AttributeType": "S" });
        let table = json!({
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")],
            "AttributeDefinitions": [text("pk"), text("sk")],
        });
        // The local AWS looks at whose key it is, not at the signature.
        let headers = [
            ("content-type", "application/x-amz-json-1.0"),
            ("x-amz-target", "DynamoDB_20120810.CreateTable"),
            ("x-amz-date", "20260101T000000Z"),
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, \
                 SignedHeaders=host;x-amz-date, Signature=00",
            ),
        ];
        let body = table.to_string();
        request(&self.endpoint_url, "POST /", &headers, body.as_bytes())?;
        let mut stack = self.clone();
        stack.tables.insert("workspace".to_owned(), name.to_owned());
        Ok(stack)
    }

    /// Opens an account with credits, by the operator's command line.
    pub fn customer(&self, credits: u32) -> Result<Customer> {
        let credits = format!("intent={credits}");
        let words = ["account", "create", "bench", "--plan", "intent=scale"];
        let account = self.operate(&[&words[..], &["--credits", &credits]].concat())?;
        let account = field(&account, "account")?;
        let key = self.key(&account)?;
        Ok(Customer { account, key })
    }

    /// Another key of an account: each may make 600 calls a minute.
    pub fn key(&self, account: &str) -> Result<String> {
        let issued = self.operate(&["key", "issue", account, "intent"])?;
        field(&issued, "key")
    }

    fn operate(&self, words: &[&str]) -> Result<Value> {
        let mut command = Command::new(&self.assay);
        command.args(words).arg("--json");
        let printed = output(command.env_clear().envs(self.variables()?))?;
        Ok(serde_json::from_str(&printed)?)
    }

    /// A call of the product API; the JSON of its answer.
    pub fn call(&self, key: &str, call: &str, media_type: &str, body: &[u8]) -> Result<Value> {
        let bearer = format!("Bearer {key}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", media_type),
        ];
        let answer = request(&self.base_url, call, &headers, body)?;
        Ok(serde_json::from_slice(&answer.body)?)
    }
}

/// A text in an answer.
pub fn field(answer: &Value, name: &str) -> Result<String> {
    let text = answer.get(name).and_then(Value::as_str);
    text.map(str::to_owned)
        .with_context(|| format!("no {name} in {answer}"))
}

/// Sends a request (`POST /path`) on a connection of its own; fails unless it succeeds.
fn request(url: &str, call: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Message> {
    let (_, host) = url.split_once("//").context("no address")?;
    let (_, port) = host.split_once(':').context("no port")?;
    // The emulator tells AWS from the product API by the host's name.
    let mut head = format!(
        "{call} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head += "\r\n";
    let mut connection = connect(([127, 0, 0, 1], port.parse()?).into())?;
    connection.send(&[head.as_bytes(), body].concat())?;
    let answer = connection.answer()?;
    let text = || String::from_utf8_lossy(&answer.body);
    ensure!(
        answer.verb.starts_with('2'),
        "{call}: {} {}",
        answer.verb,
        text()
    );
    Ok(answer)
}
