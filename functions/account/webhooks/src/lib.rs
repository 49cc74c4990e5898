//! Webhooks: endpoints that an account is sent events at, and what became of each. The same for the keys of every product that has them.

mod answer;
mod change;
mod create;
mod deliveries;
mod description;
mod events;
mod form;
mod headers;
mod list;
mod recover;
mod remove;
mod rotate;
mod span;
mod state;
mod stats;
mod test;
mod types_of_events;

use std::sync::Arc;

use accounts::Accounts;
use api::{ApiContext, ApiError, Routes};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRef, Path, Request};
use axum::response::Response;
use blob::Bucket;
use bytes::Bytes;
use config::Env;
use endpoints::webhooks::{WebhookEndpoints, intent, liquidity, portal};
use outbound::{Outbound, Policy};
use runtime::Failure;
use seal::{Seal, SealError};
use store::Dynamo;
use tower::ServiceExt;
use types::{AccountId, Clock, Product, WebhookId};
use webhook_store::{Deliveries, SEALED_FOR, WebhookRow, Webhooks};
use workspace::Workspace;

pub use description::operations;
pub use events::events;

/// What the endpoints work with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    webhooks: Webhooks,
    deliveries: Deliveries,
    seal: Seal,
    outbound: Outbound,
}

impl App {
    /// From `ACCOUNTS_TABLE`, `WORKSPACE_TABLE`, `BUCKET`, `WEBHOOK_KEY_ID`, `WEBHOOK_PORTS`, and the variables of
    /// [`ApiContext::from_env`] and, with `WEBHOOK_BASE_URL`, [`Policy::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = Workspace::new(&dynamo, env.required("WORKSPACE_TABLE")?, accounts);
        let context = ApiContext::from_env(env, aws, &dynamo, clock)?;
        let policy = Policy::from_env(env, "WEBHOOK_BASE_URL")?.on_ports(env, "WEBHOOK_PORTS")?;
        Ok(Self {
            context: context.with_idempotency(Bucket::new(aws.clone(), env.required("BUCKET")?)),
            webhooks: Webhooks::new(&workspace),
            deliveries: Deliveries::new(&workspace),
            seal: Seal::new(aws, env.required("WEBHOOK_KEY_ID")?),
            outbound: Outbound::new(policy),
        })
    }

    /// A webhook of the account, or 404.
    async fn found(
        &self,
        account: AccountId,
        product: Product,
        webhook: WebhookId,
    ) -> Result<WebhookRow, ApiError> {
        let found = self.webhooks.find(account, product, webhook).await?;
        found.ok_or_else(unknown)
    }

    /// Seals a text for a webhook.
    async fn sealed(&self, webhook: WebhookId, text: &str) -> Result<Bytes, ApiError> {
        let context = (SEALED_FOR, &*webhook.to_string());
        let sealed = self.seal.seal(context, text).await;
        sealed.map_err(|error| match error {
            SealError::Unavailable(_) => ApiError::unavailable(&error),
            SealError::Malformed => ApiError::internal(&error),
        })
    }
}

/// The routes: two products share theirs, and portal has its own.
pub fn router(app: App) -> Router {
    let portals = routes(&portal::WEBHOOKS).serve(app.clone());
    let shared = api::by_product(
        (
            Product::Intent,
            routes(&intent::WEBHOOKS).serve(app.clone()),
        ),
        (Product::Liquidity, routes(&liquidity::WEBHOOKS).serve(app)),
    );
    Router::new().fallback(async move |request: Request| -> Response {
        let is_portals = request.uri().path().starts_with("/v1/");
        let router = if is_portals {
            portals.clone()
        } else {
            shared.clone()
        };
        let Ok(response) = router.oneshot(request).await;
        response
    })
}

fn routes(of: &WebhookEndpoints) -> Routes<App> {
    Routes::new()
        .on(of.create, create::create)
        .on(of.list, list::list)
        .on(of.read, list::read)
        .on(of.change, change::change)
        .on(of.remove, remove::remove)
        .on(of.enable, state::enable)
        .on(of.disable, state::disable)
        .on(of.rotate, rotate::rotate)
        .on(of.test, test::test)
        .on(of.deliveries, deliveries::list)
        .on(of.delivery, deliveries::read)
        .on(of.resend, deliveries::resend)
        .on(of.recover, recover::recover)
        .on(of.recovery, recover::read)
        .on(of.stats, stats::read)
        .on(of.event_types, types_of_events::list)
}

type PathId = Result<Path<String>, PathRejection>;

/// The id in the path. Text that cannot be one is no webhook's.
fn named(id: PathId) -> Result<WebhookId, ApiError> {
    let Path(text) = id.map_err(|_| unknown())?;
    text.parse().map_err(|_| unknown())
}

fn unknown() -> ApiError {
    ApiError::not_found("webhook")
}
