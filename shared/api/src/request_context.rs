use std::sync::{Arc, Mutex};

use auth::Principal;
use endpoints::{Dialect, Endpoint};
use http::request::Parts;
use idempotency::Run;
use quota::Limits;
use types::{AccountId, Credits, KeyId, RequestId, Timestamp};

use crate::ApiError;

/// The state of one request while it is handled, shared by the extractors and the layer around them.
#[derive(Clone, Debug)]
pub(crate) struct RequestContext {
    pub(crate) id: RequestId,
    /// None for a route that is not in the table.
    pub(crate) endpoint: Option<&'static Endpoint>,
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Debug, Default)]
struct State {
    caller: Option<(AccountId, KeyId)>,
    key_expiry: Option<Timestamp>,
    limits: Limits,
    charged: Option<Charged>,
    admitted: bool,
    run: Option<Arc<Run>>,
}

/// What an admission charged, and how much of it is due for what was delivered.
#[derive(Clone, Debug)]
struct Charged {
    caller: Principal,
    price: Credits,
    delivered: Credits,
}

impl RequestContext {
    pub(crate) fn new(id: RequestId, endpoint: Option<&'static Endpoint>) -> Self {
        Self {
            id,
            endpoint,
            state: Arc::default(),
        }
    }

    /// The context of a request that [`crate::serve`] handles.
    pub(crate) fn of(parts: &Parts) -> Result<Self, ApiError> {
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or_else(|| ApiError::bug("the router is not served by api::serve"))
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.endpoint
            .map_or(Dialect::Standard, |endpoint| endpoint.dialect)
    }

    pub(crate) fn set_caller(&self, account: AccountId, key: KeyId) {
        self.change(|state| state.caller = Some((account, key)));
    }

    pub(crate) fn set_key_expiry(&self, expiry: Option<Timestamp>) {
        self.change(|state| state.key_expiry = expiry);
    }

    pub(crate) fn set_limits(&self, limits: Limits) {
        self.change(|state| state.limits = limits);
    }

    /// The caller may have the response: its access was checked as the endpoint requires.
    pub(crate) fn set_admitted(&self) {
        self.change(|state| state.admitted = true);
    }

    pub(crate) fn charge(&self, caller: &Principal, price: Credits) {
        let charged = Charged {
            caller: caller.clone(),
            price,
            delivered: price,
        };
        self.change(|state| state.charged = Some(charged));
    }

    /// Only this much of what was charged was delivered, which is not more.
    pub(crate) fn settle(&self, delivered: Credits) {
        self.change(|state| {
            if let Some(charged) = &mut state.charged {
                charged.delivered = delivered;
            }
        });
    }

    /// The call is idempotent, and this is its run.
    pub(crate) fn set_run(&self, run: Run) {
        self.change(|state| state.run = Some(Arc::new(run)));
    }

    pub(crate) fn take_run(&self) -> Option<Arc<Run>> {
        self.state.lock().ok()?.run.take()
    }

    pub(crate) fn caller(&self) -> Option<(AccountId, KeyId)> {
        self.read(|state| state.caller)
    }

    /// When the caller's key expires, if that is soon.
    pub(crate) fn key_expiry(&self) -> Option<Timestamp> {
        self.read(|state| state.key_expiry)
    }

    pub(crate) fn limits(&self) -> Limits {
        self.read(|state| state.limits)
    }

    pub(crate) fn is_admitted(&self) -> bool {
        self.read(|state| state.admitted)
    }

    /// The credits to refund after a response, and to whom. All of them if it is not a success.
    pub(crate) fn refund(&self, is_success: bool) -> Option<(Principal, Credits)> {
        let charged = self.read(|state| state.charged.take())?;
        let due = if is_success {
            charged.delivered
        } else {
            Credits::ZERO
        };
        let refund = charged.price - due;
        (refund != Credits::ZERO).then_some((charged.caller, refund))
    }

    fn change(&self, with: impl FnOnce(&mut State)) {
        if let Ok(mut state) = self.state.lock() {
            with(&mut state);
        }
    }

    fn read<T: Default>(&self, with: impl FnOnce(&mut State) -> T) -> T {
        self.state
            .lock()
            .map(|mut state| with(&mut state))
            .unwrap_or_default()
    }
}
