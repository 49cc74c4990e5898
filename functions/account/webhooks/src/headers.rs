use std::collections::BTreeMap;

use api::{ApiError, cut};
use http::{HeaderName, HeaderValue};
use webhook::SIGNED_HEADERS;

/// Headers of an account's own, and bytes of a value.
const MOST: usize = 10;
const LONGEST: usize = 500;
/// Headers that are not an account's to set, beside those that are signed.
const OURS: [&str; 12] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// Headers that requests are to have besides, by their names in lower case.
pub(crate) fn headers(
    given: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, ApiError> {
    if given.len() > MOST {
        return Err(invalid(format!(
            "at most {MOST} headers, not {}",
            given.len()
        )));
    }
    let mut headers = BTreeMap::new();
    for (name, value) in given {
        let known = HeaderName::from_bytes(name.as_bytes());
        let known =
            known.map_err(|_| invalid(format!("{:?} is no name of a header", cut(&name))))?;
        let is_ours = OURS.contains(&known.as_str()) || SIGNED_HEADERS.contains(&known.as_str());
        if is_ours {
            return Err(invalid(format!("{known} is set by us")));
        }
        let is_value = HeaderValue::from_str(&value).is_ok_and(|value| value.to_str().is_ok());
        if !is_value || value.len() > LONGEST {
            return Err(invalid(format!(
                "the value of {known} is at most {LONGEST} visible characters of ASCII"
            )));
        }
        if headers.insert(known.as_str().to_owned(), value).is_some() {
            return Err(invalid(format!("{known} is there twice")));
        }
    }
    Ok(headers)
}

fn invalid(rule: impl std::fmt::Display) -> ApiError {
    let message = format!("headers: {rule}; for example {{\"X-Environment\": \"production\"}}");
    ApiError::invalid("headers", message).reason("header_invalid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &[(&str, &str)], expected: Result<&[(&str, &str)], &str>) {
        let owned = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            let pairs = pairs.iter();
            pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        match (headers(owned(given)), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, owned(expected)),
            (Err(error), Err(expected)) => {
                assert!(error.message().contains(expected), "{}", error.message());
            }
            (found, _) => panic!("{found:?}"),
        }
    }

    #[test]
    fn only_what_is_the_accounts_to_set() {
        check(&[], Ok(&[]));
        check(&[("X-Env", "a b")], Ok(&[("x-env", "a b")]));
        check(
            &[("Authorization", "Bearer x")],
            Ok(&[("authorization", "Bearer x")]),
        );
        check(&[("Webhook-Id", "1")], Err("webhook-id is set by us"));
        check(&[("X-IntLiq-Signature", "1")], Err("set by us"));
        check(&[("Host", "a")], Err("host is set by us"));
        check(&[("a b", "1")], Err("no name of a header"));
        check(&[("", "1")], Err("no name of a header"));
        check(&[("x", "a\r\nHost: b")], Err("visible characters"));
        check(&[("x", "\u{e9}")], Err("visible characters"));
        check(&[("x", &"a".repeat(501))], Err("at most 500"));
        check(&[("X-A", "1"), ("x-a", "2")], Err("twice"));
        let many: Vec<String> = (0..11).map(|n| format!("x-{n}")).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|name| (&**name, "1")).collect();
        check(&many, Err("at most 10"));
    }
}
