use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::{Error, Result};

use super::Passed;
use crate::costs::Cost;
use crate::http::Message;

/// What is counted so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    state: Mutex<State>,
    settled: Condvar,
}

#[derive(Debug, Default)]
struct State {
    cost: Cost,
    /// Why not everything is counted.
    error: Option<Error>,
    /// Requests that are being passed on. Their clients may have lost interest, but have made the call.
    passing: usize,
}

impl Tally {
    /// Passes a request on and counts it. It is counted before it is answered: whoever has the answer finds it counted.
    pub(super) fn count(&self, pass: impl FnOnce() -> Result<Passed>) -> Result<Message> {
        self.lock().passing += 1;
        let passed = pass();
        let mut state = self.lock();
        state.passing -= 1;
        self.settled.notify_all();
        let (answer, call) = passed?;
        match call {
            Ok((call, units)) => state.cost.add(call, units),
            Err(error) => state.error = Some(error),
        }
        Ok(answer)
    }

    /// What is counted since the last time, once nothing is being passed on.
    pub(super) fn take(&self) -> Result<Cost> {
        let state = self
            .settled
            .wait_while(self.lock(), |state| state.passing > 0);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        let State { cost, error, .. } = std::mem::take(&mut *state);
        error.map_or(Ok(cost), Err)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
