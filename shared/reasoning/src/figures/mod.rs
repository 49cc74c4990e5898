//! The numbers and dates of a text, and whether another text has them.
//!
//! Both texts are read by the same rules. What cannot be read with certainty (`10/3`, `Q1`, `3rd`) must be in the other text
//! verbatim, so that doubt leads to a refusal. `one` and `first` are not read as numbers: they are rarely meant as such.

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
    /// Text that is compared as it is, in lower case.
    Verbatim(String),
}

impl Figures {
    /// The figures of a text.
    pub(crate) fn of(text: &str) -> Self {
        let tokens = token::tokens(text);
        Self(Reader::new(&tokens).collect())
    }

    /// Whether each of `said` is one of these, or part of one: 3 March 2026 includes March 2026 and the year.
    pub(crate) fn cover(&self, said: &Self) -> bool {
        said.0.iter().all(|said| {
            self.0.contains(said) || self.0.iter().any(|known| known.is_more_precise_than(said))
        })
    }
}

impl Figure {
    fn is_more_precise_than(&self, said: &Self) -> bool {
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
