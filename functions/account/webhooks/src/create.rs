use std::collections::BTreeMap;
use std::time::Duration;

use api::{AdmittedCall, ApiError, Caller, Code, Idempotent, JsonBody, Seed};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use outbound::Url;
use types::{Chain, WebhookId, whole_second};
use webhook::Secret;
use webhook_store::{Added, Changed, SealedHeaders, SealedSecret, WebhookConfig, WebhookRow};

use crate::App;
use crate::answer::SecretAnswer;
use crate::form::{NewWebhook, WebhookForm, invalid_url, known_events};

/// The most webhooks of an account in a product, whatever its plan says.
const MOST: u64 = 100;
/// How long the name of a host may take to resolve.
const RESOLVE: Duration = Duration::from_secs(2);

/// `POST …/webhooks`: registers a webhook.
pub(crate) async fn create(
    State(app): State<App>,
    caller: Caller,
    JsonBody(form): JsonBody<WebhookForm>,
) -> Result<Idempotent<(StatusCode, Json<SecretAnswer>)>, ApiError> {
    let form = form.and_then(|form| form.parse(app.outbound.ports()));
    let (call, new) = caller.authorize(form).await?;
    call.once(&new, async |call, seed| {
        let call = call.admit().await?;
        known_events(call.product(), &new.events)?;
        app.reachable(&new.url).await?;
        let (row, secret) = app.add(&call, seed, &new).await?;
        Ok((StatusCode::CREATED, Json(SecretAnswer::new(row, &secret))))
    })
    .await
}

impl App {
    /// Refuses a URL that no request may be sent to, which is checked again with every request.
    pub(crate) async fn reachable(&self, url: &Url) -> Result<(), ApiError> {
        let checked = self.outbound.check(url, RESOLVE).await;
        checked.map_err(|error| invalid_url(&Chain(&error).to_string(), self.outbound.ports()))
    }

    async fn add(
        &self,
        call: &AdmittedCall,
        seed: Seed,
        new: &NewWebhook,
    ) -> Result<(WebhookRow, Secret), ApiError> {
        let owner = (call.account(), call.product());
        let limit = call.allowance()?.limit().unwrap_or(MOST).min(MOST);
        let now = whole_second(self.context.clock().now());
        let webhook: WebhookId = seed.id();
        let (secret, sealed) = self.new_secret(webhook, seed).await?;
        let config = WebhookConfig {
            name: new.name.clone(),
            url: new.url.to_string(),
            events: new.events.clone(),
            headers: self.sealed_headers(webhook, &new.headers).await?,
            rate_limit: new.rate_limit,
            disabled: None,
            secrets: vec![sealed],
            updated_at: now,
        };
        let row = WebhookRow::new(webhook, config, now);
        match self.webhooks.add(owner, &row, limit).await? {
            Added::Yes => Ok((row, secret)),
            // A run of this request that was broken off has added it. Nobody was shown its secret, so it gets this one.
            Added::Exists(known) => {
                let config = WebhookConfig {
                    secrets: row.config.secrets,
                    ..known.config.clone()
                };
                let changed = self.webhooks.change(owner, *known, config).await?;
                Ok((changed_row(changed)?, secret))
            }
            Added::Duplicate => Err(duplicate()),
            Added::Full => Err(full(limit)),
        }
    }

    /// A new secret, and the same sealed.
    pub(crate) async fn new_secret(
        &self,
        webhook: WebhookId,
        seed: Seed,
    ) -> Result<(Secret, SealedSecret), ApiError> {
        let secret = Secret::generate();
        let sealed = SealedSecret {
            made_by: seed.id::<types::Request>().suffix(),
            sealed: self.sealed(webhook, secret.text()).await?,
            expires: None,
        };
        Ok((secret, sealed))
    }

    /// The headers of an account's own, sealed; none if there are none.
    pub(crate) async fn sealed_headers(
        &self,
        webhook: WebhookId,
        headers: &BTreeMap<String, String>,
    ) -> Result<Option<SealedHeaders>, ApiError> {
        if headers.is_empty() {
            return Ok(None);
        }
        let text = serde_json::to_string(headers).map_err(|error| ApiError::internal(&error))?;
        Ok(Some(SealedHeaders {
            names: headers.keys().cloned().collect(),
            sealed: self.sealed(webhook, &text).await?,
        }))
    }
}

/// The webhook as a change has left it, or why it was not changed.
pub(crate) fn changed_row(changed: Changed) -> Result<WebhookRow, ApiError> {
    match changed {
        Changed::Yes(row) => Ok(*row),
        Changed::Duplicate => Err(duplicate()),
        Changed::Stale => {
            let message = "the webhook was changed by another request at the same moment; read it, and try again";
            Err(ApiError::new(Code::Duplicate, message).reason("changed_meanwhile"))
        }
    }
}

fn duplicate() -> ApiError {
    let message = "another of your webhooks has this URL and these events; change that one";
    ApiError::new(Code::Duplicate, message).reason("webhook_exists")
}

fn full(limit: u64) -> ApiError {
    let message = format!(
        "the plan has room for {limit} webhooks and is full; delete one, change one, or upgrade"
    );
    ApiError::new(Code::LimitReached, message)
        .reason("resource")
        .with("limit", limit)
}
