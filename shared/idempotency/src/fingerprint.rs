use ring::digest;
use serde::Serialize;
use serde_json::{Number, Value};

/// Whole numbers up to here are exact in a double, so that 2 and 2.0 are the same number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The SHA-256 of a request's content. White space, the order of fields and the notation of numbers do not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a body, or of what was parsed from it.
    pub fn of(content: &impl Serialize) -> Result<Self, serde_json::Error> {
        let mut text = Vec::new();
        write(&serde_json::to_value(content)?, &mut text);
        let digest = digest::digest(&digest::SHA256, &text);
        Ok(Self(hex::encode(digest)))
    }

    /// 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn write(value: &Value, to: &mut Vec<u8>) {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => to.extend(value.to_string().bytes()),
        Value::Number(number) => to.extend(canonical(number).bytes()),
        Value::Array(items) => {
            to.push(b'[');
            for (index, item) in items.iter().enumerate() {
                to.extend((index > 0).then_some(b','));
                write(item, to);
            }
            to.push(b']');
        }
        Value::Object(fields) => {
            // Whether the map is sorted depends on a feature that any crate may turn on.
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            to.push(b'{');
            for (index, (name, value)) in fields.into_iter().enumerate() {
                to.extend((index > 0).then_some(b','));
                to.extend(Value::from(name.as_str()).to_string().bytes());
                to.push(b':');
                write(value, to);
            }
            to.push(b'}');
        }
    }
}

/// One text for one number: 2, 2.0 and 20e-1 are `2`.
fn canonical(number: &Number) -> String {
    match number.as_f64().filter(|_| number.is_f64()) {
        // Adding zero removes the sign of a negative zero.
        Some(double) if double.fract() == 0.0 && double.abs() < EXACT => {
            format!("{:.0}", double + 0.0)
        }
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(json: &str) -> Fingerprint {
        Fingerprint::of(&serde_json::from_str::<Value>(json).unwrap()).unwrap()
    }

    #[test]
    fn differences_that_do_not_matter() {
        let plain = of(r#"{"a":1,"b":[true,null,"x"],"c":{"d":0.5,"e":0}}"#);
        assert_eq!(
            plain,
            of(
                "{ \"c\": {\"e\": -0.0, \"d\": 5e-1},\n \"b\": [true, null, \"\\u0078\"], \"a\": 1.0 }"
            )
        );
        assert_eq!(of("1000"), of("1e3"));
    }

    #[test]
    fn differences_that_matter() {
        let different = [
            "1",
            "\"1\"",
            "1.5",
            "-1",
            "true",
            "null",
            "\"\"",
            "[]",
            "{}",
            "[1]",
            "[[1]]",
            "[1,2]",
            "[2,1]",
            "[\"1,2\"]",
            "{\"a\":1}",
            "{\"a\":null}",
            "{\"a\":\"b\"}",
            "{\"b\":\"a\"}",
            "9007199254740993",
            "9007199254740992",
            "18446744073709551615",
        ];
        let mut seen: Vec<String> = different.map(|json| of(json).0).to_vec();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), different.len());
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
            ".{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".{0,4}", inner, 0..6)
                    .prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    /// The same JSON with its fields in reverse, more white space, and whole numbers written with a fraction.
    fn respelt(value: &Value) -> String {
        match value {
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(respelt).collect();
                format!("[ {} ]", items.join(" ,\n"))
            }
            Value::Object(fields) => {
                let mut fields: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| {
                        format!("{} :\t{}", Value::from(name.as_str()), respelt(value))
                    })
                    .collect();
                fields.reverse();
                format!("{{\r\n{} }}", fields.join(" , "))
            }
            Value::Number(number) if number.as_i64().is_some_and(|whole| whole.abs() < 1 << 52) => {
                format!("{number}.0e0")
            }
            other => other.to_string(),
        }
    }

    /// The same JSON with one of its values changed, for each of its values.
    fn changed(value: &Value) -> Vec<Value> {
        let mut all = match value {
            Value::Null => vec![Value::from(0)],
            Value::Bool(value) => vec![Value::from(!value)],
            Value::Number(_) => vec![Value::Null, Value::from(value.to_string())],
            Value::String(text) => vec![
                Value::from(format!("{text}x")),
                Value::from(vec![text.as_str()]),
            ],
            Value::Array(_) | Value::Object(_) => {
                vec![Value::Null, Value::from(vec![value.clone()])]
            }
        };
        if let Value::Array(items) = value {
            for (index, item) in items.iter().enumerate() {
                let with = |item| {
                    let mut items = items.clone();
                    items[index] = item;
                    Value::from(items)
                };
                all.extend(changed(item).into_iter().map(with));
            }
        }
        if let Value::Object(fields) = value {
            for (name, field) in fields {
                let with = |name: &str, field| {
                    let mut fields = fields.clone();
                    fields.insert(name.to_owned(), field);
                    Value::from(fields)
                };
                all.extend(changed(field).into_iter().map(|field| with(name, field)));
                let longer = format!("{name}x");
                if !fields.contains_key(&longer) {
                    all.push(with(&longer, field.clone()));
                }
            }
        }
        all
    }

    #[test]
    fn fuzz_fingerprint() {
        fuzzing::check("fingerprint", |text| {
            let Ok(value) = serde_json::from_slice::<Value>(text) else {
                return;
            };
            let fingerprint = Fingerprint::of(&value).unwrap();
            assert_eq!(of(&respelt(&value)), fingerprint);
            assert_eq!(
                of(&serde_json::to_string_pretty(&value).unwrap()),
                fingerprint
            );
            // The canonical text of the canonical text is itself.
            let mut canonical = Vec::new();
            write(&value, &mut canonical);
            let read: Value = serde_json::from_slice(&canonical).unwrap();
            assert!(is_same(&value, &read), "{value} {read}");
            let mut again = Vec::new();
            write(&read, &mut again);
            assert_eq!(again, canonical);
            for other in changed(&value).iter().take(50) {
                assert_ne!(Fingerprint::of(other).unwrap(), fingerprint, "{other}");
            }
        });
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn spelling_does_not_matter(value in json()) {
            prop_assert_eq!(of(&value.to_string()), of(&respelt(&value)));
        }

        #[test]
        fn the_canonical_text_is_the_same_value(value in json()) {
            let mut text = Vec::new();
            write(&value, &mut text);
            let read: Value = serde_json::from_slice(&text).unwrap();
            prop_assert!(is_same(&value, &read), "{value} {read}");
        }
    }

    fn is_same(a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
            }
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .all(|(name, a)| b.get(name).is_some_and(|b| is_same(a, b)))
            }
            _ => a == b,
        }
    }
}
