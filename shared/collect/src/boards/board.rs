use types::Timestamp;

use super::links::{Linked, linked};
use crate::source::Source;
use crate::source_error::SourceError;

/// One provider of job boards.
pub(crate) struct Board {
    pub(crate) source: Source,
    /// What precedes a board's name in a link, and the URL of the postings for such a link, with `{}` for the name.
    pub(crate) links: &'static [(&'static str, &'static str)],
    /// The URL of the postings for a name that is guessed.
    pub(crate) api: &'static str,
    /// How many postings are on a page, for a provider that returns them by pages; their URLs contain `skip=0`.
    pub(crate) page_size: Option<usize>,
    /// Parses the postings of a response.
    pub(crate) read: fn(&[u8]) -> Result<Vec<Posting>, SourceError>,
}

/// An open position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Posting {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) location: Option<String>,
    /// When it was published first. Without it a posting gives no signal: a change of its text is no news.
    pub(crate) at: Option<Timestamp>,
    pub(crate) url: Option<String>,
}

impl Board {
    /// The URL of the postings of the company's board that a page links to. Of several boards, as a page about other companies
    /// has them, it is the one with the company's name, such as `acme` or `acme-labs`.
    pub(crate) fn linked(&self, page: &str, label: &str) -> Option<String> {
        let boards = linked(page, self.links);
        let is_own = |board: &&Linked| {
            let (name, label) = (plain(&board.name), plain(label));
            label.len() > 2 && name.starts_with(&label)
        };
        let own = match boards.as_slice() {
            [only] => only,
            several => several.iter().find(is_own)?,
        };
        Some(own.api.replace("{}", &own.name))
    }

    /// Whether a page links to any board of the provider.
    pub(crate) fn is_linked(&self, page: &str) -> bool {
        !linked(page, self.links).is_empty()
    }

    /// The URL of the postings of a board of this name.
    pub(crate) fn named(&self, name: &str) -> String {
        self.api.replace("{}", name)
    }
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}
