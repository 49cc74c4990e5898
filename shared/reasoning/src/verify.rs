use intent::{MOST_OF_A_SUBJECT, Texts, one_line};
use serde::Deserialize;
use types::Domain;

use crate::error::{Fault, ReasoningError};
use crate::figures::Figures;

/// The longest reasoning, in characters.
const REASONING: usize = 500;
/// The longest talk track, in characters.
const TALK_TRACK: usize = 700;
/// What a sentence has beside letters, digits and spaces. No markup, `@`, format characters or signs of other scripts.
const PUNCTUATION: &str = ".,;:!?'’‘\"“”()-–—/&+%$€£¥…";

/// The object that the model is asked for.
#[derive(Deserialize)]
struct Answer {
    reasoning: String,
    talk_track: String,
    email_subject: String,
}

/// The texts of an answer to `document`, if all three keep the rules.
pub(crate) fn texts(
    answer: &str,
    document: &str,
    domain: &Domain,
) -> Result<Texts, ReasoningError> {
    let answer: Answer = serde_json::from_str(object(answer)).map_err(ReasoningError::Form)?;
    let shown = Figures::of(document);
    let fit = |name, text: &str, most| {
        let text = text.trim();
        match fault(text, most, &shown, domain) {
            Some(fault) => Err(ReasoningError::Unfit { text: name, fault }),
            None => Ok(text.to_owned()),
        }
    };
    Ok(Texts {
        reasoning: fit("reasoning", &answer.reasoning, REASONING)?,
        talk_track: fit("talk track", &answer.talk_track, TALK_TRACK)?,
        email_subject: fit("e-mail subject", &answer.email_subject, MOST_OF_A_SUBJECT)?,
    })
}

/// From the first brace to the last: models like to fence JSON in.
fn object(answer: &str) -> &str {
    let (start, end) = (answer.find('{'), answer.rfind('}'));
    start
        .zip(end)
        .and_then(|(start, end)| answer.get(start..=end))
        .unwrap_or(answer)
}

fn fault(text: &str, most: usize, shown: &Figures, domain: &Domain) -> Option<Fault> {
    if text.is_empty() {
        Some(Fault::Empty)
    } else if text.chars().count() > most {
        Some(Fault::Long)
    } else if one_line(text, most) != text || !text.chars().all(in_a_sentence) {
        Some(Fault::Markup)
    } else if leads_elsewhere(text, domain) {
        Some(Fault::Link)
    } else if !shown.cover(&Figures::of(text)) {
        Some(Fault::Invented)
    } else {
        None
    }
}

fn in_a_sentence(c: char) -> bool {
    // A digit of another script or a fraction would be a number that nobody compares.
    let foreign_number = c.is_numeric() && !c.is_ascii_digit();
    c == ' ' || (c.is_alphanumeric() && !foreign_number) || PUNCTUATION.contains(c)
}

/// Whether a text has anything that a mail program makes a link of, but the company's own domain.
fn leads_elsewhere(text: &str, domain: &Domain) -> bool {
    let apart = |c: char| c == ' ' || ",;()–—“”\"".contains(c);
    text.split(apart).any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
        let word = word
            .strip_suffix("'s")
            .or_else(|| word.strip_suffix("’s"))
            .unwrap_or(word);
        is_address(word) && !word.eq_ignore_ascii_case(domain.as_str())
    })
}

/// `example.com`, `//example`, and what is around them; not `e.g` or `12.5M`.
fn is_address(word: &str) -> bool {
    let labels = word.split('.').skip(1);
    let mut letters = labels.map(|label| label.chars().take_while(|c| c.is_alphabetic()).count());
    word.contains("//") || letters.any(|letters| letters > 1)
}

#[cfg(test)]
mod tests;
