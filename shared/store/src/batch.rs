//! `BatchGetItem` over the SDK's client, with JSON that serde writes straight from keys and reads straight into rows.
//!
//! Every score is read by it, and a bulk job is a thousand rows of it. The SDK's own values, a map of strings for each key and
//! each item, take longer to fill than all that is then done with them.

use std::collections::HashMap;
use std::mem;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextRef, Input,
    Output, OutputOrError,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::client::ser_de::{
    DeserializeResponse, SerializeRequest, SharedRequestSerializer, SharedResponseDeserializer,
};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::item::PrimaryKey;

/// How a batch is read.
#[derive(Clone, Copy, Debug)]
pub enum Reading<'a> {
    /// With everything written before.
    Consistent,
    /// Perhaps a second behind.
    Eventual,
    /// The same, and these attributes only.
    Attributes(&'a str),
}

/// What one call returns.
#[derive(Debug)]
pub(crate) struct Batch<T> {
    /// The items that exist.
    pub(crate) items: Vec<T>,
    /// The keys that the table had no room for now.
    pub(crate) left: Vec<PrimaryKey>,
}

impl<T: DeserializeOwned> Batch<T> {
    /// Reads at most 100 keys, all different.
    pub(crate) async fn read(
        client: &Client,
        table: &str,
        keys: &[&PrimaryKey],
        reading: Reading<'_>,
    ) -> Result<Self, StoreError> {
        let malformed = |error| StoreError::malformed("batch", error);
        let body = serde_json::to_vec(&Request::of(table, keys, reading)).map_err(malformed)?;
        let answer = Arc::default();
        let exchange = Exchange {
            body: body.into(),
            answer: Arc::clone(&answer),
        };
        let call = client.batch_get_item().customize().interceptor(exchange);
        call.send().await?;
        // A poisoned response is complete: it is written at once.
        let answer = mem::take(&mut *answer.lock().unwrap_or_else(PoisonError::into_inner));
        let Response {
            mut responses,
            mut unprocessed_keys,
        } = serde_json::from_slice(&answer).map_err(malformed)?;
        let left = unprocessed_keys.remove(table).unwrap_or_default().keys;
        Ok(Self {
            items: responses.remove(table).unwrap_or_default(),
            left: left.into_iter().map(PrimaryKey::from).collect(),
        })
    }
}

/// A string attribute as DynamoDB's JSON has it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Text<T = Option<String>> {
    /// None of an attribute that is null.
    #[serde(rename = "S")]
    pub text: T,
}

/// A number attribute as DynamoDB's JSON has it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Number {
    /// None of an attribute that is null.
    #[serde(rename = "N")]
    number: Option<String>,
}

impl Number {
    /// The number as this type.
    pub fn parse<N: FromStr>(&self) -> Result<Option<N>, N::Err> {
        self.number.as_deref().map(str::parse).transpose()
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Key<T> {
    pk: Text<T>,
    sk: Text<T>,
}

impl<'a> From<&'a PrimaryKey> for Key<&'a str> {
    fn from(PrimaryKey { pk, sk }: &'a PrimaryKey) -> Self {
        Self {
            pk: Text { text: pk },
            sk: Text { text: sk },
        }
    }
}

impl From<Key<String>> for PrimaryKey {
    fn from(Key { pk, sk }: Key<String>) -> Self {
        Self {
            pk: pk.text,
            sk: sk.text,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    request_items: HashMap<&'a str, Wanted<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Wanted<'a> {
    keys: Vec<Key<&'a str>>,
    consistent_read: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    projection_expression: Option<&'a str>,
}

impl<'a> Request<'a> {
    fn of(table: &'a str, keys: &[&'a PrimaryKey], reading: Reading<'a>) -> Self {
        let wanted = Wanted {
            keys: keys.iter().copied().map(Key::from).collect(),
            consistent_read: matches!(reading, Reading::Consistent),
            projection_expression: match reading {
                Reading::Attributes(attributes) => Some(attributes),
                Reading::Consistent | Reading::Eventual => None,
            },
        };
        Self {
            request_items: HashMap::from([(table, wanted)]),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", bound = "T: DeserializeOwned")]
struct Response<T> {
    #[serde(default = "HashMap::new")]
    responses: HashMap<String, Vec<T>>,
    #[serde(default)]
    unprocessed_keys: HashMap<String, Left>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Left {
    keys: Vec<Key<String>>,
}

/// Replaces the SDK's request body by our own, and takes the body of a successful response instead of having the SDK read it. All
/// else of the call is the SDK's: endpoint, signature, time limits, retries, errors.
#[derive(Debug)]
struct Exchange {
    body: Bytes,
    answer: Arc<Mutex<Vec<u8>>>,
}

#[dyn_dispatch_hint]
impl Intercept for Exchange {
    fn name(&self) -> &'static str {
        "Exchange"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let write = Write(self.body.clone());
        let state = config.interceptor_state();
        state.store_put(SharedRequestSerializer::new(write));
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.response().status().is_success() {
            let read = Read(Arc::clone(&self.answer));
            let state = config.interceptor_state();
            state.store_put(SharedResponseDeserializer::new(read));
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Write(Bytes);

impl SerializeRequest for Write {
    fn serialize_input(&self, _: Input, _: &mut ConfigBag) -> Result<HttpRequest, BoxError> {
        let mut request = HttpRequest::new(SdkBody::from(self.0.clone()));
        request.set_method("POST")?;
        request.set_uri("/")?;
        let headers = request.headers_mut();
        headers.insert("content-type", "application/x-amz-json-1.0");
        headers.insert("content-length", self.0.len().to_string());
        headers.insert("x-amz-target", "DynamoDB_20120810.BatchGetItem");
        Ok(request)
    }
}

#[derive(Debug)]
struct Read(Arc<Mutex<Vec<u8>>>);

impl DeserializeResponse for Read {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        _: &ConfigBag,
    ) -> OutputOrError {
        let mut answer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *answer = response.body().bytes().unwrap_or_default().to_vec();
        Ok(Output::erase(BatchGetItemOutput::builder().build()))
    }
}
