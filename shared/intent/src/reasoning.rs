use types::{Domain, Timestamp};

use crate::kind::PerKind;
use crate::observed::Observed;
use crate::text::{Day, one_line};
use crate::{Kind, Signal};

/// Kinds that get a sentence of their own.
const MAX_SENTENCES: usize = 2;

/// What the reasoning of a score says, but for the texts of signals.
#[derive(Clone, Debug)]
pub(crate) enum Facts {
    /// Nothing is known.
    Nothing,
    /// No signal is live: the newest, and how many there are.
    Old(Observed, usize),
    /// The live signals, those of kinds with more raw intent first.
    Live(Vec<Group>),
}

/// The live signals of one kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    kind: Kind,
    count: usize,
    newest: Observed,
    oldest: Timestamp,
}

impl Facts {
    /// The facts of these signals, newest first.
    pub(crate) fn of(observed: &[Observed], raw: &PerKind<f64>) -> Self {
        let Some(newest) = observed.first() else {
            return Self::Nothing;
        };
        let mut groups = groups(observed);
        if groups.is_empty() {
            return Self::Old(*newest, observed.len());
        }
        groups.sort_by(|a, b| raw[b.kind].total_cmp(&raw[a.kind]));
        Self::Live(groups)
    }

    /// The indexes of the signals whose texts it quotes.
    pub(crate) fn quoted(&self) -> Vec<usize> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Old(newest, _) => vec![newest.index],
            Self::Live(groups) => {
                let in_full = groups.iter().take(MAX_SENTENCES);
                in_full.map(|group| group.newest.index).collect()
            }
        }
    }

    /// One to three sentences on what was observed. `signal` returns a signal by its index.
    pub(crate) fn reasoning<'a>(
        &self,
        domain: &Domain,
        signal: &impl Fn(usize) -> Option<&'a Signal>,
    ) -> String {
        let quote = |known: &Observed| signal(known.index).map(quote).unwrap_or_default();
        let groups = match self {
            Self::Nothing => return format!("No signals are known for {domain}."),
            Self::Old(newest, count) => return nothing_recent(newest, *count, &quote(newest)),
            Self::Live(groups) => groups,
        };
        let (in_full, others) = groups.split_at(groups.len().min(MAX_SENTENCES));
        let in_full = in_full.iter();
        let mut sentences: Vec<String> = in_full
            .map(|group| sentence(group, &quote(&group.newest)))
            .collect();
        if !others.is_empty() {
            let others: Vec<String> = others.iter().map(mention).collect();
            sentences.push(format!("Also {}.", others.join(", ")));
        }
        sentences.join(" ")
    }
}

fn groups(observed: &[Observed]) -> Vec<Group> {
    let mut groups: PerKind<Option<Group>> = PerKind([None; Kind::ALL.len()]);
    for known in observed.iter().filter(|known| known.is_live()) {
        let signal = known.numbers;
        let group = groups[signal.kind].get_or_insert(Group {
            kind: signal.kind,
            count: 0,
            newest: *known,
            oldest: signal.observed_at,
        });
        group.count += 1;
        group.oldest = signal.observed_at;
    }
    groups.0.into_iter().flatten().collect()
}

fn nothing_recent(newest: &Observed, count: usize, quote: &str) -> String {
    let (kind, day) = (newest.numbers.kind, Day(newest.numbers.observed_at));
    match count {
        1 => format!("Nothing recent: the only signal, {kind}, is from {day}{quote}."),
        _ => {
            format!("Nothing recent: the latest of {count} signals, {kind}, is from {day}{quote}.")
        }
    }
}

fn sentence(group: &Group, quote: &str) -> String {
    let (kind, count) = (group.kind, group.count);
    let first = Day(group.oldest).to_string();
    let last = Day(group.newest.numbers.observed_at).to_string();
    if count == 1 {
        format!("1 {kind} signal on {last}{quote}.")
    } else if first == last {
        format!("{count} {kind} signals on {last}, the latest{quote}.")
    } else {
        format!("{count} {kind} signals since {first}, the latest on {last}{quote}.")
    }
}

fn mention(group: &Group) -> String {
    let (kind, day) = (group.kind, Day(group.newest.numbers.observed_at));
    match group.count {
        1 => format!("1 {kind} ({day})"),
        count => format!("{count} {kind} (latest {day})"),
    }
}

/// `: “evidence” (source)`, as far as there is either.
fn quote(signal: &Signal) -> String {
    let evidence = one_line(&signal.evidence, 100);
    let source = one_line(&signal.source, 40);
    match (evidence.as_str(), source.as_str()) {
        ("", "") => String::new(),
        ("", source) => format!(" ({source})"),
        (evidence, "") => format!(": “{evidence}”"),
        (evidence, source) => format!(": “{evidence}” ({source})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind::{Engagement, Funding, Hiring, News, Web};
    use crate::fixtures::{domain, now, signal};
    use crate::{Signal, score};
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(signals: &[Signal], text: &Expect) {
        text.assert_eq(&score(&domain(), signals, now()).reasoning);
    }

    fn seen(kind: Kind, age: i64, evidence: &str, source: &str) -> Signal {
        let (evidence, source) = (evidence.to_owned(), source.to_owned());
        Signal {
            source,
            evidence,
            ..signal(kind, 0.5, age)
        }
    }

    #[test]
    fn no_signals() {
        check(&[], &expect!["No signals are known for example.com."]);
    }

    #[test]
    fn one_signal() {
        check(
            &[seen(Hiring, 1, "Junior Software Engineer", "greenhouse")],
            &expect!["1 hiring signal on 23 May 2026: “Junior Software Engineer” (greenhouse)."],
        );
        check(
            &[seen(Hiring, 1, "", "greenhouse")],
            &expect!["1 hiring signal on 23 May 2026 (greenhouse)."],
        );
        check(
            &[seen(Hiring, 1, "", "")],
            &expect!["1 hiring signal on 23 May 2026."],
        );
    }

    #[test]
    fn several_of_a_kind() {
        let roles = [
            (12, "Data Analyst"),
            (1, "Junior Software Engineer"),
            (5, "Account Executive"),
        ];
        check(
            &roles.map(|(age, role)| seen(Hiring, age, role, "greenhouse")),
            &expect![
                "3 hiring signals since 12 May 2026, the latest on 23 May 2026: “Junior Software Engineer” (greenhouse)."
            ],
        );
        check(
            &roles.map(|(_, role)| seen(Hiring, 3, role, role)),
            &expect![
                "3 hiring signals on 21 May 2026, the latest: “Account Executive” (Account Executive)."
            ],
        );
    }

    #[test]
    fn several_kinds() {
        check(
            &[
                seen(Web, 9, "New pricing page", "crawl"),
                seen(News, 4, "Show HN", "hackernews"),
                seen(News, 8, "Ask HN", "hackernews"),
                seen(Funding, 30, "Form D, 12 M USD", "sec"),
                seen(Engagement, 2, "Demo request", "crm"),
            ],
            &expect![
                "1 engagement signal on 22 May 2026: “Demo request” (crm). 1 funding signal on 24 Apr 2026: “Form D, 12 M USD” (sec). Also 2 news (latest 20 May 2026), 1 web (15 May 2026)."
            ],
        );
    }

    #[test]
    fn old_signals() {
        check(
            &[seen(Engagement, 400, "Demo request", "crm")],
            &expect![
                "Nothing recent: the only signal, engagement, is from 19 Apr 2025: “Demo request” (crm)."
            ],
        );
        check(
            &[
                seen(Engagement, 400, "Demo request", "crm"),
                seen(News, 800, "", "hn"),
            ],
            &expect![
                "Nothing recent: the latest of 2 signals, engagement, is from 19 Apr 2025: “Demo request” (crm)."
            ],
        );
        // They are left out if there is a live one.
        check(
            &[
                seen(Hiring, 500, "Analyst", "lever"),
                seen(Hiring, 8, "Engineer", "lever"),
            ],
            &expect!["1 hiring signal on 16 May 2026: “Engineer” (lever)."],
        );
    }

    #[test]
    fn odd_evidence() {
        let long = format!("Senior\r\nEngineer \u{202e}“Ops”\t{}", "и".repeat(500));
        check(
            &[seen(Hiring, 1, &long, "indeed\n.com")],
            &expect![
                "1 hiring signal on 23 May 2026: “Senior Engineer “Ops” ииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииииии…” (indeed .com)."
            ],
        );
    }
}
