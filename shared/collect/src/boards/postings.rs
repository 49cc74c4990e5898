use intent::{Kind, Signal};
use types::Timestamp;

use super::board::Posting;
use crate::matched_by::MatchedBy;
use crate::observation::{Observation, newest};
use crate::source::Source;

/// The signals of open positions, weighed as imported postings are: docs/decisions/0010.
pub(crate) fn signals(
    source: Source,
    postings: &[Posting],
    matched_by: MatchedBy,
    now: Timestamp,
) -> Vec<Signal> {
    let (factor, doubt) = (matched_by.factor(), matched_by.doubt());
    let signal = |posting: &Posting| {
        let (kind, strength) = weigh(&posting.title);
        let location = posting
            .location
            .as_deref()
            .filter(|location| !location.trim().is_empty());
        let location = location.map_or(String::new(), |location| format!(" in {location}"));
        let observation = Observation {
            kind,
            strength: strength * factor,
            at: posting.at?,
            id: &posting.id,
            evidence: format!("Job posting “{}”{location}{doubt}", posting.title.trim()),
            url: posting.url.as_deref(),
        };
        observation.signal(source)
    };
    newest(postings.iter().filter_map(signal).collect(), now)
}

fn weigh(title: &str) -> (Kind, f64) {
    let title = title.trim().to_lowercase();
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |names: &[&str]| names.iter().any(|name| words.contains(name));
    if has(&["intern", "internship", "trainee", "apprentice"]) {
        return (Kind::Hiring, 0.3);
    }
    let leads = [
        "head of ",
        "vp of ",
        "vp, ",
        "vice president of ",
        "chief ",
        "cto",
        "cfo",
        "ceo",
        "coo",
        "cmo",
        "cro",
        "ciso",
    ];
    let leads = leads.iter().any(|office| title.starts_with(office));
    if leads && !has(&["analyst", "associate", "assistant", "office"]) {
        (Kind::Leadership, 0.7)
    } else {
        (Kind::Hiring, 0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_weighed() {
        assert_eq!(weigh("Head of Sales"), (Kind::Leadership, 0.7));
        assert_eq!(
            weigh("Chief of Staff, Office of the CEO"),
            (Kind::Hiring, 0.5)
        );
        assert_eq!(weigh("Software Engineer"), (Kind::Hiring, 0.5));
        assert_eq!(weigh("CFO Intern"), (Kind::Hiring, 0.3));
    }
}
