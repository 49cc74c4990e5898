use intent::{MAX_SUBJECT_LENGTH, Texts, one_line};
use serde::Deserialize;
use types::Domain;

use crate::error::{Fault, ReasoningError};
use crate::figures::Figures;

/// The longest reasoning, in characters.
const MAX_REASONING: usize = 500;
/// The longest talk track, in characters.
const MAX_TALK_TRACK: usize = 700;
/// What a sentence may have besides letters, digits and spaces. No markup, `@`, format characters or signs of other scripts.
const PUNCTUATION: &str = ".,;:!?'’‘\"“”()-–—/&+%$€£¥…";

/// The object that the model is told to write.
#[derive(Deserialize)]
struct Output {
    reasoning: String,
    talk_track: String,
    email_subject: String,
}

/// The texts of a model's output for `document`, if all three keep the rules.
pub(crate) fn texts(
    output: &str,
    document: &str,
    domain: &Domain,
) -> Result<Texts, ReasoningError> {
    let output: Output = serde_json::from_str(object(output)).map_err(ReasoningError::Format)?;
    let shown = Figures::of(document);
    let fit = |name, text: &str, max| {
        let text = text.trim();
        match fault(text, max, &shown, domain) {
            Some(fault) => Err(ReasoningError::Rejected { text: name, fault }),
            None => Ok(text.to_owned()),
        }
    };
    Ok(Texts {
        reasoning: fit("reasoning", &output.reasoning, MAX_REASONING)?,
        talk_track: fit("talk track", &output.talk_track, MAX_TALK_TRACK)?,
        email_subject: fit("e-mail subject", &output.email_subject, MAX_SUBJECT_LENGTH)?,
    })
}

/// From the first brace to the last: models often wrap JSON in a code fence.
fn object(output: &str) -> &str {
    let (start, end) = (output.find('{'), output.rfind('}'));
    start
        .zip(end)
        .and_then(|(start, end)| output.get(start..=end))
        .unwrap_or(output)
}

fn fault(text: &str, max: usize, shown: &Figures, domain: &Domain) -> Option<Fault> {
    if text.is_empty() {
        Some(Fault::Empty)
    } else if text.chars().count() > max {
        Some(Fault::Long)
    } else if one_line(text, max) != text || !text.chars().all(in_a_sentence) {
        Some(Fault::Markup)
    } else if has_other_address(text, domain) {
        Some(Fault::Link)
    } else if !shown.cover(&Figures::of(text)) {
        Some(Fault::Invented)
    } else {
        None
    }
}

fn in_a_sentence(c: char) -> bool {
    // A digit of another script or a fraction would be a number that is not compared.
    let other_number = c.is_numeric() && !c.is_ascii_digit();
    c == ' ' || (c.is_alphanumeric() && !other_number) || PUNCTUATION.contains(c)
}

/// Whether a text has anything that a mail program turns into a link, other than the company's own domain.
fn has_other_address(text: &str, domain: &Domain) -> bool {
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

/// Whether a word is or contains `example.com` or `//example`; not `e.g` or `12.5M`.
fn is_address(word: &str) -> bool {
    let labels = word.split('.').skip(1);
    let mut letters = labels.map(|label| label.chars().take_while(|c| c.is_alphabetic()).count());
    word.contains("//") || letters.any(|letters| letters > 1)
}

#[cfg(test)]
mod tests;
