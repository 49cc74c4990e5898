use std::fmt;

use runtime::Failure;
use serde::Serialize;
use types::{DeliveryId, EventId, Timestamp};

/// What came of forwarding a delivery.
#[derive(Debug, Serialize)]
pub(super) struct Forwarded {
    pub(super) sent_at: Timestamp,
    pub(super) delivery_id: DeliveryId,
    pub(super) event_id: EventId,
    pub(super) event_type: String,
    pub(super) duration_ms: u64,
    /// Of the response; none if there was none.
    pub(super) status: Option<u16>,
    /// Why there was none.
    pub(super) error: Option<String>,
}

/// How many were forwarded.
#[derive(Debug, Default)]
pub(super) struct Summary {
    accepted: u64,
    failed: u64,
}

impl Forwarded {
    /// One line: JSON, or text.
    pub(super) fn line(&self, is_json: bool) -> Result<String, Failure> {
        if is_json {
            return Ok(serde_json::to_string(self)?);
        }
        let Self {
            sent_at,
            delivery_id,
            event_type,
            duration_ms,
            ..
        } = self;
        let result = match (self.status, &self.error) {
            (Some(status), _) => format!("{status} in {duration_ms} ms"),
            (None, Some(error)) => error.clone(),
            (None, None) => String::new(),
        };
        Ok(format!(
            "{sent_at}  {event_type}  {delivery_id}  → {result}"
        ))
    }
}

impl Summary {
    pub(super) const fn count(&mut self, forwarded: &Forwarded) {
        match forwarded.status {
            Some(200..=299) => self.accepted += 1,
            _ => self.failed += 1,
        }
    }

    pub(super) const fn total(&self) -> u64 {
        self.accepted + self.failed
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, failed } = self;
        write!(
            f,
            "forwarded {}: {accepted} accepted, {failed} failed",
            self.total()
        )
    }
}
