use std::ops::RangeInclusive;

use http::Uri;
use url::form_urlencoded;

use crate::{ApiError, cut};

/// The parameters of a query string, each read by name, with an error that says what is valid.
#[derive(Clone, Debug)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// The parameters of a request. A name that is not in `known`, or is given twice, is an error: a mistyped parameter
    /// would otherwise be ignored silently.
    pub fn read(uri: &Uri, known: &[&'static str]) -> Result<Self, ApiError> {
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        for (index, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let message = format!(
                    "there is no parameter {}; this call takes {}",
                    cut(name),
                    known.join(", ")
                );
                return Err(ApiError::invalid(cut(name), message).reason("parameter_unknown"));
            }
            if pairs.iter().take(index).any(|(earlier, _)| earlier == name) {
                return Err(ApiError::invalid(
                    name.clone(),
                    format!("{name} is given twice; give it once"),
                )
                .reason("parameter_repeated"));
            }
        }
        Ok(Self(pairs))
    }

    /// The text of a required parameter; `example` is for the error.
    pub fn required(&self, name: &'static str, example: &str) -> Result<&str, ApiError> {
        self.get(name).ok_or_else(|| {
            ApiError::invalid(
                name,
                format!("{name} is required, for example {name}={example}"),
            )
            .reason("parameter_missing")
        })
    }

    /// A flag: `true` or `1`, `false` or `0`; `default` if it is not given.
    pub fn flag(&self, name: &'static str, default: bool) -> Result<bool, ApiError> {
        match self.get(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(default),
            Some("true" | "1") => Ok(true),
            Some("false" | "0") => Ok(false),
            Some(other) => Err(ApiError::invalid(
                name,
                format!("{name} is {:?}; give true or false", cut(other)),
            )
            .reason("parameter_invalid")),
        }
    }

    /// The text of an optional parameter.
    pub fn optional(&self, name: &'static str) -> Option<&str> {
        self.get(name)
    }

    /// A whole number in `range`; `default` if it is not given.
    pub fn number(
        &self,
        name: &'static str,
        default: usize,
        range: RangeInclusive<usize>,
    ) -> Result<usize, ApiError> {
        let Some(given) = self.get(name) else {
            return Ok(default);
        };
        given
            .parse()
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                let (least, most) = (range.start(), range.end());
                let message = format!(
                    "{name} is a whole number from {least} to {most}, not {:?}",
                    cut(given)
                );
                ApiError::invalid(name, message).reason("parameter_invalid")
            })
    }

    /// Where a page begins: the parameter `cursor`, as `read` reads it; none if it is not given.
    pub fn cursor<T>(&self, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
        let Some(given) = self.get("cursor") else {
            return Ok(None);
        };
        read(given).map(Some).ok_or_else(|| {
            let message =
                "cursor is invalid; use next_cursor, or the Link header, of the previous page";
            ApiError::invalid("cursor", message).reason("cursor_invalid")
        })
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }
}
