use std::time::Duration;

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use outbound::{Limits, Outbound, OutboundError, OutboundRequest, OutboundResponse, Url};
use types::{Chain, Clock, Timestamp};
use webhook::{REQUEST_HEADERS, Signed};
use webhook_store::{DeliveryRow, WebhookConfig};

use crate::secrets::Opened;

/// Limits of a request. A redirect is not followed: it is a failure.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(15),
    body: 4 << 10,
    cut: true,
    redirects: 0,
};
/// Characters of a response and of an error that are kept.
const KEPT: usize = 500;

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) duration_ms: u64,
    pub(crate) status: Option<u16>,
    pub(crate) response: Option<String>,
    /// Why it failed; none if it did not.
    pub(crate) error: Option<String>,
    /// The seconds that the receiver asked to wait.
    pub(crate) retry_after: Option<u64>,
}

/// Sends a delivery to its webhook's endpoint.
pub(crate) async fn post(
    (outbound, clock): (&Outbound, &Clock),
    config: &WebhookConfig,
    delivery: &DeliveryRow,
    opened: &Opened,
) -> Outcome {
    let now = clock.now();
    let sent = match request(config, delivery, opened, now) {
        Ok(request) => outbound.send(request, LIMITS).await,
        Err(error) => Err(error),
    };
    let took = clock.now().duration_since(now).as_millis();
    let duration_ms = u64::try_from(took).unwrap_or(0);
    match sent {
        Ok(response) => of_response(&response, duration_ms, now),
        Err(error) => Outcome {
            duration_ms,
            status: None,
            response: None,
            error: Some(beginning(&Chain(&error).to_string())),
            retry_after: None,
        },
    }
}

fn request(
    config: &WebhookConfig,
    delivery: &DeliveryRow,
    opened: &Opened,
    now: Timestamp,
) -> Result<OutboundRequest, OutboundError> {
    let url = Url::parse(&config.url).map_err(|_| OutboundError::Url("it is not a URL"))?;
    let body = delivery.body.clone().unwrap_or_default();
    let signed = Signed {
        event: delivery.event,
        kind: &delivery.kind,
        delivery: delivery.delivery,
        at: now,
        body: body.as_bytes(),
    };
    let mut headers = HeaderMap::new();
    let fixed = REQUEST_HEADERS.map(|(name, value)| (name, value.to_owned()));
    let own = opened.headers.iter();
    let own = own.map(|(name, value)| (&**name, value.clone()));
    // Those that are signed come last, so that they cannot be replaced.
    for (name, value) in fixed
        .into_iter()
        .chain(own)
        .chain(signed.headers(&opened.secrets))
    {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_str(&value);
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.insert(name, value);
        }
    }
    Ok(OutboundRequest {
        method: Method::POST,
        url,
        headers,
        body: Bytes::from(body),
    })
}

fn of_response(response: &OutboundResponse, duration_ms: u64, now: Timestamp) -> Outcome {
    let status = response.status;
    let text = String::from_utf8(response.body.to_vec()).unwrap_or_else(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        String::from_utf8_lossy(bytes.get(..valid).unwrap_or_default()).into_owned()
    });
    let text = beginning(&text);
    let asks = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    );
    Outcome {
        duration_ms,
        status: Some(status.as_u16()),
        response: Some(text).filter(|text| !text.is_empty()),
        error: (!status.is_success()).then(|| refusal(status)),
        retry_after: asks.then(|| retry_after(&response.headers, now)).flatten(),
    }
}

fn refusal(status: StatusCode) -> String {
    if status.is_redirection() {
        return format!("status {}: redirects are not followed", status.as_u16());
    }
    format!("status {}", status.as_u16())
}

/// The seconds of a `Retry-After`, which has them or a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = text.trim().parse() {
        return Some(seconds);
    }
    let at = Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()?;
    u64::try_from(at.duration_since(now).as_secs()).ok()
}

fn beginning(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || c.is_whitespace())
        .take(KEPT)
        .collect()
}
