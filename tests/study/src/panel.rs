//! Cases with the samples that tell how sure their figures are.

use std::fmt;
use std::path::Path;

use anyhow::Result;
use jiff::civil::{Date, date};

use crate::auc::{Example, Ranking};
use crate::bootstrap::{Interval, Samples};
use crate::cases::{Case, Watched, cases};
use crate::companies::{Company, companies};
use crate::predictor::Predictor;

/// What is asked of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Does it open more than the median of its date?
    More,
    /// Does it open more than in as many days before?
    MoreThanBefore,
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::More => "Opens more than the median of its date",
            Self::MoreThanBefore => "Opens more than in the 60 days before",
        })
    }
}

/// Cases of one kind, and what is drawn from their companies.
#[derive(Debug)]
pub struct Panel<'a> {
    /// The cases of every date.
    pub cases: Vec<Case<'a>>,
    samples: Samples,
}

/// The companies of both kinds of source.
#[derive(Debug)]
pub struct Sources {
    list: Vec<Company>,
    boards: Vec<Company>,
}

/// The first of each month: their 60 days end before the list's last day, 24 October 2024.
const OF_THE_LIST: [Date; 10] = [
    date(2023, 11, 1),
    date(2023, 12, 1),
    date(2024, 1, 1),
    date(2024, 2, 1),
    date(2024, 3, 1),
    date(2024, 4, 1),
    date(2024, 5, 1),
    date(2024, 6, 1),
    date(2024, 7, 1),
    date(2024, 8, 1),
];

/// From a month after the boards' first day to 60 days before their last, 23 May 2026.
const OF_THE_BOARDS: [Date; 4] = [
    date(2026, 2, 15),
    date(2026, 3, 1),
    date(2026, 3, 15),
    date(2026, 3, 24),
];

impl Sources {
    /// Reads the files of a folder.
    pub fn read(folder: &Path) -> Result<Self> {
        Ok(Self {
            list: companies(folder, &["simplify"])?,
            boards: companies(folder, &["greenhouse", "lever", "workday"])?,
        })
    }

    /// The cases to fit on, those of the other companies of the same list, and those of the boards.
    pub fn panels(&self, samples: usize, seed: u64) -> [Panel<'_>; 3] {
        let draw = |companies: &[Company]| Samples::draw(companies.len(), samples, seed);
        let (fit, other) = cases(&self.list, &OF_THE_LIST, Watched::Always)
            .into_iter()
            .partition(|case| self.list.get(case.company).is_some_and(is_to_fit_on));
        let boards = cases(&self.boards, &OF_THE_BOARDS, Watched::Provably);
        [
            (fit, &self.list),
            (other, &self.list),
            (boards, &self.boards),
        ]
        .map(|(cases, companies)| Panel {
            cases,
            samples: draw(companies),
        })
    }
}

/// Half of all companies, by FNV-1a of the name (Fowler, Noll and Vo, RFC 9923).
fn is_to_fit_on(company: &Company) -> bool {
    let fold = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    company.name.bytes().fold(0xcbf2_9ce4_8422_2325, fold) & 1 == 0
}

impl<'a> Panel<'a> {
    /// The same with only the cases of which a predictor says something.
    #[must_use]
    pub fn known_to(self, predictor: Predictor) -> Self {
        let known = self
            .cases
            .into_iter()
            .filter(|case| predictor.of(case).is_some());
        Self {
            cases: known.collect(),
            samples: self.samples,
        }
    }

    /// The cases in the order a predictor gives them.
    pub fn ranking(&self, predictor: Predictor, question: Question) -> Ranking {
        let example = |case: &Case<'a>| {
            Some(Example {
                company: case.company,
                date: case.date,
                value: predictor.of(case)?,
                positive: match question {
                    Question::More => case.more,
                    Question::MoreThanBefore => case.more_than_before,
                },
            })
        };
        Ranking::new(self.cases.iter().filter_map(example).collect())
    }

    /// The area under the ROC curve.
    pub fn auc(&self, ranking: &Ranking) -> Interval {
        self.samples.interval(|times| ranking.auc(times))
    }

    /// By how much the area of the first is larger.
    pub fn gain(&self, first: &Ranking, second: &Ranking) -> Interval {
        self.samples
            .interval(|times| first.auc(times) - second.auc(times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_half_of_the_names_are_to_fit_on() {
        let name = |n| Company {
            name: format!("company {n}"),
            postings: Vec::new(),
            head_count: None,
        };
        let to_fit_on = (0..1000).filter(|n| is_to_fit_on(&name(*n))).count();
        assert!((400..600).contains(&to_fit_on), "{to_fit_on}");
    }
}
