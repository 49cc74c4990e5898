use crate::text::{Day, one_line};
use crate::{Contribution, Direction, Kind, Score};

/// The longest e-mail subject in characters: what fits one header line (RFC 5322, 2.1.1).
pub const MAX_SUBJECT_LENGTH: usize = 78;

/// How a salesperson may open a call: as a model wrote it, or two to four sentences from the listed signals and the
/// momentum.
pub fn talk_track(score: &Score) -> String {
    if let Some(written) = &score.talk_track {
        return written.clone();
    }
    let Some(lead) = score.signals.first() else {
        return match score.more_signals {
            Some(_) => format!(
                "What is known of {} is too old or too faint to name. {ASK}",
                score.domain
            ),
            None => format!("Nothing is known of {} yet. {ASK}", score.domain),
        };
    };
    let mut sentences = vec![
        format!("Open with {}.", fact(lead)),
        question(lead.kind).to_owned(),
    ];
    if let Some(next) = score.signals.iter().find(|next| next.kind != lead.kind) {
        sentences.push(format!("Then bring up {}.", fact(next)));
    }
    sentences.extend(timing(score));
    sentences.join(" ")
}

/// A subject for a first e-mail, of at most 78 characters: as a model wrote it, or from the largest listed signal.
pub fn email_subject(score: &Score) -> String {
    if let Some(written) = &score.email_subject {
        return written.clone();
    }
    let domain = &score.domain;
    let subject = match score.signals.first().map(|lead| lead.kind) {
        None => format!("A question for the team at {domain}"),
        Some(Kind::Engagement) => format!("Following up with {domain}"),
        Some(Kind::Funding) => format!("After the funding: what comes next at {domain}?"),
        Some(Kind::Hiring) => format!("The open positions at {domain}"),
        Some(Kind::Leadership) => format!("The change of leadership at {domain}"),
        Some(Kind::Technology) => format!("The new tools at {domain}"),
        Some(Kind::Expansion) => format!("The expansion of {domain}"),
        Some(Kind::Product) => format!("The launch at {domain}"),
        Some(Kind::News) => format!("The news about {domain}"),
        Some(Kind::Filing) => format!("The recent filing of {domain}"),
        Some(Kind::Engineering) => format!("What {domain} is building"),
        Some(Kind::Web) => format!("What is new on {domain}"),
    };
    one_line(&subject, MAX_SUBJECT_LENGTH - 1)
}

const ASK: &str = "Open with a question about this quarter's priorities, not with a claim.";

fn fact(seen: &Contribution) -> String {
    let evidence = one_line(&seen.evidence, 100);
    let source = one_line(&seen.source, 40);
    let day = Day(seen.observed_at);
    let kind = seen.kind;
    match (evidence.as_str(), source.as_str()) {
        ("", "") => format!("the {kind} signal of {day}"),
        ("", source) => format!("the {kind} signal of {day} ({source})"),
        (evidence, "") => format!("{kind}: “{evidence}” ({day})"),
        (evidence, source) => format!("{kind}: “{evidence}” ({source}, {day})"),
    }
}

const fn question(kind: Kind) -> &'static str {
    match kind {
        Kind::Engagement => "Ask what they were looking for, and who else is part of the choice.",
        Kind::Funding => "Ask which plans the money is meant to speed up.",
        Kind::Hiring => "Ask what the new people have to deliver first.",
        Kind::Leadership => "Ask what is going to change first.",
        Kind::Technology => "Ask what led to the change, and what is still missing.",
        Kind::Expansion => "Ask what has to be in place before it opens.",
        Kind::Product => "Ask how it is received, and what takes more effort than planned.",
        Kind::News => "Ask what it changes in their plans.",
        Kind::Filing => "Ask what it means for this year's budget.",
        Kind::Engineering => "Ask what the team is building, and what slows it down.",
        Kind::Web => "Ask what the change prepares.",
    }
}

fn timing(score: &Score) -> Option<String> {
    let points = score.momentum.change?.unsigned_abs();
    match score.momentum.direction {
        Direction::Rising => Some(format!(
            "The score is {points} points above its 90-day mean: call now."
        )),
        Direction::Steady | Direction::Unknown => None,
        Direction::Falling => Some(format!(
            "The score is {points} points below its 90-day mean: check in lightly rather than pitch."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Signal;
    use crate::fixtures::{domain, now, signal};
    use expect_test::{Expect, expect};
    use types::Domain;

    #[track_caller]
    fn check(signals: &[Signal], track: &Expect, subject: &Expect) {
        let score = crate::score(&domain(), signals, now());
        track.assert_eq(&talk_track(&score));
        subject.assert_eq(&email_subject(&score));
    }

    #[test]
    fn nothing_to_name() {
        check(
            &[],
            &expect![
                "Nothing is known of example.com yet. Open with a question about this quarter's priorities, not with a claim."
            ],
            &expect!["A question for the team at example.com"],
        );
        check(
            &[signal(Kind::Hiring, 1.0, 3000)],
            &expect![
                "What is known of example.com is too old or too faint to name. Open with a question about this quarter's priorities, not with a claim."
            ],
            &expect!["A question for the team at example.com"],
        );
    }

    #[test]
    fn rising_on_two_kinds() {
        check(
            &[
                signal(Kind::Hiring, 0.9, 3),
                signal(Kind::Hiring, 0.5, 4),
                signal(Kind::Funding, 0.5, 40),
            ],
            &expect![
                "Open with hiring: “Seen in hiring” (sample, 21 May 2026). Ask what the new people have to deliver first. Then bring up funding: “Seen in funding” (sample, 14 Apr 2026). The score is 31 points above its 90-day mean: call now."
            ],
            &expect!["The open positions at example.com"],
        );
    }

    #[test]
    fn falling_without_evidence() {
        let mut seen = signal(Kind::Engagement, 1.0, 60);
        seen.evidence = "\n".to_owned();
        check(
            &[seen],
            &expect![
                "Open with the engagement signal of 25 Mar 2026 (sample). Ask what they were looking for, and who else is part of the choice. The score is 24 points below its 90-day mean: check in lightly rather than pitch."
            ],
            &expect!["Following up with example.com"],
        );
    }

    #[test]
    fn every_kind_has_a_subject_that_fits() {
        let long = Domain::parse(&format!("{}.com", "a".repeat(63))).unwrap();
        for kind in Kind::ALL {
            let score = crate::score(&long, &[signal(kind, 1.0, 0)], now());
            assert!(email_subject(&score).chars().count() <= MAX_SUBJECT_LENGTH);
            assert!(talk_track(&score).contains(kind.as_str()));
        }
    }
}
