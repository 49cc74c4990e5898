use types::Timestamp;

use crate::source::Source;
use crate::source_error::SourceError;

/// The longest name of a board, in bytes: it is stored.
const LONGEST_NAME: usize = 100;

/// One provider of job boards.
pub(crate) struct Board {
    pub(crate) source: Source,
    /// What precedes a board's name in a link, and the URL of the postings for such a link, with `{}` for the name.
    pub(crate) links: &'static [(&'static str, &'static str)],
    /// The URL of the postings for a name that is guessed.
    pub(crate) api: &'static str,
    /// Parses the postings of a response.
    pub(crate) read: fn(&[u8]) -> Result<Vec<Posting>, SourceError>,
}

/// An open position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Posting {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) location: Option<String>,
    /// When the board last changed it.
    pub(crate) at: Option<Timestamp>,
    pub(crate) url: Option<String>,
}

impl Board {
    /// The URL of the postings of the first board that a page links to.
    pub(crate) fn linked(&self, page: &str) -> Option<String> {
        self.links.iter().find_map(|(link, api)| {
            let mut after = page.split(link).skip(1);
            let name = after.find_map(board_name)?;
            Some(api.replace("{}", name))
        })
    }

    /// The URL of the postings of a board of this name.
    pub(crate) fn named(&self, name: &str) -> String {
        self.api.replace("{}", name)
    }
}

fn board_name(after: &str) -> Option<&str> {
    let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.%".contains(c)));
    let name = after.get(..end.unwrap_or(after.len()))?;
    let is_name =
        (1..=LONGEST_NAME).contains(&name.len()) && !["embed", "v0", "v1", "api"].contains(&name);
    is_name.then_some(name)
}
