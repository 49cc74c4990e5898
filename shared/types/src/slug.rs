use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// The longest slug, in characters.
const MAX_LENGTH: usize = 100;

/// The name of a protocol in paths: 1 to 100 lower-case letters, digits and hyphens, such as `ondo-usdy`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ProtocolSlug(String);

/// Text that is not a slug. The message is fit for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a slug is 1 to {MAX_LENGTH} lower-case letters, digits and hyphens, such as ondo-usdy")]
pub struct SlugError;

impl ProtocolSlug {
    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProtocolSlug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        let is_slug = (1..=MAX_LENGTH).contains(&text.len())
            && text
                .bytes()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-');
        if is_slug {
            Ok(Self(text.to_owned()))
        } else {
            Err(SlugError)
        }
    }
}

impl fmt::Display for ProtocolSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ProtocolSlug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_case_letters_digits_and_hyphens() {
        for slug in ["ondo-usdy", "a", "0", &"x".repeat(100)] {
            assert_eq!(slug.parse::<ProtocolSlug>().unwrap().as_str(), slug);
        }
        let longer = "x".repeat(101);
        for text in ["", "Ondo", "a b", "a_b", "a#b", "ü", "a/b", &longer] {
            assert_eq!(text.parse::<ProtocolSlug>(), Err(SlugError), "{text}");
        }
    }
}
