use std::sync::{Arc, Mutex};

use auth::Principal;
use quota::Limits;
use types::{Credits, RequestId};

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
    caller: Option<Principal>,
    limits: Limits,
    charged: Credits,
    waived: bool,
}

impl Visit {
    pub(crate) fn new(request: RequestId, route: &'static str) -> Self {
        Self {
            request,
            route,
            state: Arc::default(),
        }
    }

    pub(crate) fn set_caller(&self, caller: &Principal) {
        self.change(|state| state.caller = Some(caller.clone()));
    }

    pub(crate) fn set_limits(&self, limits: Limits) {
        self.change(|state| state.limits = limits);
    }

    pub(crate) fn charge(&self, price: Credits) {
        self.change(|state| state.charged = state.charged + price);
    }

    /// The answer has nothing in it that is paid for.
    pub(crate) fn waive(&self) {
        self.change(|state| state.waived = true);
    }

    pub(crate) fn caller(&self) -> Option<Principal> {
        self.read().caller
    }

    pub(crate) fn limits(&self) -> Limits {
        self.read().limits
    }

    /// What to give back after an answer that was `delivered` or not.
    pub(crate) fn owed(&self, delivered: bool) -> Option<(Principal, Credits)> {
        let state = self.read();
        let owed = state.charged != Credits::ZERO && (state.waived || !delivered);
        state
            .caller
            .filter(|_| owed)
            .map(|caller| (caller, state.charged))
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
