//! A DynamoDB with scripted responses, for what no real one does on request: leave keys unprocessed, or refuse a batch.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;

use crate::Dynamo;

#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

/// What becomes of one request.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A response.
    Http(u16, &'static str),
    /// None.
    Failure(ConnectorError),
}

impl From<(u16, &'static str)> for Answer {
    fn from((status, body): (u16, &'static str)) -> Self {
        Self::Http(status, body)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Fake {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    /// One that returns these responses in turn, and then none.
    pub(crate) fn answering(answers: impl IntoIterator<Item = impl Into<Answer>>) -> Self {
        let answers = answers.into_iter().map(Into::into).collect();
        Self {
            answers: Arc::new(Mutex::new(answers)),
            seen: Arc::default(),
        }
    }

    pub(crate) fn dynamo(&self) -> Dynamo {
        let token = Some("token".to_owned());
        let credentials = Credentials::new("AKID", "secret", token, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(self.clone());
        Dynamo::new(&config.build())
    }

    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl HttpConnector for Fake {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let body = request.body().bytes().unwrap().to_vec();
        self.seen.lock().unwrap().push(Seen {
            headers: headers.collect(),
            body: String::from_utf8(body).unwrap(),
        });
        let answer = self.answers.lock().unwrap().pop_front().unwrap();
        HttpConnectorFuture::ready(match answer {
            Answer::Failure(error) => Err(error),
            Answer::Http(status, body) => {
                let status = status.try_into().unwrap();
                Ok(HttpResponse::new(status, SdkBody::from(body)))
            }
        })
    }
}

impl HttpClient for Fake {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
