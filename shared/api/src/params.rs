use endpoints::{CURSOR, Endpoint, Param, Values};
use http::Uri;
use url::form_urlencoded;

use crate::{ApiError, cut};

/// The parameters of a query string, each read by name, with an error that says what is valid.
#[derive(Clone, Debug)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// The parameters of a request to an endpoint. A name that the endpoint does not have, or that is given twice, is an error: a
    /// mistyped parameter would otherwise be ignored silently.
    pub fn read(uri: &Uri, endpoint: &Endpoint) -> Result<Self, ApiError> {
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let known = endpoint.params.iter().filter(|param| !param.is_in_path());
        let known: Vec<&str> = known.map(|param| param.name).collect();
        for (index, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let takes = if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                };
                let message = format!(
                    "there is no parameter {}; this call takes {takes}",
                    cut(name)
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

    /// The text of a required parameter.
    pub fn required(&self, param: &Param) -> Result<&str, ApiError> {
        let Param { name, example, .. } = param;
        self.optional(param).ok_or_else(|| {
            let message = format!("{name} is required, for example {name}={example}");
            ApiError::invalid(*name, message).reason("parameter_missing")
        })
    }

    /// The text of an optional parameter.
    pub fn optional(&self, param: &Param) -> Option<&str> {
        let mut pairs = self.0.iter();
        let found = pairs.find(|(given, _)| given == param.name);
        found.map(|(_, value)| value.as_str())
    }

    /// A flag: `true` or `1`, `false` or `0`; its default if it is not given.
    ///
    /// # Errors
    /// 400 for any other text; 500 for a parameter of other values.
    pub fn flag(&self, param: &Param) -> Result<bool, ApiError> {
        let Values::Flag { default } = param.values else {
            return Err(ApiError::bug("the parameter is not a flag"));
        };
        match self.optional(param).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(default),
            Some("true" | "1") => Ok(true),
            Some("false" | "0") => Ok(false),
            Some(other) => Err(invalid(param, "true or false", other)),
        }
    }

    /// A whole number in the parameter's range; its default if it is not given.
    ///
    /// # Errors
    /// 400 for any other text; 500 for a parameter of other values.
    pub fn number(&self, param: &Param) -> Result<usize, ApiError> {
        let Values::Number {
            least,
            most,
            default,
        } = param.values
        else {
            return Err(ApiError::bug("the parameter is not a number"));
        };
        let Some(given) = self.optional(param) else {
            return Ok(default);
        };
        let number = given.parse().ok();
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| {
                let valid = format!("a whole number from {least} to {most}");
                invalid(param, &valid, given)
            })
    }

    /// One of `all`, by its name in any case; none if it is not given.
    ///
    /// # Errors
    /// 400 for what is not a word of the parameter; 500 for one that none of `all` has.
    pub fn word<T: Copy>(
        &self,
        param: &Param,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Result<Option<T>, ApiError> {
        let Values::Words(words) = param.values else {
            return Err(ApiError::bug("the parameter is not a word"));
        };
        let Some(given) = self.optional(param) else {
            return Ok(None);
        };
        let word = words.iter().find(|word| word.eq_ignore_ascii_case(given));
        let word =
            word.ok_or_else(|| invalid(param, &format!("one of {}", words.join(", ")), given))?;
        let found = all.iter().find(|one| name(**one) == *word);
        let found = found.ok_or_else(|| ApiError::bug("a word of the parameter means nothing"))?;
        Ok(Some(*found))
    }

    /// Where a page begins: the parameter `cursor`, as `read` reads it; none if it is not given.
    pub fn cursor<T>(&self, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
        let Some(given) = self.optional(&CURSOR) else {
            return Ok(None);
        };
        read(given).map(Some).ok_or_else(|| {
            let message =
                "cursor is invalid; use next_cursor, or the Link header, of the previous page";
            ApiError::invalid("cursor", message).reason("cursor_invalid")
        })
    }
}

fn invalid(param: &Param, valid: &str, given: &str) -> ApiError {
    let message = format!("{} is {valid}, not {:?}", param.name, cut(given));
    ApiError::invalid(param.name, message).reason("parameter_invalid")
}
