//! Companies at dates: what was known by then, and what came after.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::companies::{Company, Posting};

/// A company at a date.
#[derive(Debug)]
pub struct Case<'a> {
    /// Its place in the list of companies.
    pub company: usize,
    /// The place of its date in the list of dates.
    pub date: usize,
    /// The day at whose end it stands.
    pub at: Date,
    /// Its postings opened by then, oldest first.
    pub known: &'a [Posting],
    /// As the directory has it.
    pub head_count: Option<u32>,
    /// Positions it opened in the 60 days after.
    pub opened: u32,
    /// Whether these are more than the median of the cases of the date.
    pub more: bool,
    /// Whether these are more than in the 60 days before.
    pub more_than_before: bool,
}

/// Which companies of a date are in the panel, of those with a position opened in the year before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watched {
    /// All: one list was kept all the time.
    Always,
    /// Those whose board was provably watched by the date, and still was in the week before.
    Provably,
}

/// The days after a date in which openings are counted.
const AHEAD: i64 = 60;

/// The cases of every date.
pub fn cases<'a>(companies: &'a [Company], dates: &[Date], watched: Watched) -> Vec<Case<'a>> {
    let mut all = Vec::new();
    for (date, at) in dates.iter().enumerate() {
        let of_date = companies
            .iter()
            .enumerate()
            .filter_map(|(index, company)| case(index, company, date, *at, watched));
        let mut of_date: Vec<_> = of_date.collect();
        let median = median(of_date.iter().map(|case| case.opened));
        for case in &mut of_date {
            case.more = case.opened > median;
        }
        all.append(&mut of_date);
    }
    all
}

fn case(
    index: usize,
    company: &Company,
    date: usize,
    at: Date,
    watched: Watched,
) -> Option<Case<'_>> {
    let (known, later) = company.postings.split_at(
        company
            .postings
            .partition_point(|posting| posting.opened <= at),
    );
    let in_panel = known.last()?.opened > days_after(at, -365)
        && (watched == Watched::Always || is_watched(known, at));
    let opened = count(later, |posting| posting.opened <= days_after(at, AHEAD));
    let before = count(known, |posting| posting.opened > days_after(at, -AHEAD));
    in_panel.then_some(Case {
        company: index,
        date,
        at,
        known,
        head_count: company.head_count,
        opened,
        more: false,
        more_than_before: opened > before,
    })
}

/// A posting that was gone by then was watched by then; a posting of the last week shows that it still was.
fn is_watched(known: &[Posting], at: Date) -> bool {
    let was = known.iter().any(|posting| posting.last_seen <= at);
    was && known
        .iter()
        .any(|posting| posting.last_seen > days_after(at, -7))
}

fn count(postings: &[Posting], is_counted: impl Fn(&Posting) -> bool) -> u32 {
    postings
        .iter()
        .map(|posting| u32::from(is_counted(posting)))
        .sum()
}

pub(crate) fn days_after(date: Date, days: i64) -> Date {
    date.saturating_add(days.days())
}

/// The upper median: no case is above it more often than below.
fn median(values: impl Iterator<Item = u32>) -> u32 {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn company(days: &[i64]) -> Company {
        let posting = |day: &i64| Posting {
            opened: days_after(date(2024, 6, 1), *day),
            last_seen: days_after(date(2024, 6, 1), *day + 5),
        };
        Company {
            name: "a".to_owned(),
            postings: days.iter().map(posting).collect(),
            head_count: None,
        }
    }

    #[test]
    fn what_comes_later_is_no_part_of_what_is_known() {
        let companies = [
            company(&[-300, -10, 0, 1, 60, 61]),
            company(&[-400]),
            company(&[3]),
        ];
        let cases = cases(&companies, &[date(2024, 6, 1)], Watched::Always);
        let shown: Vec<_> = cases
            .iter()
            .map(|case| {
                (
                    case.company,
                    case.known.len(),
                    case.opened,
                    case.more_than_before,
                )
            })
            .collect();
        assert_eq!(shown, [(0, 3, 2, false)]);
    }

    #[test]
    fn more_is_more_than_the_median_of_the_date() {
        let companies = [company(&[-1]), company(&[-1, 2]), company(&[-1, 2, 3])];
        let cases = cases(&companies, &[date(2024, 6, 1)], Watched::Always);
        let more: Vec<_> = cases.iter().map(|case| case.more).collect();
        assert_eq!(more, [false, false, true]);
    }

    #[test]
    fn a_board_is_watched_once_a_posting_was_gone_and_while_one_is_there() {
        let companies = [company(&[-3]), company(&[-20]), company(&[-20, -3])];
        let cases = cases(&companies, &[date(2024, 6, 1)], Watched::Provably);
        let shown: Vec<_> = cases.iter().map(|case| case.company).collect();
        assert_eq!(shown, [2]);
    }
}
