//! Links to job boards in the text of a page.

/// The longest name of a board, in bytes: it is stored.
const LONGEST_NAME: usize = 100;
/// How much of a link is searched for a board's name in its query, in characters.
const LONGEST_QUERY: usize = 500;
/// The most boards that are told apart.
const MOST: usize = 20;
/// What comes first in the path of a provider's own pages.
const NO_NAMES: [&str; 7] = ["embed", "v0", "v1", "api", "j", "jobs", "search"];
/// Characters that are written as a percent code in a link that is itself part of something, and end it.
const ENDS: [&str; 6] = ["%20", "%22", "%27", "%3c", "%3e", "%5c"];

/// A board that a page links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Linked {
    /// Its name, as written.
    pub(crate) name: String,
    /// The URL of its postings, with `{}` for the name.
    pub(crate) api: &'static str,
}

/// The different boards that a page links to, in the order of `links`, then of the page: each of `links` is what precedes a
/// board's name, and the URL of its postings.
pub(crate) fn linked(page: &str, links: &[(&'static str, &'static str)]) -> Vec<Linked> {
    // In a script a link may be written with escaped slashes.
    let page = page.replace("\\/", "/").replace("\\u002F", "/");
    let mut found: Vec<Linked> = Vec::new();
    for (link, api) in links {
        for (at, _) in page.match_indices(link) {
            let (before, after) = page.split_at(at);
            let after = after.get(link.len()..).unwrap_or_default();
            let name = name(after).filter(|_| is_start(before));
            let is_new = |name: &&str| {
                !found
                    .iter()
                    .any(|board| board.name.eq_ignore_ascii_case(name))
            };
            if let Some(name) = name.filter(is_new) {
                found.push(Linked {
                    name: name.to_owned(),
                    api,
                });
            }
            if found.len() == MOST {
                return found;
            }
        }
    }
    found
}

/// Whether a host begins after this text, so that `myjobs.lever.co` is not `jobs.lever.co`.
fn is_start(before: &str) -> bool {
    let last = before.chars().next_back();
    !last.is_some_and(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// The board's name: the first part of the path, or `for` in the query of a page to embed.
fn name(after: &str) -> Option<&str> {
    let first = leading(after);
    let first = if first == "embed" {
        leading(embedded(after)?)
    } else {
        first
    };
    ((1..=LONGEST_NAME).contains(&first.len()) && !NO_NAMES.contains(&first)).then_some(first)
}

/// The text up to what no name contains, without the dots that end a sentence.
fn leading(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.%".contains(c)));
    let text = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let lower = text.to_ascii_lowercase();
    let end = ENDS.iter().filter_map(|code| lower.find(code)).min();
    let text = end.and_then(|end| text.get(..end)).unwrap_or(text);
    text.trim_end_matches('.')
}

/// What follows `for=` in the query of a link.
fn embedded(link: &str) -> Option<&str> {
    let start = link.char_indices().nth(LONGEST_QUERY);
    let link = start.map_or(link, |(end, _)| link.get(..end).unwrap_or_default());
    let end = link.find(|c: char| c.is_whitespace() || "\"'<>\\`".contains(c));
    let link = link.get(..end.unwrap_or(link.len()))?;
    let query = link.split_once('?')?.1;
    // `;` ends the `&amp;` of a page.
    let mut parameters = query.split(['&', ';']);
    parameters.find_map(|parameter| parameter.strip_prefix("for="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, expected: &[&str]) {
        let links = [
            ("boards.greenhouse.io/", "{}"),
            ("job-boards.greenhouse.io/", "{}"),
            ("jobs.lever.co/", "{}"),
            ("apply.workable.com/", "{}"),
        ];
        let found = linked(page, &links);
        let names: Vec<&str> = found.iter().map(|board| board.name.as_str()).collect();
        assert_eq!(names, expected, "{page}");
    }

    #[test]
    fn a_link_ends_where_its_sentence_does() {
        check("See https://jobs.lever.co/acme.", &["acme"]);
        check("See https://jobs.lever.co/acme... Or not.", &["acme"]);
        check("(https://jobs.lever.co/acme.)", &["acme"]);
        check("<a href=https://jobs.lever.co/acme>", &["acme"]);
        check("https://jobs.lever.co/acme, or", &["acme"]);
        check("https://jobs.lever.co/acme?lever-via=x", &["acme"]);
        check("https://jobs.lever.co/acme#top", &["acme"]);
        check("https://jobs.lever.co/acme.io/1.", &["acme.io"]);
        check("https://jobs.lever.co/Acme%2DInc", &["Acme%2DInc"]);
        check("%22https://jobs.lever.co/acme%22%3E", &["acme"]);
        check("https://jobs.lever.co/acme!", &["acme"]);
        check("https://jobs.lever.co/.", &[]);
        check("https://jobs.lever.co/", &[]);
        check("https://jobs.lever.co/%22", &[]);
    }

    #[test]
    fn an_embedded_board_is_named_in_the_query() {
        for link in [
            "https://boards.greenhouse.io/embed/job_app?for=acme&token=1",
            "https://boards.greenhouse.io/embed/job_app?token=1&amp;for=acme",
            "https://boards.greenhouse.io/embed/job_app?token=1&for=acme",
            "https://boards.greenhouse.io/embed/job_board/js?for=acme",
            "https://job-boards.greenhouse.io/embed/job_board?for=acme&b=https%3A%2F%2Facme.com",
            "https://boards.greenhouse.io/embed/job_app?for=acme.",
        ] {
            check(&format!("<iframe src=\"{link}\">"), &["acme"]);
        }
        check("https://boards.greenhouse.io/embed/job_app?token=1", &[]);
        check(
            "https://boards.greenhouse.io/embed/job_app?x=\" for=acme",
            &[],
        );
        check(
            "https://boards.greenhouse.io/embed/job_app?therefor=acme",
            &[],
        );
    }

    #[test]
    fn other_hosts_and_the_pages_of_a_provider_are_no_boards() {
        check("https://notjobs.lever.co/acme", &[]);
        check("https://x.jobs.lever.co/acme", &[]);
        check("https://apply.workable.com/j/ABC123", &[]);
        check("https://apply.workable.com/api/v1/jobs", &[]);
        check("{\"url\":\"https:\\/\\/jobs.lever.co\\/acme\"}", &["acme"]);
        check(
            "\"https:\\u002F\\u002Fjobs.lever.co\\u002Facme\"",
            &["acme"],
        );
        check(
            "https://jobs.lever.co/acme https://jobs.lever.co/Acme/1 https://jobs.lever.co/other",
            &["acme", "other"],
        );
    }

    #[test]
    fn a_page_is_scanned_once() {
        // What a naive search would read to its end from every link.
        for part in [
            "jobs.lever.co/",
            "jobs.lever.co/embed?",
            "jobs.lever.co/embed?for=",
        ] {
            let page = format!("/{part}").repeat(200_000 / part.len());
            assert!(
                linked(&page, &[("jobs.lever.co/", "{}")]).len() <= 1,
                "{part}"
            );
        }
    }

    #[test]
    fn the_boards_of_a_page_are_bounded() {
        let links_of = (0..500).map(|n| format!("https://jobs.lever.co/a{n}"));
        let page = links_of.collect::<Vec<_>>().join(" ");
        let links = [("jobs.lever.co/", "{}")];
        assert_eq!(linked(&page, &links).len(), MOST);
    }
}
