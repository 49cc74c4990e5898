use std::ops::RangeInclusive;

/// A parameter of an endpoint: requests are read by it, and the API's description is made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it is, for callers, in Markdown.
    pub about: &'static str,
    /// Where it stands.
    pub place: Place,
    /// Its values.
    pub values: Values,
    /// A valid text; empty where the values say enough.
    pub example: &'static str,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path, in braces; always required.
    Path,
    /// In the query string, where a request has to have it.
    RequiredQuery,
    /// In the query string, if a request has it.
    Query,
}

/// The values of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Text that its reader checks.
    Text,
    /// `true` or `1`, `false` or `0`.
    Flag {
        /// The value of a request without it.
        default: bool,
    },
    /// A whole number.
    Number {
        /// The least that is valid.
        least: usize,
        /// The most that is valid.
        most: usize,
        /// The value of a request without it.
        default: usize,
    },
    /// One of these words.
    Words(&'static [&'static str]),
}

impl Param {
    const fn new(
        place: Place,
        name: &'static str,
        values: Values,
        example: &'static str,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            about,
            place,
            values,
            example,
        }
    }

    /// A part of the path.
    pub const fn path(name: &'static str, example: &'static str, about: &'static str) -> Self {
        Self::new(Place::Path, name, Values::Text, example, about)
    }

    /// A text in the query string.
    pub const fn text(name: &'static str, example: &'static str, about: &'static str) -> Self {
        Self::new(Place::Query, name, Values::Text, example, about)
    }

    /// A flag in the query string.
    pub const fn flag(name: &'static str, default: bool, about: &'static str) -> Self {
        Self::new(Place::Query, name, Values::Flag { default }, "", about)
    }

    /// A whole number in the query string.
    pub const fn number(
        name: &'static str,
        default: usize,
        range: RangeInclusive<usize>,
        about: &'static str,
    ) -> Self {
        let values = Values::Number {
            least: *range.start(),
            most: *range.end(),
            default,
        };
        Self::new(Place::Query, name, values, "", about)
    }

    /// One of some words in the query string.
    pub const fn words(
        name: &'static str,
        words: &'static [&'static str],
        about: &'static str,
    ) -> Self {
        Self::new(Place::Query, name, Values::Words(words), "", about)
    }

    /// The same, required.
    #[must_use]
    pub const fn required(self) -> Self {
        Self {
            place: Place::RequiredQuery,
            ..self
        }
    }

    /// Whether it stands in the path.
    pub fn is_in_path(&self) -> bool {
        self.place == Place::Path
    }
}

/// Where a page of a list begins.
pub const CURSOR: Param = Param::text(
    "cursor",
    "",
    "Where the page begins: `next_cursor`, or the URL in the header `Link`, of the page before. Left out, it is the first page.",
);
