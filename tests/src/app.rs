use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use accounts::{Accounts, Day, Meter};
use auth::Scope;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use axum::Router;
use config::Env;
use endpoints::{Dialect, Page};
use http::Method;
use intent_store::{Intel, IntentWorkspace};
use quota::Plan;
use store::Dynamo;
use types::{Clock, Credits, Product, UtcDay};
use workspace::Workspace;

use crate::call::request;
use crate::faults::timers;
use crate::intercept::intercepted;
use crate::issuer::AUDIENCE;
use crate::tables::Tables;
use crate::{Call, Customer, Deaths, Deliveries, Faults, InFlight, Issuer, Stack, TestClock};

/// The functions in the test's process, with their own tables and a clock that can be moved.
#[derive(Clone)]
pub struct TestApp {
    /// The clock of all functions.
    pub clock: TestClock,
    /// Kills processes that use [`TestApp::mortal`].
    pub deaths: Deaths,
    /// The environment variables of the functions.
    pub env: Env,
    /// The configuration of its AWS clients.
    pub aws: Arc<SdkConfig>,
    /// The same, through [`TestApp::deaths`].
    pub mortal: Arc<SdkConfig>,
    /// The accounts table.
    pub accounts: Accounts,
    /// The workspace table.
    pub workspace: Workspace,
    /// The intent items of the same table.
    pub intent_workspace: IntentWorkspace,
    /// The intel table.
    pub intel: Intel,
    pub(crate) variables: Vec<(&'static str, String)>,
    /// The URLs of the queues made by [`TestApp::queues`].
    pub(crate) sources: Arc<Mutex<Vec<String>>>,
    http: SharedHttpClient,
    routers: Routers,
}

/// The routers of all functions, by binary.
#[derive(Clone)]
struct Routers(Arc<BTreeMap<&'static str, Function>>);

/// A router, made when it is called for the first time.
type Function = LazyLock<Router, Box<dyn FnOnce() -> Router + Send>>;

impl Routers {
    fn new(env: &Env, aws: &Arc<SdkConfig>, clock: &Clock) -> Self {
        /// The router of each function, built as in its binary.
        macro_rules! routers {
            ($($function:literal: $package:ident),* $(,)?) => {
                [$(($function, {
                    let (env, aws, clock) = (env.clone(), aws.clone(), clock.clone());
                    let router = move || $package::router($package::App::from_env(&env, &aws, clock).unwrap());
                    Function::new(Box::new(router))
                })),*]
            };
        }
        let routers = routers! {
            "score": score,
            "bulk": bulk,
            "insight": insight,
            "signals": ingest,
            "keys": keys,
            "usage": usage,
            "watchlist": shared_paths,
            "graphql": graphql,
            "lists": lists,
            "market": market,
            "profiles": profiles,
            "reports": reports,
            "clients": clients,
            "webhooks": webhooks,
        };
        let mut routers = BTreeMap::from(routers);
        let clock = clock.clone();
        let docs_page = Function::new(Box::new(move || docs_page::router(clock)));
        routers.insert("docs-page", docs_page);
        Self(Arc::new(routers))
    }

    /// A call to the router that serves the path in template.yaml; unmatched routes go to `score`.
    fn call(&self, method: Method, path: &str) -> Call {
        let bare = path.split('?').next().unwrap();
        let methods = [method.as_str(), "GET", "POST", "PUT", "PATCH", "DELETE"];
        let endpoint = methods
            .iter()
            .find_map(|method| endpoints::all().find(|endpoint| endpoint.matches(method, bare)));
        let page = Page::at(bare).filter(|_| Page::METHODS.contains(&method.as_str()));
        let function = match (endpoint, page) {
            (Some(endpoint), _) => endpoint.function,
            (None, Some(page)) => page.function,
            (None, None) => "score",
        };
        let call = Call::new(Router::clone(&self.0[function]), request(method, path));
        call.in_dialect(endpoint.map_or(Dialect::Standard, |endpoint| endpoint.dialect))
    }
}

impl TestApp {
    /// A new app on the running stack.
    pub async fn new() -> Self {
        let stack = Stack::running();
        let deaths = Deaths::default();
        let http = runtime::aws::http_client(false);
        let (aws, mortal) = (
            stack.aws(http.clone()),
            stack.aws(intercepted(http.clone(), &deaths)),
        );
        let tables = Box::pin(Tables::create(&aws)).await;
        let mut variables = stack.env();
        variables.extend([
            ("ACCOUNTS_TABLE", tables.accounts.clone()),
            ("WORKSPACE_TABLE", tables.workspace.clone()),
            ("INTEL_TABLE", tables.intel.clone()),
            ("BUCKET", tables.bucket),
            ("WEBHOOK_KEY_ID", stack.webhook_key.clone()),
            ("UPGRADE_URL", "https://assay.example/pricing".to_owned()),
        ]);
        let env = Env::from_pairs(variables.clone());
        let clock = TestClock::at_noon();
        let dynamo = Dynamo::new(&aws);
        let accounts = Accounts::new(&dynamo, tables.accounts);
        let workspace = Workspace::new(&dynamo, tables.workspace, accounts.clone());
        Self {
            routers: Routers::new(&env, &aws, &clock.clock()),
            variables,
            sources: Arc::default(),
            http,
            intent_workspace: IntentWorkspace::new(workspace.clone()),
            workspace,
            intel: Intel::new(&dynamo, tables.intel),
            accounts,
            clock,
            deaths,
            env,
            aws,
            mortal,
        }
    }

    /// New instances of the same functions, with empty caches.
    #[must_use]
    pub fn restarted(&self) -> Self {
        let routers = Routers::new(&self.env, &self.aws, &self.clock.clock());
        Self {
            routers,
            ..self.clone()
        }
    }

    /// The same app with another value of one environment variable.
    #[must_use]
    pub fn with_variable(&self, name: &'static str, value: &str) -> Self {
        let mut variables = self.variables.clone();
        variables.retain(|(known, _)| *known != name);
        variables.push((name, value.to_owned()));
        let env = Env::from_pairs(variables.clone());
        Self {
            routers: Routers::new(&env, &self.aws, &self.clock.clock()),
            env,
            variables,
            ..self.clone()
        }
    }

    /// The same app, accepting the tokens of an issuer.
    #[must_use]
    pub fn with_issuer(&self, issuer: &Issuer) -> Self {
        self.with_variable("OIDC_AUDIENCE", AUDIENCE)
            .with_variable("OIDC_ISSUER", &issuer.url())
    }

    /// The same app with functions that use [`TestApp::mortal`].
    #[must_use]
    pub fn on_mortal(&self) -> Self {
        Self {
            routers: Routers::new(&self.env, &self.mortal, &self.clock.clock()),
            ..self.clone()
        }
    }

    /// The same app with functions that use another AWS endpoint. Its own table clients, for assertions, keep theirs.
    #[must_use]
    pub fn at(&self, endpoint_url: &str) -> Self {
        let mut stack = Stack::running();
        endpoint_url.clone_into(&mut stack.endpoint_url);
        self.on(stack.aws(runtime::aws::http_client(false)))
    }

    /// The same app with functions whose AWS calls fail as planned.
    #[must_use]
    pub fn with_faults(&self, faults: &Faults) -> Self {
        let http = intercepted(self.http.clone(), faults);
        let config = SdkConfig::clone(&Stack::running().aws(http)).into_builder();
        self.on(Arc::new(config.sleep_impl(timers()).build()))
    }

    /// The same app with functions whose queries are counted.
    #[must_use]
    pub fn counting(&self, queries: &InFlight) -> Self {
        self.on(Stack::running().aws(intercepted(self.http.clone(), queries)))
    }

    /// The configuration of AWS clients whose requests are delivered as planned.
    pub fn intercepted(&self, deliveries: &Deliveries) -> Arc<SdkConfig> {
        Stack::running().aws(intercepted(runtime::aws::http_client(false), deliveries))
    }

    fn on(&self, aws: Arc<SdkConfig>) -> Self {
        Self {
            routers: Routers::new(&self.env, &aws, &self.clock.clock()),
            aws,
            ..self.clone()
        }
    }

    /// An intent customer on the plan `growth`, with credits.
    pub async fn customer(&self, credits: i64) -> Customer {
        self.customer_on(Product::Intent, "growth", credits).await
    }

    /// A customer of a product on a plan, with credits.
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

    /// An intent customer on a plan with other limits, with credits.
    pub async fn customer_with_limits(
        &self,
        minute: Option<u64>,
        month: Option<u64>,
        credits: i64,
    ) -> Customer {
        let plan = Plan {
            product: Product::Intent,
            name: "growth",
            minute_limit: minute,
            month_limit: month,
            rotation_days: None,
            features: &[],
        };
        let (credits, now) = (Credits::whole(credits), self.clock.now());
        Customer::open(&self.accounts, plan, credits, now).await
    }

    /// The same customer with a key that has only these scopes.
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

    /// A GET request.
    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    /// A POST request.
    pub fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    /// A request with any method.
    pub fn call(&self, method: Method, path: &str) -> Call {
        self.routers.call(method, path)
    }

    /// A customer's meter.
    pub async fn meter(&self, customer: &Customer) -> Meter {
        customer.meter(&self.accounts).await
    }

    /// The calls counted for a customer's key in this minute.
    pub async fn calls_this_minute(&self, customer: &Customer) -> u64 {
        let minute = types::minute_of(self.clock.now());
        self.meter(customer).await.calls_in(customer.key, minute)
    }

    /// The closed usage of a day.
    pub async fn usage(&self, customer: &Customer, day: UtcDay) -> Day {
        let Customer {
            account, product, ..
        } = *customer;
        let mut days = self
            .accounts
            .usage(account, product, day, day)
            .await
            .unwrap();
        days.remove(&day).expect("the day is closed")
    }

    /// Fails the test unless ledger − open spend equals the balance. Returns the balance.
    pub async fn balance(&self, customer: &Customer) -> Credits {
        customer.balance(&self.accounts).await
    }
}
