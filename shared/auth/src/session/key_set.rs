use std::collections::HashMap;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use serde::Deserialize;
use tokio::sync::Mutex;
use types::{Chain, Timestamp};

use super::SessionError;
use super::fetch::{Address, fetch};
use super::jwk::{Jwk, Published};

/// Seconds between two fetches for unknown key ids: callers must not make us call the issuer for each token.
const FETCH_INTERVAL: i64 = 30;
/// The same after a fetch that failed.
const RETRY_INTERVAL: i64 = 2;
/// Seconds after which the keys are fetched again, so that a key that the issuer withdrew is no longer accepted here.
const MAX_AGE: i64 = 3_600;

/// An issuer's public keys, cached by the instance.
#[derive(Debug)]
pub(super) struct KeySet {
    address: Address,
    http: Option<SharedHttpClient>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    keys: HashMap<String, Jwk>,
    /// When the keys were fetched.
    fetched_at: Option<Timestamp>,
    /// When they may be fetched again.
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

    /// The key with this id. Fetches the issuer's keys if it is not known or they are old, at most once an interval.
    ///
    /// Calls that need a fetch wait for the one that is in flight.
    pub(super) async fn find(&self, id: &str, now: Timestamp) -> Result<Jwk, SessionError> {
        let mut state = self.state.lock().await;
        if state.needs_fetch(id, now) {
            match self.fetch().await {
                Ok(keys) => *state = State::fetched(keys, now),
                Err(error) => {
                    state.next = Some(after(now, RETRY_INTERVAL));
                    if !state.keys.contains_key(id) {
                        return Err(SessionError::Keys(error));
                    }
                    tracing::warn!(error = %Chain(&*error), "the issuer's keys could not be fetched again");
                }
            }
        }
        let found = state.keys.get(id).cloned();
        match found {
            None if state.fetched_at.is_none() => {
                Err(SessionError::Keys("a fetch failed a moment ago".into()))
            }
            found => found.ok_or(SessionError::UnknownKey),
        }
    }

    async fn fetch(
        &self,
    ) -> Result<HashMap<String, Jwk>, Box<dyn std::error::Error + Send + Sync>> {
        let http = self.http.clone().ok_or("there is no HTTP client")?;
        let document: Document = serde_json::from_slice(&fetch(http, &self.address).await?)?;
        // An issuer may publish keys of kinds that we do not support.
        let keys = document.keys.into_iter();
        let known = keys.filter_map(|key| serde_json::from_value::<Published>(key).ok()?.usable());
        Ok(known.collect())
    }
}

impl State {
    fn fetched(keys: HashMap<String, Jwk>, now: Timestamp) -> Self {
        Self {
            keys,
            fetched_at: Some(now),
            next: Some(after(now, FETCH_INTERVAL)),
        }
    }

    fn needs_fetch(&self, id: &str, now: Timestamp) -> bool {
        let is_old = self
            .fetched_at
            .is_none_or(|at| now.as_second() - at.as_second() > MAX_AGE);
        let may = self.next.is_none_or(|next| next <= now);
        may && (is_old || !self.keys.contains_key(id))
    }
}

fn after(now: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(now.as_second() + seconds).unwrap_or(now)
}
