//! DynamoDB on this machine: dynoxide, in memory, in a process of its own.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::http::connect;
use crate::process::{Process, Program};

/// A running dynoxide.
#[derive(Debug)]
pub struct Dynoxide {
    address: SocketAddr,
    _process: Process,
}

impl Dynoxide {
    /// Starts the one on `PATH`.
    pub fn start(folder: &Path) -> Result<Self> {
        // Free now, and nobody else on this machine is likely to take it within a moment.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let port = address.port().to_string();
        let program = Program {
            command: ["dynoxide", "serve", "--log", "quiet", "--port", &port]
                .map(str::to_owned)
                .into(),
            variables: std::env::vars()
                .filter(|(name, _)| name == "PATH")
                .collect(),
            folder: folder.to_owned(),
        };
        let process = program
            .start(&folder.join("dynoxide.log"))
            .context("`make bench` installs dynoxide")?;
        for _ in 0..200 {
            if connect(address).is_ok() {
                return Ok(Self {
                    address,
                    _process: process,
                });
            }
            thread::sleep(Duration::from_millis(20));
        }
        bail!("dynoxide does not listen on {address}")
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes a table like each of template.yaml.
    pub fn create_table(&self, name: &str) -> Result<()> {
        let key = |name, kind| json!({ "AttributeName": name, "KeyType": kind });
        let text = |name| json!({ "AttributeName": name, "AttributeType": "S" });
        self.call(
            "CreateTable",
            &json!({
                "TableName": name,
                "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")],
                "AttributeDefinitions": [text("pk"), text("sk")],
            }),
        )
    }

    /// It wants a signature, and does not check it.
    fn call(&self, operation: &str, body: &Value) -> Result<()> {
        let body = body.to_string();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-amz-json-1.0\r\n\
             X-Amz-Target: DynamoDB_20120810.{operation}\r\nX-Amz-Date: 20260101T000000Z\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/dynamodb/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature=00\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let mut connection = connect(self.address)?;
        connection.send(request.as_bytes())?;
        let answer = connection.answer()?;
        let text = String::from_utf8_lossy(&answer.body);
        ensure!(answer.verb == "200", "{operation}: {} {text}", answer.verb);
        Ok(())
    }
}
