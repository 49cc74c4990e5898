use std::sync::Arc;

use auth::Scope;
use aws_types::SdkConfig;
use axum::Router;
use axum::body::Body;
use config::Env;
use http::{Method, Request, Response};
use http_body_util::BodyExt;
use quota::Plan;
use serde_json::Value;
use store::{Accounts, Dynamo, Intel, Workspace};
use tower::ServiceExt;
use types::{Credits, Product};

use crate::tables::Tables;
use crate::{Answer, Customer, Deaths, Stack, TestClock};

/// The functions in this process, on tables of their own, with a clock that can be moved.
#[derive(Clone)]
pub struct TestApp {
    /// The clock that all of it reads.
    pub clock: TestClock,
    /// Kills what runs on [`TestApp::mortal`].
    pub deaths: Deaths,
    /// The variables that a function of this test would have.
    pub env: Env,
    /// The configuration of its clients.
    pub aws: Arc<SdkConfig>,
    /// The same, through [`TestApp::deaths`].
    pub mortal: Arc<SdkConfig>,
    /// The accounts table.
    pub accounts: Accounts,
    /// The workspace table.
    pub workspace: Workspace,
    /// The intel table.
    pub intel: Intel,
    score: Router,
    bulk: Router,
    signals: Router,
}

impl TestApp {
    /// A fresh app on the stack that is running.
    pub async fn new() -> Self {
        let stack = Stack::running();
        let deaths = Deaths::default();
        let base = Env::from_pairs(stack.env());
        let aws = runtime::aws::config(&base).unwrap();
        let mortal =
            runtime::aws::config_over(&base, deaths.over(runtime::aws::http_client(false)))
                .unwrap();
        let tables = Tables::create(&aws).await;
        let env = Env::from_pairs(stack.env().into_iter().chain([
            ("ACCOUNTS_TABLE", tables.accounts.clone()),
            ("WORKSPACE_TABLE", tables.workspace.clone()),
            ("INTEL_TABLE", tables.intel.clone()),
            ("BUCKET", tables.bucket),
            ("UPGRADE_URL", "https://assay.example/pricing".to_owned()),
        ]));
        let clock = TestClock::at_noon();
        let dynamo = Dynamo::new(&aws);
        let accounts = Accounts::new(&dynamo, tables.accounts);
        Self {
            score: score::router(score::App::from_env(&env, &dynamo, clock.clock()).unwrap()),
            bulk: bulk::router(bulk::App::from_env(&env, &aws, clock.clock()).unwrap()),
            signals: ingest::router(ingest::App::from_env(&env, &aws, clock.clock()).unwrap()),
            workspace: Workspace::new(&dynamo, tables.workspace, accounts.clone()),
            intel: Intel::new(&dynamo, tables.intel),
            accounts,
            clock,
            deaths,
            env,
            aws,
            mortal,
        }
    }

    /// A customer of intent, on the plan `growth`, with credits.
    pub async fn customer(&self, credits: i64) -> Customer {
        self.customer_on(Product::Intent, "growth", credits).await
    }

    /// A customer of a product on one of its plans, with credits.
    pub async fn customer_on(&self, product: Product, plan: &str, credits: i64) -> Customer {
        let plan = Plan::named(product, plan).unwrap();
        Customer::open(
            &self.accounts,
            plan,
            Credits::whole(credits),
            self.clock.now(),
        )
        .await
    }

    /// The same customer with another key that has only these scopes.
    pub async fn with_scopes(&self, customer: &Customer, scopes: &[Scope]) -> Customer {
        Customer::with_key(
            &self.accounts,
            customer.account,
            customer.product,
            scopes,
            self.clock.now(),
        )
        .await
    }

    /// A GET to answer.
    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    /// A POST to answer.
    pub fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    /// Any call to answer.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let router = if path.starts_with("/api/v1/signals") {
            &self.signals
        } else if path.starts_with("/api/v1/score/bulk") {
            &self.bulk
        } else {
            &self.score
        };
        let request = Request::builder().method(method).uri(path);
        Call {
            router: router.clone(),
            request,
            body: Body::empty(),
        }
    }

    /// Fails the test unless the ledger, less the days that are not closed, is the balance. Answers the balance.
    pub async fn balance(&self, customer: &Customer) -> Credits {
        let meter = self
            .accounts
            .meter(customer.account, customer.product)
            .await
            .unwrap()
            .unwrap();
        let ledger = self
            .accounts
            .ledger(customer.account, customer.product)
            .await
            .unwrap();
        let booked: Credits = ledger.iter().map(store::Entry::amount).sum();
        assert_eq!(
            booked - meter.open_spend(),
            meter.credits,
            "ledger {ledger:?}"
        );
        meter.credits
    }
}

/// A call that is being made up.
pub struct Call {
    router: Router,
    request: http::request::Builder,
    body: Body,
}

impl Call {
    /// With a customer's key.
    #[must_use]
    pub fn key(self, customer: &Customer) -> Self {
        self.header("authorization", &format!("Bearer {}", customer.raw))
    }

    /// With a header.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        Self {
            request: self.request.header(name, value),
            ..self
        }
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        Self {
            body: body.to_string().into(),
            ..self.header("content-type", "application/json")
        }
    }

    /// With a body of a type.
    #[must_use]
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into().into(),
            ..self.header("content-type", content_type)
        }
    }

    /// With a CSV file.
    #[must_use]
    pub fn csv(self, file: &str) -> Self {
        self.body("text/csv", file)
    }

    /// The answer.
    pub async fn send(self) -> Answer {
        let request = self.request.body(self.body).unwrap();
        let response: Response<Body> = self.router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status: parts.status,
            headers: parts.headers,
            json,
        }
    }
}
