use std::time::Duration;

use bytes::Bytes;
use endpoints::webhooks::{self, WebhookEndpoints};
use http::header::{ACCEPT, AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method};
use outbound::{Limits, Outbound, OutboundRequest};
use runtime::Failure;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use types::{Chain, DeliveryId, EventId, Product, WebhookId};
use url::Url;

use super::address;
use super::failed_call::{FailedCall, pause};
use super::seen::Listed;
use crate::terminal::Terminal;

/// A delivery with its 50 attempts, 500 characters of a response each, is far below 4 MB; so is a page.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(30),
    body: 4 << 20,
    cut: false,
    redirects: 0,
};
/// Deliveries a page: as many as there may be.
const PAGE: u8 = 100;

/// The webhooks of an account, as a caller of the public API sees them.
pub(super) struct Api<'a> {
    outbound: Outbound,
    base: String,
    headers: HeaderMap,
    endpoints: &'static WebhookEndpoints,
    terminal: &'a dyn Terminal,
}

/// A webhook.
#[derive(Debug, Deserialize)]
pub(super) struct Webhook {
    pub(super) id: WebhookId,
    pub(super) name: String,
    pub(super) url: String,
    pub(super) active: bool,
}

/// A page of deliveries, those of the newest events first.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub(super) deliveries: Vec<Listed>,
    #[serde(default)]
    pub(super) next_cursor: Option<DeliveryId>,
}

/// What is sent.
#[derive(Debug, Deserialize)]
pub(super) struct Delivery {
    pub(super) id: DeliveryId,
    pub(super) event_id: EventId,
    pub(super) event_type: String,
    /// As the API has written it.
    pub(super) body: Box<RawValue>,
}

#[derive(Debug, Deserialize)]
struct WebhookList {
    webhooks: Vec<Webhook>,
}

impl<'a> Api<'a> {
    /// The API at `base` for a key, whose prefix names the product.
    pub(super) fn new(base: &Url, key: &str, terminal: &'a dyn Terminal) -> Result<Self, Failure> {
        let key = auth::RawKey::parse(key)?;
        let endpoints = match key.product() {
            Product::Intent => &webhooks::intent::WEBHOOKS,
            Product::Liquidity => &webhooks::liquidity::WEBHOOKS,
            Product::Portal => &webhooks::portal::WEBHOOKS,
            Product::Leads => {
                return Err("leads has no webhooks; give a key of another product".into());
            }
        };
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", key.reveal()))?;
        bearer.set_sensitive(true);
        let agent = concat!("assay/", env!("CARGO_PKG_VERSION"));
        let headers = [
            (AUTHORIZATION, bearer),
            (ACCEPT, HeaderValue::from_static("application/json")),
            (USER_AGENT, HeaderValue::from_static(agent)),
        ];
        Ok(Self {
            outbound: address::client(base),
            base: base.as_str().trim_end_matches('/').to_owned(),
            headers: headers.into_iter().collect(),
            endpoints,
            terminal,
        })
    }

    /// The account's webhooks. It is not tried again: the address or the key may be wrong.
    pub(super) async fn webhooks(&self) -> Result<Vec<Webhook>, FailedCall> {
        let list: WebhookList = self.get(self.endpoints.list.path).await?;
        Ok(list.webhooks)
    }

    /// A page of a webhook's deliveries. It is tried until the API responds.
    pub(super) async fn page(
        &self,
        webhook: WebhookId,
        cursor: Option<DeliveryId>,
    ) -> Result<Page, FailedCall> {
        let path = self.endpoints.deliveries.path;
        let path = path.replace("{webhook_id}", &webhook.to_string());
        let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        self.get_patiently(&format!("{path}?limit={PAGE}{cursor}"))
            .await
    }

    /// A delivery with its body. It is tried until the API responds.
    pub(super) async fn delivery(
        &self,
        webhook: WebhookId,
        delivery: DeliveryId,
    ) -> Result<Delivery, FailedCall> {
        let path = self.endpoints.delivery.path;
        let path = path.replace("{webhook_id}", &webhook.to_string());
        let path = path.replace("{delivery_id}", &delivery.to_string());
        self.get_patiently(&path).await
    }

    /// Tells whoever runs the command.
    pub(super) fn note(&self, line: &str) {
        self.terminal.note(line);
    }

    async fn get_patiently<T: DeserializeOwned>(&self, path: &str) -> Result<T, FailedCall> {
        let mut failures = 0;
        loop {
            match self.get(path).await {
                Err(FailedCall::Passing { why, wait }) => {
                    failures += 1;
                    let pause = pause(failures, wait);
                    self.note(&format!("{why}; again in {} s", pause.as_secs()));
                    tokio::time::sleep(pause).await;
                }
                result => return result,
            }
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, FailedCall> {
        let refused = |why: String| FailedCall::Refused { status: None, why };
        let url = Url::parse(&format!("{}{path}", self.base));
        let request = OutboundRequest {
            method: Method::GET,
            url: url.map_err(|error| refused(error.to_string()))?,
            headers: self.headers.clone(),
            body: Bytes::new(),
        };
        let response = self.outbound.send(request, LIMITS).await;
        let response = response.map_err(|error| FailedCall::Passing {
            why: format!("the API cannot be reached: {}", Chain(&error)),
            wait: None,
        })?;
        if !response.status.is_success() {
            return Err(FailedCall::of(
                response.status,
                &response.headers,
                &response.body,
            ));
        }
        serde_json::from_slice(&response.body).map_err(|error| {
            refused(format!(
                "the response is not that of the API; is --base its address? {error}"
            ))
        })
    }
}
