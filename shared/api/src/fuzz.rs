use std::collections::BTreeMap;

use endpoints::{Dialect, Values};
use fuzzing::{assert_linear, check};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use serde::Deserialize;
use serde_json::Value;

use crate::body::values;
use crate::credential::Credential;
use crate::json::{JsonError, from_slice, from_value};
use crate::{Params, one_line};

/// A body with a field of each kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it is only read into")]
struct Form {
    name: String,
    #[serde(default)]
    count: Option<i64>,
    #[serde(default)]
    share: f64,
    #[serde(default)]
    small: u8,
    #[serde(default)]
    kinds: Vec<Kind>,
    #[serde(default)]
    parts: Vec<Part>,
    #[serde(default)]
    weights: BTreeMap<String, f64>,
    #[serde(default)]
    given: Option<Given>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is only read into")]
struct Part {
    at: u8,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Hiring,
    News,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a number or a text")]
#[expect(dead_code, reason = "it is only read into")]
enum Given {
    Number(f64),
    Text(String),
}

/// The values in a JSON value, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// The value at a path of an error, such as `items[2].strength`: as far as the document has it.
fn names_a_field(document: &Value, path: &str) -> bool {
    let Value::Object(fields) = document else {
        return path.is_empty();
    };
    let known = [
        "name", "count", "share", "small", "kinds", "parts", "weights", "given",
    ];
    let names = fields.keys().map(String::as_str).chain(known);
    // A field whose name is empty has an empty path.
    let mut names = names.into_iter();
    names.any(|name| path.starts_with(name) && (name.is_empty() || !path.is_empty()))
}

fn assert_message(error: &JsonError, text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    for rust in [
        "struct ", "enum ", "variant", "i64", "u8", "f64", "usize", "untagged", "Option", "map",
        "sequence",
    ] {
        assert!(
            !error.message.contains(rust) || text.contains(rust),
            "{error}"
        );
    }
}

#[test]
fn fuzz_json() {
    check("json", |text| {
        let read = from_slice::<Value>(text);
        let plain = serde_json::from_slice::<Value>(text);
        match (&read, &plain) {
            (Ok(read), Ok(plain)) => {
                assert_eq!(read, plain);
                assert_eq!(from_value::<Value>(plain).as_ref(), Ok(plain));
                let printed = serde_json::to_vec(plain).unwrap();
                assert_eq!(&from_slice::<Value>(&printed).unwrap(), plain);
                // What is refused by the number of values is counted without reading it.
                assert!(values(text) + 1 >= count(plain));
                assert!(values(text) < text.len().max(1));
            }
            (Err(error), Ok(_)) => assert!(error.message.contains("is there twice"), "{error}"),
            (Err(error), Err(_)) => assert!(error.path.is_empty(), "{error}"),
            (Ok(_), Err(error)) => panic!("read what is not JSON: {error}"),
        }
        if let Err(error) = from_slice::<Form>(text) {
            assert_message(&error, text);
            if let Ok(document) = read {
                assert!(names_a_field(&document, &error.path), "{error}");
            }
        }
    });
}

#[test]
fn long_json_takes_time_in_proportion() {
    let read = |text: &[u8]| {
        let _ = from_slice::<Value>(text);
        let _ = from_slice::<Form>(text);
        values(text);
    };
    let shapes = [
        ("[0", ",0"),
        ("", "["),
        ("", "{\"a\":"),
        ("\"", "\\u0041"),
        ("\"", "\\\\"),
        ("", "1"),
        ("0.", "9"),
        ("1e", "0"),
        ("{\"name\":\"\",\"kinds\":[\"news\"", ",\"news\""),
        ("{\"weights\":{\"a\":1", ",\"a\":1"),
    ];
    assert_linear(
        ("{\"name\":\"\",\"parts\":[{\"at\":1}", ",{\"at\":1}"),
        &shapes,
        read,
    );
}

#[test]
fn fuzz_credential() {
    check("credential", |input| {
        let Ok(value) = HeaderValue::from_bytes(input) else {
            return;
        };
        for name in [AUTHORIZATION, HeaderName::from_static("x-api-key")] {
            let headers = HeaderMap::from_iter([(name, value.clone())]);
            for endpoint in endpoints::all() {
                let read = Credential::read(&headers, endpoint);
                let Ok(Credential::Key(text) | Credential::Session(text)) = read else {
                    continue;
                };
                assert!(!text.is_empty() && text.trim() == text, "{text:?}");
                assert!(input.len() >= text.len());
                let is_session = matches!(read, Ok(Credential::Session(_)));
                assert_eq!(text.contains('.'), is_session);
                if endpoint.dialect == Dialect::Standard {
                    assert_eq!(Credential::is_session(&headers), is_session);
                    let product = Credential::product(&headers);
                    assert_eq!(product, auth::RawKey::product_of(text));
                }
            }
        }
    });
}

/// The query string of any endpoint.
#[test]
fn fuzz_query() {
    check("query", |input| {
        let Ok(text) = std::str::from_utf8(input) else {
            return;
        };
        let Ok(uri) = format!("/x?{text}").parse::<Uri>() else {
            return;
        };
        for endpoint in endpoints::all() {
            let params = match Params::read(&uri, endpoint) {
                Ok(params) => params,
                Err(error) => {
                    assert_eq!(error.code(), crate::Code::BadRequest);
                    assert!(error.message().chars().count() < 1_000);
                    continue;
                }
            };
            for param in endpoint.params.iter().filter(|param| !param.is_in_path()) {
                let is_given = params.optional(param).is_some();
                match param.values {
                    Values::Number { least, most, .. } => match params.number(param) {
                        Ok(number) => assert!((least..=most).contains(&number), "{number}"),
                        Err(_) => assert!(is_given),
                    },
                    Values::Flag { default } => match params.flag(param) {
                        Ok(flag) => assert!(is_given || flag == default),
                        Err(_) => assert!(is_given),
                    },
                    Values::Text | Values::Words(_) => {}
                }
            }
        }
    });
}

#[test]
fn fuzz_one_line() {
    check("one_line", |input| {
        let Ok(text) = std::str::from_utf8(input) else {
            return;
        };
        if let Ok(line) = one_line("name", text, 40, "Acme") {
            assert!(types::is_one_line(&line) && !line.is_empty() && line.chars().count() <= 40);
            assert_eq!(one_line("name", &line, 40, "Acme").ok(), Some(line));
        }
    });
}
