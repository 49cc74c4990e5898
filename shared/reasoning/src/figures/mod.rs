//! The numbers and dates of a text, and whether another text has them.
//!
//! Both sides are read by the same rules. What is read as nothing certain (`10/3`, `Q1`, `3rd`) has to stand in the other
//! text letter by letter, so that a doubt refuses. `one` and `first` are no numbers: they seldom count.

mod lexicon;
mod number;
mod reader;
mod token;

use std::collections::BTreeSet;

use number::Number;
use reader::Reader;

/// The numbers and dates of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures(BTreeSet<Figure>);

/// A number or a date.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Figure {
    /// A day, a month of a year, a day of any year, or a month.
    Date {
        year: Option<u16>,
        month: u8,
        day: Option<u8>,
    },
    /// A number, with the unit that changes its meaning: a currency, a percent sign, a time.
    Quantity {
        number: Number,
        unit: Option<&'static str>,
    },
    /// What is only the same if it is the same text, in lower case.
    Verbatim(String),
}

impl Figures {
    /// Those of a text.
    pub(crate) fn of(text: &str) -> Self {
        let tokens = token::tokens(text);
        Self(Reader::new(&tokens).collect())
    }

    /// Whether each of `said` is one of these, or part of one: 3 March 2026 covers March 2026 and the year.
    pub(crate) fn cover(&self, said: &Self) -> bool {
        said.0.iter().all(|said| {
            self.0.contains(said) || self.0.iter().any(|known| known.says_more_than(said))
        })
    }
}

impl Figure {
    fn says_more_than(&self, said: &Self) -> bool {
        match (self, said) {
            (
                Self::Date { year, month, day },
                Self::Date {
                    year: of,
                    month: in_month,
                    day: on,
                },
            ) => month == in_month && (of.is_none() || year == of) && (on.is_none() || day == on),
            (Self::Date { year, .. }, Self::Quantity { number, unit: None }) => {
                year.is_some_and(|year| *number == Number::from(u64::from(year)))
            }
            (
                Self::Quantity {
                    number,
                    unit: Some(unit),
                },
                Self::Quantity {
                    number: said,
                    unit: None,
                },
            ) => number == said && lexicon::is_currency(unit),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
