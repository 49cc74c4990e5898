use std::collections::HashMap;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use serde::Deserialize;
use tokio::sync::Mutex;
use types::{Chain, Timestamp};

use super::SessionError;
use super::fetch::{Address, fetch};
use super::jwk::{Jwk, Published};

/// Seconds between two readings that an unknown key asks for: whoever sends tokens must not make us call the issuer for each.
const PAUSE: i64 = 30;
/// The same after a reading that failed.
const PAUSE_AFTER_FAILURE: i64 = 2;
/// Seconds after which the keys are read again, so that one that the issuer withdrew ends here too.
const MAX_AGE: i64 = 3_600;

/// An issuer's public keys, remembered by the instance.
#[derive(Debug)]
pub(super) struct KeySet {
    address: Address,
    http: Option<SharedHttpClient>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    keys: HashMap<String, Jwk>,
    /// When the keys were read.
    read_at: Option<Timestamp>,
    /// When they may be read again.
    next: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

impl KeySet {
    pub(super) fn new(address: Address, http: Option<SharedHttpClient>) -> Self {
        Self {
            address,
            http,
            state: Mutex::default(),
        }
    }

    /// The key of this id. Reads the issuer's keys if it is not known or they are old, and not too often.
    ///
    /// Calls that need a reading wait for the one that does it.
    pub(super) async fn find(&self, id: &str, now: Timestamp) -> Result<Jwk, SessionError> {
        let mut state = self.state.lock().await;
        if state.wants_reading(id, now) {
            match self.read().await {
                Ok(keys) => *state = State::read(keys, now),
                Err(error) => {
                    state.next = Some(after(now, PAUSE_AFTER_FAILURE));
                    if !state.keys.contains_key(id) {
                        return Err(SessionError::Keys(error));
                    }
                    tracing::warn!(error = %Chain(&*error), "the issuer's keys could not be read again");
                }
            }
        }
        let found = state.keys.get(id).cloned();
        match found {
            None if state.read_at.is_none() => {
                Err(SessionError::Keys("a reading failed a moment ago".into()))
            }
            found => found.ok_or(SessionError::UnknownKey),
        }
    }

    async fn read(&self) -> Result<HashMap<String, Jwk>, Box<dyn std::error::Error + Send + Sync>> {
        let http = self.http.clone().ok_or("there is no HTTP client")?;
        let document: Document = serde_json::from_slice(&fetch(http, &self.address).await?)?;
        // An issuer may have keys of kinds that we do not know beside those that we do.
        let keys = document.keys.into_iter();
        let known = keys.filter_map(|key| serde_json::from_value::<Published>(key).ok()?.usable());
        Ok(known.collect())
    }
}

impl State {
    fn read(keys: HashMap<String, Jwk>, now: Timestamp) -> Self {
        Self {
            keys,
            read_at: Some(now),
            next: Some(after(now, PAUSE)),
        }
    }

    fn wants_reading(&self, id: &str, now: Timestamp) -> bool {
        let is_old = self
            .read_at
            .is_none_or(|at| now.as_second() - at.as_second() > MAX_AGE);
        let may = self.next.is_none_or(|next| next <= now);
        may && (is_old || !self.keys.contains_key(id))
    }
}

fn after(now: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(now.as_second() + seconds).unwrap_or(now)
}
