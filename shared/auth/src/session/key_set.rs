use std::collections::HashMap;
use std::error::Error;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use serde::Deserialize;
use types::{Chain, Clock, Timestamp};

use super::SessionError;
use super::fetch::{Address, fetch};
use super::jwk::{Jwk, Published};

/// Seconds between two fetches, from the end of the one to the next: callers must not make us call the issuer for each token.
const PAUSE: i64 = 30;
/// The same after a fetch that failed, as long as there are no keys at all, and from the beginning of one that was dropped.
const FIRST_PAUSE: i64 = 2;
/// Seconds after which the keys are fetched again, so that a key that the issuer withdrew is no longer accepted here.
const MAX_AGE: i64 = 3_600;
/// The most keys of a document.
const MAX_KEYS: usize = 64;

/// An issuer's public keys, cached by the instance.
#[derive(Debug)]
pub(super) struct KeySet {
    address: Address,
    http: Option<SharedHttpClient>,
    clock: Clock,
    state: Mutex<State>,
    /// Held by the one call that fetches.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    keys: HashMap<String, Jwk>,
    /// When the keys were fetched.
    fetched_at: Option<Timestamp>,
    /// Whether the last fetch failed.
    has_failed: bool,
    /// When they may be fetched again.
    next: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

type Failure = Box<dyn Error + Send + Sync>;

impl KeySet {
    pub(super) fn new(address: Address, http: Option<SharedHttpClient>, clock: Clock) -> Self {
        Self {
            address,
            http,
            clock,
            state: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// The key with this id. Fetches the issuer's keys if it is not known or they are old, unless they were fetched, or could
    /// not be, a moment ago. Waits for its own fetch only, 2 seconds at most.
    ///
    /// # Errors
    /// [`SessionError::Keys`] if the key may exist, but cannot be read now.
    pub(super) async fn find(&self, id: &str) -> Result<Jwk, SessionError> {
        let needs_fetch = || self.state().needs_fetch(id, self.clock.now());
        if needs_fetch() {
            let Ok(_turn) = self.turn.try_lock() else {
                let known = self.state().keys.get(id).cloned();
                return known.ok_or_else(|| unreadable(1, "another call is fetching them".into()));
            };
            // Another call may have fetched them just now.
            if needs_fetch() {
                self.refresh(id).await?;
            }
        }
        self.state().find(id, self.clock.now())
    }

    /// Fetches the keys. Fails only if the key with this id is not known.
    async fn refresh(&self, id: &str) -> Result<(), SessionError> {
        self.state().begin(self.clock.now());
        let fetched = self.fetch().await;
        let now = self.clock.now();
        let mut state = self.state();
        match fetched {
            Ok(keys) => *state = State::fetched(keys, now),
            Err(error) => {
                state.fail(now);
                if !state.keys.contains_key(id) {
                    return Err(unreadable(state.pause(), error));
                }
                tracing::warn!(error = %Chain(&*error), "the issuer's keys could not be fetched again");
            }
        }
        Ok(())
    }

    async fn fetch(&self) -> Result<HashMap<String, Jwk>, Failure> {
        let http = self.http.clone().ok_or("there is no HTTP client")?;
        let document: Document = serde_json::from_slice(&fetch(http, &self.address).await?)?;
        if document.keys.len() > MAX_KEYS {
            return Err(format!("{} keys, more than {MAX_KEYS}", document.keys.len()).into());
        }
        // An issuer may publish keys of kinds that we do not support.
        let keys = document.keys.into_iter();
        let known = keys.filter_map(|key| serde_json::from_value::<Published>(key).ok()?.usable());
        Ok(known.collect())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fetched(keys: HashMap<String, Jwk>, now: Timestamp) -> Self {
        Self {
            keys,
            fetched_at: Some(now),
            has_failed: false,
            next: Some(after(now, PAUSE)),
        }
    }

    /// As if it failed, until that is known: a call that is dropped while it waits has made its attempt.
    fn begin(&mut self, now: Timestamp) {
        self.has_failed = true;
        self.next = Some(after(now, FIRST_PAUSE));
    }

    fn fail(&mut self, now: Timestamp) {
        self.has_failed = true;
        self.next = Some(after(now, self.pause()));
    }

    /// Seconds from a failed fetch to the next.
    fn pause(&self) -> i64 {
        if self.keys.is_empty() {
            FIRST_PAUSE
        } else {
            PAUSE
        }
    }

    fn needs_fetch(&self, id: &str, now: Timestamp) -> bool {
        let is_old = self
            .fetched_at
            .is_none_or(|at| now.as_second() - at.as_second() > MAX_AGE);
        let may = self.next.is_none_or(|next| next <= now);
        may && (is_old || !self.keys.contains_key(id))
    }

    fn find(&self, id: &str, now: Timestamp) -> Result<Jwk, SessionError> {
        match self.keys.get(id) {
            Some(key) => Ok(key.clone()),
            None if self.has_failed => {
                let next = self.next.unwrap_or(now);
                let left = (next.as_second() - now.as_second()).max(1);
                Err(unreadable(left, "a fetch failed a moment ago".into()))
            }
            None => Err(SessionError::UnknownKey),
        }
    }
}

const fn unreadable(retry_after: i64, source: Failure) -> SessionError {
    SessionError::Keys {
        retry_after,
        source,
    }
}

fn after(now: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(now.as_second() + seconds).unwrap_or(now)
}
