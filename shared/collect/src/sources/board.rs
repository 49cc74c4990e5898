//! What the job boards have in common: to find a company's board, and to read postings.

use futures::future::BoxFuture;
use intent::{Kind, Signal};
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::observation::{Observation, newest};
use crate::visit::{Collector, Visit};
use crate::web::{Fetched, Validators};
use crate::{Company, Found, Missed, Source};

/// The longest name of a board, in bytes: it is remembered.
const LONGEST_NAME: usize = 100;

/// One system of job boards.
pub(crate) struct Board {
    pub(crate) source: Source,
    /// What stands before a board's name in a link, and the address of the postings then, with `{}` for the name.
    pub(crate) links: &'static [(&'static str, &'static str)],
    /// The address of the postings for a name that is guessed.
    pub(crate) api: &'static str,
    /// Reads the postings out of an answer.
    pub(crate) read: fn(&[u8]) -> Result<Vec<Posting>, Missed>,
}

/// An open position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Posting {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) place: Option<String>,
    /// When the board last said something of it.
    pub(crate) at: Option<Timestamp>,
    pub(crate) url: Option<String>,
}

/// How sure it is that a board is the company's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Tie {
    /// Its own pages link to it, or its postings to its pages.
    Link,
    /// Only its name is that of the domain.
    Name,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    api: String,
    tie: Tie,
}

impl Collector for Board {
    fn source(&self) -> Source {
        self.source
    }

    fn collect<'a>(&'a self, visit: &'a Visit<'a>) -> BoxFuture<'a, Result<Found, Missed>> {
        Box::pin(async move {
            let place = match visit.kept.recall::<Option<Place>>() {
                Some(place) => Some(place),
                None => self.find(visit).await,
            };
            let Some(place) = place else {
                return Ok(nothing(visit));
            };
            match visit
                .web
                .get_if_changed(&place.api, &visit.kept.validators)
                .await?
            {
                Fetched::Absent => Ok(nothing(visit)),
                Fetched::Unchanged => Ok(Found::unchanged(visit.kept)),
                Fetched::Page(reply) => {
                    let postings = (self.read)(&reply.body)?;
                    let Some(place) = place.tied(visit.company, &postings) else {
                        return Ok(nothing(visit));
                    };
                    let signals = signals(self.source, &postings, place.tie, visit.now);
                    let validators = Validators::of(&reply);
                    Found::daily(signals)
                        .validated(validators)
                        .remembering(&place)
                }
            }
        })
    }
}

impl Board {
    /// Where the company's board is: as its pages link to it, else by the name of its domain. None if its pages link to
    /// another system.
    async fn find(&self, visit: &Visit<'_>) -> Option<Place> {
        let pages = visit.site.with_careers().await;
        let pages = pages.as_deref().unwrap_or_default();
        if let Some(api) = self.linked(pages) {
            return Some(Place {
                api,
                tie: Tie::Link,
            });
        }
        let api = self.api.replace("{}", &visit.company.label);
        (!is_linked(pages)).then_some(Place {
            api,
            tie: Tie::Name,
        })
    }

    /// The signals of an answer, as if the board were the company's.
    #[cfg(test)]
    pub(crate) fn postings(&self, body: &[u8], now: Timestamp) -> Result<Vec<Signal>, Missed> {
        Ok(signals(self.source, &(self.read)(body)?, Tie::Link, now))
    }

    /// The address of the postings of the first board that a page links to.
    fn linked(&self, page: &str) -> Option<String> {
        self.links.iter().find_map(|(link, api)| {
            let mut after = page.split(link).skip(1);
            let name = after.find_map(board_name)?;
            Some(api.replace("{}", name))
        })
    }
}

/// No board, for a week; or until tomorrow, if the pages that would name it could not be read.
fn nothing(visit: &Visit<'_>) -> Found {
    if visit.site.is_read() {
        Found::nothing()
    } else {
        Found::daily(Vec::new())
    }
}

impl Place {
    /// The same place, once its postings are known. A name alone is not enough for a name of many.
    fn tied(self, company: &Company, postings: &[Posting]) -> Option<Self> {
        let is_linked =
            |posting: &Posting| posting.url.as_deref().is_some_and(|url| company.owns(url));
        if self.tie == Tie::Link || postings.iter().any(is_linked) {
            return Some(Self {
                tie: Tie::Link,
                ..self
            });
        }
        company.is_named_by_label().then_some(self)
    }
}

fn board_name(after: &str) -> Option<&str> {
    let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.%".contains(c)));
    let name = after.get(..end.unwrap_or(after.len()))?;
    let is_name =
        (1..=LONGEST_NAME).contains(&name.len()) && !["embed", "v0", "v1", "api"].contains(&name);
    is_name.then_some(name)
}

/// Whether a page links to a job board.
pub(crate) fn is_linked(page: &str) -> bool {
    ALL.iter().any(|board| board.linked(page).is_some())
}

/// Every system of job boards.
pub(crate) static ALL: [Board; 4] = [
    super::greenhouse::BOARD,
    super::lever::BOARD,
    super::ashby::BOARD,
    super::workable::BOARD,
];

/// What open positions say, as imports of postings weigh it: docs/decisions/0010.
fn signals(source: Source, postings: &[Posting], tie: Tie, now: Timestamp) -> Vec<Signal> {
    let (factor, doubt) = match tie {
        Tie::Link => (1.0, ""),
        Tie::Name => (0.8, ", company known by name only"),
    };
    let signal = |posting: &Posting| {
        let (kind, strength) = weigh(&posting.title);
        let place = posting
            .place
            .as_deref()
            .filter(|place| !place.trim().is_empty());
        let place = place.map_or(String::new(), |place| format!(" in {place}"));
        let observation = Observation {
            kind,
            strength: strength * factor,
            at: posting.at?,
            id: &posting.id,
            evidence: format!("Job posting “{}”{place}{doubt}", posting.title.trim()),
            url: posting.url.as_deref(),
        };
        observation.signal(source)
    };
    newest(postings.iter().filter_map(signal).collect(), now)
}

fn weigh(title: &str) -> (Kind, f64) {
    let title = title.trim().to_lowercase();
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |names: &[&str]| names.iter().any(|name| words.contains(name));
    if has(&["intern", "internship", "trainee", "apprentice"]) {
        return (Kind::Hiring, 0.3);
    }
    let leads = [
        "head of ",
        "vp of ",
        "vp, ",
        "vice president of ",
        "chief ",
        "cto",
        "cfo",
        "ceo",
        "coo",
        "cmo",
        "cro",
        "ciso",
    ];
    let leads = leads.iter().any(|office| title.starts_with(office));
    if leads && !has(&["analyst", "associate", "assistant", "office"]) {
        (Kind::Leadership, 0.7)
    } else {
        (Kind::Hiring, 0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Domain;

    #[test]
    fn a_board_is_found_by_the_links_to_it() {
        let page = "<a href=\"https://boards.greenhouse.io/embed/job_board/js?for=acme\"> <a href='https://jobs.lever.co/Acme-Inc/1'>";
        let linked = ALL
            .iter()
            .map(|board| board.linked(page))
            .collect::<Vec<_>>();
        assert_eq!(
            linked[0].as_deref(),
            Some("https://boards-api.greenhouse.io/v1/boards/acme/jobs")
        );
        assert!(
            linked[1]
                .as_deref()
                .unwrap()
                .starts_with("https://api.lever.co/v0/postings/Acme-Inc?")
        );
        assert_eq!(linked[2..], [None, None]);
        assert_eq!(
            ALL[0].linked("<a href='https://boards.greenhouse.io/'>"),
            None
        );
    }

    #[test]
    fn a_name_alone_ties_only_under_com() {
        let tied = |domain: &str, url: Option<&str>, tie| {
            let posting = Posting {
                id: "1".to_owned(),
                title: "Engineer".to_owned(),
                place: None,
                at: None,
                url: url.map(str::to_owned),
            };
            let place = Place {
                api: String::new(),
                tie,
            };
            let company = Company::of(&Domain::parse(domain).unwrap());
            place.tied(&company, &[posting]).map(|place| place.tie)
        };
        assert_eq!(tied("acme.com", None, Tie::Name), Some(Tie::Name));
        assert_eq!(tied("acme.io", None, Tie::Name), None);
        assert_eq!(
            tied("acme.io", Some("https://jobs.acme.io/1"), Tie::Name),
            Some(Tie::Link)
        );
        assert_eq!(tied("acme.io", None, Tie::Link), Some(Tie::Link));
    }

    #[test]
    fn titles_are_weighed() {
        assert_eq!(weigh("Head of Sales"), (Kind::Leadership, 0.7));
        assert_eq!(
            weigh("Chief of Staff, Office of the CEO"),
            (Kind::Hiring, 0.5)
        );
        assert_eq!(weigh("Software Engineer"), (Kind::Hiring, 0.5));
        assert_eq!(weigh("CFO Intern"), (Kind::Hiring, 0.3));
    }
}
