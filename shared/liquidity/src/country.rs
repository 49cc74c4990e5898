use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// A country or territory by the two letters of ISO 3166-1, such as `VG`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize)]
#[serde(into = "String")]
#[schemars(with = "String", inline)]
pub struct CountryCode([u8; 2]);

/// Text that is not two capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a jurisdiction is an ISO 3166 code of two capital letters, such as VG")]
pub struct CountryError;

impl CountryCode {
    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for CountryCode {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, CountryError> {
        let letters: [u8; 2] = text.as_bytes().try_into().map_err(|_| CountryError)?;
        if letters.iter().all(u8::is_ascii_uppercase) {
            Ok(Self(letters))
        } else {
            Err(CountryError)
        }
    }
}

impl From<CountryCode> for String {
    fn from(code: CountryCode) -> Self {
        code.as_str().to_owned()
    }
}

impl<'de> Deserialize<'de> for CountryCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_capital_letters() {
        let code: CountryCode = serde_json::from_str("\"VG\"").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"VG\"");
        for text in ["", "V", "vg", "VGB", "É", "V1"] {
            assert_eq!(text.parse::<CountryCode>(), Err(CountryError), "{text}");
        }
    }
}
