//! Runs of a scenario, with a fault and without.

use std::collections::BTreeSet;

use tests::{Faults, Happened, Plan, TestApp};
use types::Timestamp;

use super::counted::Counted;
use super::normal;
use super::state::State;
use crate::scenarios::{Act, Done, Scenario, Stage};

/// How often an act is done again until it comes to an end.
const MOST_REPETITIONS: usize = 4;

/// Of these, how many are done when the response says so; the others are done later.
const AS_TOLD: usize = 2;

/// Seconds after which a message that failed was delivered again, a lease has run out, and the refresher has tried again what
/// failed.
const REDELIVERY: i64 = 900;

/// An act that was done, and the state that it left.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) done: Done,
    /// Its response without what is random.
    pub(super) words: Vec<String>,
    pub(super) state: State,
    /// What it has counted.
    pub(super) counted: Counted,
}

/// A scenario without a fault: before its act, after it, and after it was done again.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) act: Act,
    pub(super) before: State,
    pub(super) first: Step,
    pub(super) again: Step,
    /// The operations of the act's requests.
    pub(super) requests: Vec<String>,
}

/// A run with a fault.
#[derive(Clone, Debug)]
pub(super) struct Faulted {
    pub(super) first: Step,
    /// What was done afterwards, without a fault.
    pub(super) later: Vec<Step>,
    pub(super) happened: Happened,
}

/// A scenario that is set up.
struct Ready {
    app: TestApp,
    faults: Faults,
    act: Act,
    sent: BTreeSet<String>,
    state: State,
}

impl Ready {
    async fn new(scenario: &Scenario) -> Self {
        let app = TestApp::new().await;
        let faults = Faults::default();
        let on = Stage {
            app: app.clone(),
            subject: app.with_faults(&faults),
            is_small: true,
        };
        let act = scenario.set_up(on).await;
        let mut sent = BTreeSet::new();
        let state = State::of(&app, &mut sent).await;
        Self {
            app,
            faults,
            act,
            sent,
            state,
        }
    }

    async fn step(&mut self, plan: Option<Plan>) -> (Step, Happened) {
        let now: Timestamp = self.app.clock.now();
        let (done, happened) = self.faults.run(plan, self.act.run()).await;
        let state = State::of(&self.app, &mut self.sent).await;
        let counted = &state.counted.at(now) - &self.state.counted.at(now);
        self.state = state.clone();
        let words = normal::words(&done.text);
        (
            Step {
                done,
                words,
                state,
                counted,
            },
            happened,
        )
    }
}

impl Known {
    /// Runs a scenario without a fault.
    pub(super) async fn of(scenario: &Scenario) -> Self {
        let mut ready = Ready::new(scenario).await;
        let before = ready.state.clone();
        let (first, happened) = ready.step(None).await;
        let (again, _) = ready.step(None).await;
        Self {
            act: ready.act,
            before,
            first,
            again,
            requests: happened.requests,
        }
    }
}

impl Faulted {
    /// Runs a scenario with a fault, and then again without one until it is through.
    pub(super) async fn of(scenario: &Scenario, plan: Plan, known: &Known) -> Self {
        let mut ready = Ready::new(scenario).await;
        let (first, happened) = ready.step(Some(plan)).await;
        let mut later: Vec<Step> = Vec::new();
        let ended = [&known.first, &known.again];
        let has_ended = |step: &Step| {
            ended
                .iter()
                .any(|known| known.done.status == step.done.status)
        };
        let is_healed = |step: &Step| {
            let contents = |known: &&Step| known.state.contents == step.state.contents;
            has_ended(step) && (!known.act.is_repeatable || ended.iter().any(contents))
        };
        while later.is_empty()
            || (later.len() < MOST_REPETITIONS && !later.last().is_some_and(is_healed))
        {
            let last = later.last().unwrap_or(&first);
            let wait = match last.done.retry_after {
                _ if later.is_empty() && has_ended(last) => 0,
                Some(seconds) if seconds > 0 && later.len() < AS_TOLD => seconds,
                _ => REDELIVERY,
            };
            ready.app.clock.advance(wait);
            later.push(ready.step(None).await.0);
        }
        Self {
            first,
            later,
            happened,
        }
    }
}
