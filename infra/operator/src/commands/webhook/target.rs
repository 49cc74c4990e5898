use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use outbound::{Limits, Outbound, OutboundRequest};
use types::{Chain, Clock};
use url::Url;
use webhook::{REQUEST_HEADERS, Secret, Signed};

use super::address;
use super::api::Delivery;
use super::forwarded::Forwarded;

/// As of a real request: a redirect is not followed.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(15),
    body: 4 << 10,
    cut: true,
    redirects: 0,
};

/// The program on this machine.
pub(super) struct Target {
    outbound: Outbound,
    url: Url,
    secret: Secret,
    clock: Clock,
}

impl Target {
    /// The program at `url`, for which requests are signed with `secret`.
    pub(super) fn new(url: Url, secret: Secret, clock: Clock) -> Self {
        Self {
            outbound: address::client(&url),
            url,
            secret,
            clock,
        }
    }

    /// Sends it a delivery, as a receiver gets it.
    pub(super) async fn post(&self, delivery: Delivery) -> Forwarded {
        let began = self.clock.now();
        let body = Bytes::from(delivery.body.get().to_owned());
        let signed = Signed {
            event: delivery.event_id,
            kind: &delivery.event_type,
            delivery: delivery.id,
            at: began,
            body: &body,
        };
        let request = OutboundRequest {
            method: Method::POST,
            url: self.url.clone(),
            headers: headers(&signed, &self.secret),
            body: body.clone(),
        };
        let response = self.outbound.send(request, LIMITS).await;
        let took = self.clock.now().duration_since(began).as_millis();
        Forwarded {
            sent_at: types::whole_second(began),
            delivery_id: delivery.id,
            event_id: delivery.event_id,
            event_type: delivery.event_type.replace(char::is_control, " "),
            duration_ms: u64::try_from(took).unwrap_or(0),
            status: response
                .as_ref()
                .ok()
                .map(|response| response.status.as_u16()),
            error: response.err().map(|error| Chain(&error).to_string()),
        }
    }
}

fn headers(signed: &Signed, secret: &Secret) -> HeaderMap {
    let fixed = REQUEST_HEADERS.map(|(name, value)| (name, value.to_owned()));
    let signed = signed.headers(std::slice::from_ref(secret));
    let all = fixed.into_iter().chain(signed);
    all.filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(&value).ok()?))
    })
    .collect()
}
