//! One protocol over time: what sources state goes in, scores and events come out.

use jiff::{SignedDuration, Span};
use serde::{Deserialize, Serialize};
use types::{Date, Timestamp, date_of, midnight};

use crate::{
    Anomaly, Breaker, Component, Event, Facts, METHODOLOGY_VERSION, Observed, Pause, Reading,
    Score, ScoringProfile, State, Statement, Status, Step, events, score, score_with,
};

/// The hour of the day, UTC, at which every protocol is scored whatever happens: a score depends on the age of its data.
const DAILY_HOUR: i64 = 6;

/// All that is known of a protocol, and how far it is scored. A new one is `default()`.
///
/// It is scored at 06:00 UTC of each day, and when a source states something new. Nothing depends on when [`Monitor::run`] is called, only on
/// what is stated: two runs give what one over the same time gives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Monitor {
    facts: Facts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    /// When status and checks were stated, which have no place in [`Facts::observed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checked_at: Option<Timestamp>,
    breaker: Breaker,
    /// What the last score was made of, if that is not `facts`: scoring is paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_good: Option<Facts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scored_at: Option<Timestamp>,
    /// The time up to which it has been run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    run_to: Option<Timestamp>,
    /// The reading that the last `aum_change` was about: changes before it have been reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aum_reported_at: Option<Timestamp>,
}

/// One step of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Advance {
    /// When it was.
    pub at: Timestamp,
    /// The score, or none while scoring is paused.
    pub point: Option<HistoryPoint>,
    /// What it means for those who watch.
    pub events: Vec<Event>,
    /// The protocol after the step, if something new was stated, and at the first step of each month. Between two of these it can be
    /// computed: by [`Monitor::run`] without statements.
    pub monitor: Option<Box<Monitor>>,
}

/// A score of the past.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryPoint {
    /// When it was computed; of what was stated late, when it would have been.
    pub at: Timestamp,
    /// Points, 0 to 100, if enough was known.
    pub score: Option<u8>,
    /// AUM then, US dollars, if known.
    pub aum_usd: Option<f64>,
    /// The methodology then.
    pub methodology_version: String,
}

impl Monitor {
    /// What is known now. While scoring is paused the last score is of other facts.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Whether it can be bought and redeemed, if known.
    pub const fn status(&self) -> Option<Status> {
        self.status
    }

    /// Why scoring is paused, if it is.
    pub const fn pause(&self) -> Option<&Pause> {
        self.breaker.pause()
    }

    /// When the score was computed, if there is one. That of a paused protocol is the last good one.
    pub const fn scored_at(&self) -> Option<Timestamp> {
        self.scored_at
    }

    /// The time up to which it has been run.
    pub const fn run_to(&self) -> Option<Timestamp> {
        self.run_to
    }

    /// The newest date of what its score is made of, if anything has one.
    pub fn newest(&self) -> Option<Timestamp> {
        let observed = self.scored_facts().observed.values();
        observed.map(|observed| observed.at).max()
    }

    /// The facts that the last score was made of.
    pub fn scored_facts(&self) -> &Facts {
        self.last_good.as_ref().unwrap_or(&self.facts)
    }

    /// The last good score by the standard methodology.
    pub fn score(&self) -> Option<Score> {
        let at = self.scored_at?;
        Some(score(self.scored_facts(), at))
    }

    /// The same by a customer's weights and caps.
    pub fn score_with(&self, profile: &ScoringProfile) -> Option<Score> {
        let at = self.scored_at?;
        Some(score_with(profile, self.scored_facts(), at))
    }

    /// Takes in what sources state, in any order, and scores it up to `now`. What is dated later than `now` is not looked at.
    ///
    /// A statement about a time after the last run is scored as of that time, with all daily scores up to it: a series of the past
    /// becomes a history. A later word on a time before it counts from `now` on, and not for scores that have been.
    pub fn run(&mut self, mut statements: Vec<Statement>, now: Timestamp) -> Vec<Advance> {
        statements.retain(|statement| statement.at <= now);
        statements.sort_by_key(|statement| statement.at);
        let is_late = |statement: &Statement| self.run_to.is_some_and(|done| statement.at <= done);
        let in_time = statements.partition_point(is_late);
        let (late, in_time) = statements.split_at(in_time);
        let mut advances = Vec::new();
        for stated in in_time.chunk_by(|one, next| one.at == next.at) {
            let at = stated.first().map_or(now, |statement| statement.at);
            self.take_all(stated, at, &mut advances);
        }
        self.take_all(late, now, &mut advances);
        advances
    }

    /// Ends a pause by the operator's word. Readings that were held become good ones. Nothing if it is not paused.
    pub fn resume(&mut self, now: Timestamp) -> Vec<Advance> {
        let mut advances = Vec::new();
        let before = self.run_days(now, &mut advances);
        if self.breaker.resume() == Step::Resumed {
            self.believe();
            let (step, _) = self.step(now, &before, None, true);
            advances.push(step);
        }
        advances
    }

    /// Takes in statements that count from `at` on, after all daily scores up to then.
    fn take_all(&mut self, statements: &[Statement], at: Timestamp, advances: &mut Vec<Advance>) {
        let before = self.run_days(at, advances);
        let scored = self.facts.clone();
        let mut is_new = false;
        for statement in statements {
            is_new |= self.take(statement);
        }
        if is_new {
            let (step, _) = self.step(at, &before, Some(scored), true);
            advances.push(step);
        }
    }

    /// The daily scores after the last step, up to `until`. Returns what the next step compares with.
    fn run_days(&mut self, until: Timestamp, advances: &mut Vec<Advance>) -> State {
        let mut before = self.state();
        let Some(done) = self.run_to else {
            return before;
        };
        let mut date = date_of(done);
        loop {
            let at = midnight(date) + SignedDuration::from_hours(DAILY_HOUR);
            if at > until {
                break;
            }
            if at > done {
                if let Some(observed) = self.facts.observed.get(&Component::Aum) {
                    self.breaker.check(at, observed.cadence);
                }
                let is_first = date.month() != self.run_to.map_or(date, date_of).month();
                let (step, after) = self.step(at, &before, None, is_first);
                advances.push(step);
                before = after;
            }
            let Ok(next) = date.checked_add(Span::new().days(1)) else {
                break;
            };
            date = next;
        }
        before
    }

    /// Scores what is known at `at`, unless it is paused. `scored` are the facts before, if they may be others now. Returns the step and what
    /// the next one compares with.
    fn step(
        &mut self,
        at: Timestamp,
        before: &State,
        scored: Option<Facts>,
        keep: bool,
    ) -> (Advance, State) {
        self.run_to = Some(at);
        let is_paused = self.pause().is_some();
        if !is_paused {
            (self.last_good, self.scored_at) = (None, Some(at));
        } else if self.scored_at.is_some() && self.last_good.is_none() {
            self.last_good = Some(scored.unwrap_or_else(|| self.facts.clone()));
        }
        let after = self.state();
        let point = (!is_paused).then(|| HistoryPoint {
            at,
            score: after.score,
            aum_usd: self.facts.aum_usd,
            methodology_version: METHODOLOGY_VERSION.to_owned(),
        });
        let events = events(before, &after, 1);
        let is_aum_change = |event: &Event| matches!(event, Event::AumChange { .. });
        if events.iter().any(is_aum_change) {
            self.aum_reported_at = self.breaker.last_good().map(|reading| reading.at);
        }
        let step = Advance {
            at,
            point,
            events,
            monitor: keep.then(|| Box::new(self.clone())),
        };
        (step, after)
    }

    /// Takes in a statement; whether it says anything new.
    fn take(&mut self, statement: &Statement) -> bool {
        let Statement {
            at, facts: stated, ..
        } = statement;
        let mut is_new = stated.aum_usd.is_some_and(|usd| {
            let reading = Reading {
                at: *at,
                aum_usd: usd,
            };
            let step = self.breaker.observe(reading);
            if matches!(step, Step::Accepted | Step::Resumed) {
                let observed = statement.observed(Component::Aum);
                self.facts.observed.insert(Component::Aum, observed);
                self.believe();
            }
            step != Step::Ignored
        });
        for component in statement.components() {
            let observed = self.facts.observed.get(&component);
            if observed.is_some_and(|observed| observed.at > *at) {
                continue;
            }
            let mut told = self.facts.clone();
            told.state(component, stated);
            let observed = statement.observed(component);
            told.observed.insert(component, observed);
            is_new |= told != self.facts;
            self.facts = told;
        }
        if statement.has_checks() && self.checked_at.is_none_or(|known| known <= *at) {
            let told = self.facts.checks.with(&stated.checks);
            is_new |= told != self.facts.checks;
            (self.facts.checks, self.checked_at) = (told, Some(*at));
        }
        if statement.status.is_some() && self.status_at.is_none_or(|known| known <= *at) {
            is_new |= statement.status != self.status;
            (self.status, self.status_at) = (statement.status, Some(*at));
        }
        is_new
    }

    /// Makes the last good reading the AUM that is scored.
    fn believe(&mut self) {
        self.facts.aum_usd = self.breaker.last_good().map(|reading| reading.aum_usd);
    }

    /// What events are derived from.
    fn state(&self) -> State {
        let at = self.run_to;
        let is_stale = |observed: &Observed| at.is_some_and(|at| observed.is_stale(at));
        let unreported =
            |reading: &&Reading| self.aum_reported_at.is_none_or(|at| reading.at >= at);
        let good = self.breaker.good();
        State {
            score: self.score().and_then(|score| score.score),
            aum: self.breaker.last_good(),
            aum_before: good.iter().filter(unreported).copied().collect(),
            jurisdiction: self.facts.jurisdiction,
            status: self.status,
            stale: self.facts.observed.values().any(is_stale),
            paused: self.anomaly(),
        }
    }

    /// The reason of the pause, if scoring is paused.
    pub fn anomaly(&self) -> Option<Anomaly> {
        self.pause().map(|pause| pause.reason)
    }
}

impl HistoryPoint {
    /// Its UTC day.
    pub fn date(&self) -> Date {
        date_of(self.at)
    }
}

#[cfg(test)]
mod tests;
