use std::fmt::Write as _;
use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

use super::exchange;
use crate::calls::{Write, member};
use crate::http::Message;
use crate::units::item_bytes;

const TARGET: &str = "x-amz-target";

/// Asks DynamoDB in the name of the client whose request is passed on. Emulators do not check the signature.
pub(super) struct Lookup<'a> {
    client: &'a Message,
    headers: Vec<(String, String)>,
    service: SocketAddr,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(client: &'a Message, service: SocketAddr) -> Result<Self> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        ensure!(request.parse(&client.raw)?.is_complete(), "half a head");
        let headers = request.headers.iter().map(|header| {
            let value = String::from_utf8_lossy(header.value).into_owned();
            (header.name.to_ascii_lowercase(), value)
        });
        Ok(Self {
            client,
            headers: headers.collect(),
            service,
        })
    }

    /// The service and the operation that the client calls; none if it does so by method and path.
    pub(super) fn target(&self) -> Option<(&str, &str)> {
        let mut headers = self.headers.iter();
        let (_, target) = headers.find(|(name, _)| name == TARGET)?;
        target.split_once('.')
    }

    /// The sizes of items, as they are now or as the call would have them, whichever is larger.
    pub(super) fn sizes(&self, writes: &[Write<'_>]) -> Result<Vec<usize>> {
        let size = |write: &Write<'_>| {
            let stored = self.stored(write)?;
            Ok(item_bytes(&stored).max(item_bytes(write.attributes)))
        };
        writes.iter().map(size).collect()
    }

    fn stored(&self, write: &Write<'_>) -> Result<Value> {
        let table = json!({ "TableName": write.table });
        let table = self.ask("DescribeTable", &table)?;
        let schema = member(&table, &["Table", "KeySchema"]).as_array();
        let names = schema.into_iter().flatten();
        let names = names.filter_map(|part| part["AttributeName"].as_str());
        let key = names.map(|name| (name.to_owned(), write.attributes[name].clone()));
        let key: Map<String, Value> = key.collect();
        let request = json!({ "TableName": write.table, "Key": key, "ConsistentRead": true });
        let mut found = self.ask("GetItem", &request)?;
        Ok(found.get_mut("Item").map(Value::take).unwrap_or_default())
    }

    /// A call of our own.
    pub(super) fn ask(&self, operation: &str, request: &Value) -> Result<Value> {
        let (version, _) = self.target().context("no call of DynamoDB")?;
        let body = request.to_string();
        let mut head = format!("{} {} HTTP/1.1\r\n", self.client.verb, self.client.path);
        let ours = ["content-length", "transfer-encoding", TARGET];
        let theirs = self.headers.iter();
        for (name, value) in theirs.filter(|(name, _)| !ours.contains(&name.as_str())) {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let _ = write!(head, "{TARGET}: {version}.{operation}\r\n");
        let _ = write!(head, "content-length: {}\r\n\r\n{body}", body.len());
        let answer = exchange(head.as_bytes(), self.service)?;
        let text = String::from_utf8_lossy(&answer.body);
        ensure!(answer.verb == "200", "{operation}: {} {text}", answer.verb);
        serde_json::from_str(&text).context("an answer that is no JSON")
    }
}
