#![doc = include_str!("../README.md")]

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A set of environment variables: the process's own, or a test's.
#[derive(Clone)]
pub struct Env(Arc<Lookup>);

type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

/// A variable that is missing or not valid. The message names it and what it should hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A required variable is not set, or empty.
    #[error("environment variable {0} is not set")]
    Missing(&'static str),
    /// A variable's text is not valid.
    #[error("environment variable {name} is {value:?}; expected {expected}")]
    Invalid {
        /// The variable.
        name: &'static str,
        /// Its text.
        value: String,
        /// What it should hold.
        expected: &'static str,
    },
}

impl Env {
    /// The variables of this process.
    pub fn process() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "this crate is where the environment is read"
        )]
        Self(Arc::new(|name| std::env::var(name).ok()))
    }

    /// Exactly these variables.
    pub fn from_pairs<K: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let pairs: HashMap<String, String> = pairs
            .into_iter()
            .map(|(k, v)| (k.into(), v.into()))
            .collect();
        Self(Arc::new(move |name| pairs.get(name).cloned()))
    }

    /// The text of a variable that must be set and not empty.
    pub fn required(&self, name: &'static str) -> Result<String, ConfigError> {
        self.optional(name).ok_or(ConfigError::Missing(name))
    }

    /// The text of a variable, if it is set and not empty.
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// A whole number, if it is set.
    pub fn number(&self, name: &'static str) -> Result<Option<u64>, ConfigError> {
        let Some(value) = self.optional(name) else {
            return Ok(None);
        };
        value.parse().map(Some).map_err(|_| ConfigError::Invalid {
            name,
            value,
            expected: "a whole number",
        })
    }

    /// A flag: on for `1` or `true`, off for `0`, `false` or unset.
    pub fn flag(&self, name: &'static str) -> Result<bool, ConfigError> {
        match self.optional(name).as_deref() {
            None | Some("0" | "false") => Ok(false),
            Some("1" | "true") => Ok(true),
            Some(value) => Err(ConfigError::Invalid {
                name,
                value: value.to_owned(),
                expected: "1, true, 0 or false",
            }),
        }
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Env")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_a_missing_one() {
        let env = Env::from_pairs([("BUCKET", "")]);
        assert_eq!(env.required("BUCKET"), Err(ConfigError::Missing("BUCKET")));
    }

    #[test]
    fn a_number_is_whole() {
        let env = Env::from_pairs([("A", "2500"), ("B", "2.5")]);
        assert_eq!(env.number("A"), Ok(Some(2500)));
        assert_eq!(env.number("unset"), Ok(None));
        assert!(
            env.number("B")
                .unwrap_err()
                .to_string()
                .contains("a whole number")
        );
    }

    #[test]
    fn a_flag_accepts_words_and_digits_only() {
        let env = Env::from_pairs([("A", "true"), ("B", "0"), ("C", "yes")]);
        assert_eq!(env.flag("A"), Ok(true));
        assert_eq!(env.flag("B"), Ok(false));
        assert_eq!(env.flag("unset"), Ok(false));
        assert!(env.flag("C").unwrap_err().to_string().contains("\"yes\""));
    }
}
