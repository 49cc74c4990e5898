use std::sync::Arc;
use std::time::Duration;

use accounts::Accounts;
use auth::Scope;
use aws_types::SdkConfig;
use blob::Bucket;
use quota::Plan;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use store::Dynamo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use types::{Clock, Credits, Product, Timestamp};
use workspace::Workspace;

use crate::{Answer, Customer, Stack, description};

/// Interval between polls.
const PAUSE: Duration = Duration::from_millis(200);

/// The deployed functions, called over HTTP as by customers, and their AWS services.
pub struct Deployed {
    /// The stack.
    pub stack: Stack,
    /// The configuration of its AWS clients.
    pub aws: Arc<SdkConfig>,
    /// Its accounts table.
    pub accounts: Accounts,
    /// Its workspace table.
    pub workspace: Workspace,
    /// Its bucket.
    pub bucket: Bucket,
    http: reqwest::Client,
}

impl Deployed {
    /// The running stack.
    pub fn running() -> Self {
        let stack = Stack::running();
        let aws = stack.aws(runtime::aws::http_client(false));
        let dynamo = Dynamo::new(&aws);
        let accounts = Accounts::new(&dynamo, stack.tables["accounts"].clone());
        let workspace = stack.tables["workspace"].clone();
        Self {
            workspace: Workspace::new(&dynamo, workspace, accounts.clone()),
            bucket: Bucket::new(aws.clone(), stack.bucket.clone()),
            http: client(),
            accounts,
            aws,
            stack,
        }
    }

    /// The current time of the deployed functions.
    pub fn now(&self) -> Timestamp {
        Clock::system().now()
    }

    /// A domain that no other test uses.
    pub fn unknown_domain(&self) -> String {
        format!("e2e-{}.com", types::unique(self.now()))
    }

    /// A new intent customer on the plan `scale`, with credits.
    pub async fn customer(&self, credits: i64) -> Customer {
        self.customer_with("scale", credits).await
    }

    /// A new intent customer on a plan, with credits.
    pub async fn customer_with(&self, plan: &str, credits: i64) -> Customer {
        let plan = Plan::named(Product::Intent, plan).unwrap();
        Customer::open(&self.accounts, plan, Credits::whole(credits), self.now()).await
    }

    /// A new customer of a product, on one of its plans.
    pub async fn customer_on(&self, product: Product, plan: &str) -> Customer {
        let plan = Plan::named(product, plan).unwrap();
        Customer::open(&self.accounts, plan, Credits::ZERO, self.now()).await
    }

    /// The same customer with a read-only key.
    pub async fn reader(&self, customer: &Customer) -> Customer {
        let (account, product) = (customer.account, customer.product);
        Customer::with_key(&self.accounts, account, product, &[Scope::Read], self.now()).await
    }

    /// The ID token of the demo user, who signs in as browsers do.
    pub async fn session(&self) -> String {
        let user = &self.stack.user;
        let form = json!({
            "ClientId": self.stack.user_pool_client, "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": user.username, "PASSWORD": user.password },
        });
        let request = self
            .http
            .post(&self.stack.endpoint_url)
            .header(
                "X-Amz-Target",
                "AWSCognitoIdentityProviderService.InitiateAuth",
            )
            .header("Content-Type", "application/x-amz-json-1.1")
            .body(form.to_string());
        let answer = answer(request).await.expect(200).json;
        let token = answer["AuthenticationResult"]["IdToken"].as_str();
        token.expect("the demo user can sign in").to_owned()
    }

    /// A GET of a path, or of a URL from a response.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(self.url(path))
    }

    /// The response to a GET of a target that need not be a URI, as it comes.
    pub async fn raw(&self, target: &str, headers: &str) -> String {
        let url: reqwest::Url = self.url("/").parse().unwrap();
        let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let mut stream = TcpStream::connect(&host).await.unwrap();
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).await.unwrap();
        String::from_utf8_lossy(&response).into_owned()
    }

    /// A POST.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(self.url(path))
    }

    /// A PUT.
    pub fn put(&self, path: &str) -> RequestBuilder {
        self.http.put(self.url(path))
    }

    /// A DELETE.
    pub fn delete(&self, path: &str) -> RequestBuilder {
        self.http.delete(self.url(path))
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") {
            return path.to_owned();
        }
        format!("{}{path}", self.stack.base_url)
    }

    /// Polls until `look` returns something; fails the test after `seconds`, naming `what`.
    pub async fn wait_for<T>(
        &self,
        what: &str,
        seconds: u64,
        look: impl AsyncFn() -> Option<T>,
    ) -> T {
        let seen = async {
            loop {
                if let Some(seen) = look().await {
                    return seen;
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(seconds), seen)
            .await
            .unwrap_or_else(|_| panic!("waited {seconds} s for {what}"))
    }
}

/// A client that reaches the local stack whatever proxy the shell names.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Sends a request, and reads the whole response.
pub async fn answer(request: RequestBuilder) -> Answer {
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let (method, path) = (request.method().clone(), request.url().path().to_owned());
    let response = client.execute(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes: Vec<u8> = response.bytes().await.unwrap().into();
    // Without a request id it is API Gateway's own response, or one of AWS.
    if headers.contains_key("x-request-id") {
        let described = description::Response {
            status,
            headers: &headers,
            body: &bytes,
        };
        description::check(method.as_str(), &path, &described);
    }
    Answer {
        status,
        headers,
        json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        bytes,
    }
}
