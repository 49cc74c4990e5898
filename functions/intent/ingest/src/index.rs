use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use imports::{Place, Report};
use types::{Domain, Timestamp};

use crate::import::SignalFile;

/// Lines whose signals are held at once.
const PAGE_LINES: usize = 5_000;

/// Where the valid lines of a file are, sorted by company: a company is written once, though its lines may lie anywhere in a
/// file whose signals would not fit into memory. 24 bytes a line.
pub(crate) struct Index(Vec<Entry>);

/// A valid line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// A hash of the company's domain. Of 500,000 companies, two share one in less than one of 10^8 files; they would be written
    /// correctly, and counted as one.
    company: u64,
    pub(crate) place: Place,
}

impl Index {
    /// Reads all lines of a file, and reports those that are not valid.
    pub(crate) fn of(
        file: &mut SignalFile<'_>,
        now: Timestamp,
        report: &mut Report,
    ) -> Result<Self, String> {
        let mut entries = Vec::new();
        while let Some(line) = file.next_line()? {
            report.lines += 1;
            let place = line.place;
            match line.form.and_then(|form| form.parse(now)) {
                Ok((domain, _)) => entries.push(Entry {
                    company: hash(&domain),
                    place,
                }),
                Err(errors) => report.fail(place.line, errors),
            }
        }
        // Stable: of two lines of one signal, the later one is written last.
        entries.sort_by_key(|entry| entry.company);
        Ok(Self(entries))
    }

    /// The number of companies.
    pub(crate) fn companies(&self) -> usize {
        let same = |a: &Entry, b: &Entry| a.company == b.company;
        self.0.chunk_by(same).count()
    }

    /// All entries, in pages that have all lines of a company unless it alone has more than a page.
    pub(crate) fn pages(&self) -> impl Iterator<Item = &[Entry]> {
        let mut rest = self.0.as_slice();
        std::iter::from_fn(move || {
            let (page, after) = rest.split_at_checked(page_length(rest))?;
            rest = after;
            (!page.is_empty()).then_some(page)
        })
    }
}

fn page_length(rest: &[Entry]) -> usize {
    let Some(next) = rest.get(PAGE_LINES) else {
        return rest.len();
    };
    let page = rest.iter().take(PAGE_LINES);
    let whole = page
        .clone()
        .rposition(|entry| entry.company != next.company);
    whole.map_or(PAGE_LINES, |last| last + 1)
}

fn hash(domain: &Domain) -> u64 {
    let mut hasher = DefaultHasher::new();
    domain.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The index of a file with these lines of each company, one company after the other or in turns.
    fn index(companies: &[usize], in_turns: bool) -> Index {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let mut lines: Vec<(usize, usize)> = Vec::new();
        for (company, count) in companies.iter().enumerate() {
            lines.extend((0..*count).map(|line| (line, company)));
        }
        if in_turns {
            lines.sort_unstable();
        }
        let rows = lines
            .iter()
            .map(|(line, company)| format!("company{company}.com,news,2026-11-01,x,{line}\n"));
        let rows: String = rows.collect();
        let csv = format!("domain,kind,observed_at,source,external_id\n{rows}");
        let mut file = SignalFile::open("a.csv", csv.as_bytes()).unwrap();
        Index::of(&mut file, now, &mut Report::new(String::new(), now)).unwrap()
    }

    #[test]
    fn pages_are_bounded_and_have_whole_companies() {
        for in_turns in [false, true] {
            let index = index(&[1_700; 7], in_turns);
            let pages: Vec<usize> = index.pages().map(<[Entry]>::len).collect();
            assert_eq!(pages, [3_400, 3_400, 3_400, 1_700]);
            assert_eq!(index.companies(), 7);
            let full = index.pages().all(|page| {
                let lines = page.iter().map(|entry| entry.place.line);
                page.chunk_by(|a, b| a.company == b.company)
                    .all(|company| company.len() == 1_700)
                    && lines.collect::<std::collections::BTreeSet<_>>().len() == page.len()
            });
            assert!(full);
        }
    }

    #[test]
    fn a_company_of_more_than_a_page_is_cut_in_order() {
        let index = index(&[2 * PAGE_LINES + 1], false);
        let pages: Vec<&[Entry]> = index.pages().collect();
        assert_eq!(
            pages.iter().map(|page| page.len()).collect::<Vec<_>>(),
            [PAGE_LINES, PAGE_LINES, 1]
        );
        assert!(pages.concat().is_sorted_by_key(|entry| entry.place.line));
        assert_eq!(index.companies(), 1);
    }

    #[test]
    fn a_file_without_valid_lines_has_no_page() {
        assert_eq!(index(&[], false).pages().count(), 0);
    }
}
