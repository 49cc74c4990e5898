use http::HeaderMap;
use standardwebhooks::{Webhook, WebhookError};

fn verify(secret: &str, body: &[u8], headers: &HeaderMap) -> Result<(), WebhookError> {
    Webhook::new(secret)?.verify(body, headers)
}
