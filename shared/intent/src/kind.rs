use std::fmt;
use std::ops::{Index, IndexMut};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{IntentError, text};

/// What a signal is about. In JSON it is the word in lower case, such as `hiring`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Visits, replies, trials and demo requests.
    Engagement,
    /// Rounds, grants and loans.
    Funding,
    /// Open positions.
    Hiring,
    /// Executives who come or go.
    Leadership,
    /// Tools taken up or given up.
    Technology,
    /// New offices, markets and acquisitions.
    Expansion,
    /// Launches and price changes.
    Product,
    /// Press and forum coverage.
    News,
    /// Documents filed with a regulator.
    Filing,
    /// Releases and activity in public code.
    Engineering,
    /// Changes of the site and its DNS records.
    Web,
}

impl Kind {
    /// Every kind, in the order of the model's table.
    pub const ALL: [Self; 11] = [
        Self::Engagement,
        Self::Funding,
        Self::Hiring,
        Self::Leadership,
        Self::Technology,
        Self::Expansion,
        Self::Product,
        Self::News,
        Self::Filing,
        Self::Engineering,
        Self::Web,
    ];

    /// The word for the kind in JSON, CSV and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Engagement => "engagement",
            Self::Funding => "funding",
            Self::Hiring => "hiring",
            Self::Leadership => "leadership",
            Self::Technology => "technology",
            Self::Expansion => "expansion",
            Self::Product => "product",
            Self::News => "news",
            Self::Filing => "filing",
            Self::Engineering => "engineering",
            Self::Web => "web",
        }
    }
}

impl FromStr for Kind {
    type Err = IntentError;

    /// Parses the word as people type it into a spreadsheet: any case, white space around it.
    fn from_str(given: &str) -> Result<Self, IntentError> {
        let word = given.trim();
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(word))
            .ok_or_else(|| IntentError::UnknownKind {
                given: text::one_line(given, 40),
            })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One value for each kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PerKind<T>(pub(crate) [T; Kind::ALL.len()]);

impl<T> Index<Kind> for PerKind<T> {
    type Output = T;

    fn index(&self, kind: Kind) -> &T {
        #[expect(clippy::indexing_slicing, reason = "there is an entry for every kind")]
        &self.0[kind as usize]
    }
}

impl<T> IndexMut<Kind> for PerKind<T> {
    fn index_mut(&mut self, kind: Kind) -> &mut T {
        #[expect(clippy::indexing_slicing, reason = "there is an entry for every kind")]
        &mut self.0[kind as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn the_word_is_the_same_in_json_and_text() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
            assert_eq!(kind.to_string().parse::<Kind>().unwrap(), kind);
        }
    }

    #[test]
    fn every_kind_is_its_own_index() {
        for (index, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, index);
        }
    }

    #[test]
    fn spreadsheet_spelling_is_read() {
        assert_eq!(" Hiring ".parse::<Kind>().unwrap(), Kind::Hiring);
    }

    #[test]
    fn an_unknown_word_is_refused_with_the_list_of_kinds() {
        let error = "hirring".parse::<Kind>().unwrap_err();
        assert_eq!(error.reason(), "kind_unknown");
        expect![[r#""hirring" is not a kind of signal; use one of engagement, funding, hiring, leadership, technology, expansion, product, news, filing, engineering, web"#]].assert_eq(&error.to_string());
        assert!(
            "x".repeat(9999)
                .parse::<Kind>()
                .unwrap_err()
                .to_string()
                .len()
                < 250
        );
    }
}
