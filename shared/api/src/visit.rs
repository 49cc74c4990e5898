use std::sync::{Arc, Mutex};

use auth::Principal;
use http::request::Parts;
use idempotency::{Answer, Run};
use quota::Limits;
use types::{AccountId, Credits, KeyId, RequestId, Timestamp};

use crate::{ApiError, Code};

/// What is known of one request while it is answered, shared by the extractors and the layer around them.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) request: RequestId,
    /// The code of the route.
    pub(crate) route: &'static str,
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Debug, Default)]
struct State {
    caller: Option<(AccountId, KeyId)>,
    key_end: Option<Timestamp>,
    limits: Limits,
    charged: Option<(Principal, Credits)>,
    waived: bool,
    run: Option<Arc<Run>>,
    replay: Option<Answer>,
}

impl Visit {
    pub(crate) fn new(request: RequestId, route: &'static str) -> Self {
        Self {
            request,
            route,
            state: Arc::default(),
        }
    }

    /// The visit that a request is.
    pub(crate) fn of(parts: &Parts) -> Result<Self, ApiError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| ApiError::new(Code::Internal, "the router is not served by api::serve"))
    }

    pub(crate) fn set_caller(&self, account: AccountId, key: KeyId) {
        self.change(|state| state.caller = Some((account, key)));
    }

    pub(crate) fn set_key_end(&self, end: Option<Timestamp>) {
        self.change(|state| state.key_end = end);
    }

    pub(crate) fn set_limits(&self, limits: Limits) {
        self.change(|state| state.limits = limits);
    }

    pub(crate) fn charge(&self, caller: &Principal, price: Credits) {
        self.change(|state| {
            let before = state.charged.take().map_or(Credits::ZERO, |(_, sum)| sum);
            state.charged = Some((caller.clone(), before + price));
        });
    }

    /// The answer has nothing in it that is paid for.
    pub(crate) fn waive(&self) {
        self.change(|state| state.waived = true);
    }

    /// The call is done once, and this is its run.
    pub(crate) fn set_run(&self, run: Run) {
        self.change(|state| state.run = Some(Arc::new(run)));
    }

    /// The call was done before, and this is its answer.
    pub(crate) fn set_replay(&self, answer: Answer) {
        self.change(|state| state.replay = Some(answer));
    }

    pub(crate) fn take_run(&self) -> Option<Arc<Run>> {
        self.state.lock().ok()?.run.take()
    }

    pub(crate) fn take_replay(&self) -> Option<Answer> {
        self.state.lock().ok()?.replay.take()
    }

    pub(crate) fn caller(&self) -> Option<(AccountId, KeyId)> {
        self.read().caller
    }

    /// When the caller's key ends by itself, if that is soon.
    pub(crate) fn key_end(&self) -> Option<Timestamp> {
        self.read().key_end
    }

    pub(crate) fn limits(&self) -> Limits {
        self.read().limits
    }

    /// What to give back after an answer that was `delivered` or not.
    pub(crate) fn owed(&self, delivered: bool) -> Option<(Principal, Credits)> {
        let state = self.read();
        let owed = |price: Credits| price != Credits::ZERO && (state.waived || !delivered);
        state.charged.filter(|(_, price)| owed(*price))
    }

    fn change(&self, with: impl FnOnce(&mut State)) {
        if let Ok(mut state) = self.state.lock() {
            with(&mut state);
        }
    }

    fn read(&self) -> State {
        self.state
            .lock()
            .map(|state| state.clone())
            .unwrap_or_default()
    }
}
