//! What holds after every fault.

use std::fmt;

use tests::{Plan, Reach};

use super::counted::Counted;
use super::run::{Faulted, Known, Step};
use crate::scenarios::Done;

/// The statuses of a call that failed and may be sent again.
const TEMPORARY: [u16; 2] = [503, 409];

/// The price of a call, in tenths of a credit.
const PRICE: i64 = 10;

/// What is wrong with a scenario by itself.
pub(super) fn without_a_fault(known: &Known) -> Vec<String> {
    let Known {
        act,
        before,
        first,
        again,
        ..
    } = known;
    let mut broken = Vec::new();
    if first.done.status != act.status {
        broken.push(format!("{:?}", first.done));
    }
    for state in [before, &first.state, &again.state] {
        broken.extend(state.problems.iter().cloned());
    }
    if act.is_repeatable {
        let more = again.state.contents.difference(&first.state.contents);
        let more = more.iter().filter(|line| !is_report(line));
        broken.extend(more.map(|line| format!("a repetition: {line}")));
    }
    broken
}

/// What does not hold after a run with a fault.
pub(super) fn broken(known: &Known, run: &Faulted, plan: Plan) -> Vec<String> {
    let first = &run.first;
    let mut broken = Vec::new();
    if !run.happened.met {
        broken.push("the fault met no request".to_owned());
    }
    for step in std::iter::once(first).chain(&run.later) {
        broken.extend(step.state.problems.iter().cloned());
    }
    let has_succeeded = first.done.status == known.first.done.status;
    if has_succeeded {
        let mut differences = differences(first, &known.first);
        let is_deferred = known.act.may_defer && first.state.contents == known.before.contents;
        differences.retain(|difference| {
            let is_left = is_deferred && matches!(difference, Difference::Content(_));
            !is_left && !may_be_left(known, plan, difference)
        });
        broken.extend(
            differences
                .iter()
                .map(|what| format!("with the fault: {what}")),
        );
    } else {
        if plan.reach == Reach::Once {
            broken.push("a fault at one request is seen".to_owned());
        }
        broken.extend(failure(known, first, plan));
    }
    // What failed has had its effect or not, so what follows is what follows on the one or the other.
    let last = run.later.last().unwrap_or(first);
    let is_in_part = !has_succeeded && !is_whole(known, first);
    let expected = [&known.first, &known.again].map(|expected| {
        let mut differences = differences(last, expected);
        differences.retain(|difference| !is_left_in_part(known, last, difference, is_in_part));
        differences
    });
    let nearest = expected
        .into_iter()
        .min_by_key(Vec::len)
        .unwrap_or_default();
    broken.extend(nearest.iter().map(|what| format!("afterwards: {what}")));
    broken
}

/// What is wrong with a call that failed.
fn failure(known: &Known, step: &Step, plan: Plan) -> Vec<String> {
    let mut broken = Vec::new();
    let Done {
        status,
        retry_after,
        text,
    } = &step.done;
    if !TEMPORARY.contains(status) {
        broken.push(format!("status {status}: {text}"));
    }
    if retry_after.is_none() {
        broken.push(format!("no Retry-After: {status} {text}"));
    }
    let most = known.first.counted.without_spend();
    let counted = step.counted.without_spend();
    if !counted.is_between(&Counted::default(), &most) {
        broken.push(format!("a failure counted {counted:?}"));
    }
    // A fault that also meets the release leaves the charge.
    let most = if plan.reach == Reach::Onwards {
        PRICE
    } else {
        0
    };
    let spent = step.counted.get("spent");
    if !(0..=most).contains(&spent) {
        broken.push(format!("a failure charged {spent} tenths"));
    }
    broken
}

/// How a step differs from one without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Difference {
    Status(String),
    Response(String),
    Counted(Counted, Counted),
    Content(String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(text) | Self::Response(text) | Self::Content(text) => f.write_str(text),
            Self::Counted(is, expected) => {
                write!(f, "counted {:?} instead of {:?}", is.0, expected.0)
            }
        }
    }
}

fn differences(step: &Step, expected: &Step) -> Vec<Difference> {
    let mut found = Vec::new();
    let (is, should) = (&step.done, &expected.done);
    if is.status != should.status {
        let text = format!(
            "status {} instead of {}: {}",
            is.status, should.status, is.text
        );
        found.push(Difference::Status(text));
    }
    if step.words != expected.words {
        let text = format!("response {} instead of {}", is.text, should.text);
        found.push(Difference::Response(text));
    }
    if step.counted != expected.counted {
        let counted = (step.counted.clone(), expected.counted.clone());
        found.push(Difference::Counted(counted.0, counted.1));
    }
    let contents = step.state.contents.difference(&expected.state.contents);
    found.extend(contents.into_iter().map(Difference::Content));
    found
}

/// Whether a success may leave this to the calls that follow.
fn may_be_left(known: &Known, plan: Plan, difference: &Difference) -> bool {
    match difference {
        // A computed score is stored for others, and a day that is over is closed, by the next call if not by this one.
        Difference::Content(line) => {
            // Without a stored response, the next request with its key runs, and finds what the first has created.
            let is_response = line.contains(" IDEM#");
            let is_closing = line.contains(" APIKEY#") && known.first.counted.get("keys") != 0;
            is_score(line) || is_response || is_closing
        }
        // A release whose every attempt fails is not made: the caller is left without the price of one call.
        Difference::Counted(is, expected) => {
            let meets_a_release = plan.at > 0
                && plan.reach != Reach::Once
                && known
                    .requests
                    .get(plan.at)
                    .is_some_and(|name| name.ends_with("UpdateItem"));
            let more = is.get("spent") - expected.get("spent");
            meets_a_release
                && is.without_spend() == expected.without_spend()
                && (0..=PRICE).contains(&more)
        }
        Difference::Status(_) | Difference::Response(_) => false,
    }
}

/// Whether a difference is the stored copy of a computed score, or its day's point.
fn is_score(line: &str) -> bool {
    line.contains(" intel COMPANY#") && (line.contains(" SCORE [") || line.contains(" POINT#"))
}

/// Whether a difference is in the report on an import, which says what its last run found done.
fn is_report(line: &str) -> bool {
    line.contains("object import/") && line.contains(".report.json")
}

/// Whether what a failed call left is none of its effects, or all of them.
fn is_whole(known: &Known, step: &Step) -> bool {
    let whole = [&known.before, &known.first.state];
    whole
        .iter()
        .any(|state| state.contents == step.state.contents)
}

/// Whether a difference is due to effects of a failed call that the next one found done, or to another secret that a key or a link
/// to a report got.
fn is_left_in_part(known: &Known, step: &Step, difference: &Difference, is_in_part: bool) -> bool {
    match difference {
        Difference::Content(line) if is_in_part && is_report(line) => true,
        // The refresher has no need of the copy: the next call that scores the company makes it.
        Difference::Content(line) if known.act.endpoint.is_none() && is_score(line) => true,
        Difference::Content(line) => {
            let secrets = [
                "+1 accounts KEY#[hash]",
                "+1 workspace REPORT#report_[id] LINK#[hash]",
            ];
            let is_secret = secrets.iter().any(|secret| line.starts_with(secret));
            known.act.is_repeatable && (is_secret || line.contains("another secret"))
        }
        Difference::Response(_) => is_in_part,
        Difference::Counted(..) => {
            let (first, again) = (&known.first.counted, &known.again.counted);
            step.counted.is_between(first, again)
        }
        Difference::Status(_) => false,
    }
}
