//! JSON of callers: read strictly, with errors that name the field.
//!
//! What serde derives for a struct also takes an array, by the position of its fields, and the errors of `serde_json` name types
//! of Rust. So a body is read into [`Json`] first, which tells duplicate keys, and from it into the type.

use std::collections::HashSet;
use std::fmt::{self, Display};

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{
    DeserializeOwned, Deserializer, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::{Number, Value};

/// Why a text is not the JSON that is expected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonError {
    /// Where, such as `items[2].strength`; empty for the text as a whole.
    pub path: String,
    /// What is wrong, for the caller.
    pub message: String,
}

/// Reads a whole text.
pub fn from_slice<T: DeserializeOwned>(text: &[u8]) -> Result<T, JsonError> {
    let json: Json = serde_json::from_slice(text).map_err(JsonError::custom)?;
    T::deserialize(json)
}

/// Reads a part of a text that was read before.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, JsonError> {
    let json = Json::deserialize(value).map_err(JsonError::custom)?;
    T::deserialize(json)
}

/// A JSON value whose objects have each key once.
#[derive(Debug)]
enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Values)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        let number = Number::from_f64(value);
        number
            .map(Json::Number)
            .ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = array.next_element()? {
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json, A::Error> {
        let mut fields: Vec<(String, Json)> = Vec::new();
        let mut seen = HashSet::new();
        while let Some((name, value)) = object.next_entry::<String, Json>()? {
            if !seen.insert(name.clone()) {
                return Err(A::Error::custom(format_args!(
                    "the field {name:?} is there twice"
                )));
            }
            fields.push((name, value));
        }
        Ok(Json::Object(fields))
    }
}

impl Json {
    fn unexpected(&self) -> Unexpected<'_> {
        match self {
            Self::Null => Unexpected::Other("null"),
            Self::Bool(value) => Unexpected::Bool(*value),
            Self::Number(number) => Unexpected::Other(if number.is_f64() {
                "a fraction"
            } else {
                "a number"
            }),
            Self::Text(_) => Unexpected::Other("a text"),
            Self::Array(_) => Unexpected::Other("an array"),
            Self::Object(_) => Unexpected::Other("an object"),
        }
    }

    /// A whole number written with a fraction, such as 5.0, as an integer.
    fn whole(self) -> Self {
        /// Up to here a double tells all integers apart.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let Self::Number(number) = &self else {
            return self;
        };
        match number.as_f64() {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "it is whole and small enough"
            )]
            Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() < EXACT => {
                Self::Number((value as i64).into())
            }
            _ => self,
        }
    }
}

/// An element of an array or a field of an object, whose errors say where it is.
struct Part {
    place: String,
    json: Json,
}

macro_rules! of_whole_numbers {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
            self.whole().deserialize_any(visitor)
        }
    )* };
}

impl<'de> Deserializer<'de> for Json {
    type Error = JsonError;

    of_whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Self::Text(text) => visitor.visit_string(text),
            Self::Array(values) => {
                let parts = values.into_iter().enumerate();
                let parts = parts.map(|(index, json)| Part {
                    place: format!("[{index}]"),
                    json,
                });
                visitor.visit_seq(SeqDeserializer::new(parts))
            }
            Self::Object(fields) => {
                let parts = fields.into_iter().map(|(name, json)| {
                    let place = name.clone();
                    (name, Part { place, json })
                });
                visitor.visit_map(MapDeserializer::new(parts))
            }
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        match self {
            Self::Object(_) => self.deserialize_any(visitor),
            _ => Err(JsonError::invalid_type(self.unexpected(), &"an object")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Self::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        match self {
            Self::Text(word) => {
                let word: StrDeserializer<'_, JsonError> = word.as_str().into_deserializer();
                visitor.visit_enum(word)
            }
            _ => Err(JsonError::invalid_type(self.unexpected(), &"a text")),
        }
    }
}

macro_rules! at_their_place {
    ($($method:ident ( $($argument:ident : $type:ty),* ))*) => { $(
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, JsonError> {
            self.json.$method($($argument,)* visitor).map_err(|error| error.within(&self.place))
        }
    )* };
}

impl<'de> Deserializer<'de> for Part {
    type Error = JsonError;

    at_their_place! {
        deserialize_any() deserialize_bool() deserialize_char() deserialize_str() deserialize_string()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_u8() deserialize_u16()
        deserialize_u32() deserialize_u64() deserialize_f32() deserialize_f64() deserialize_bytes()
        deserialize_byte_buf() deserialize_option() deserialize_unit() deserialize_seq() deserialize_map()
        deserialize_identifier() deserialize_ignored_any()
        deserialize_unit_struct(name: &'static str) deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(length: usize) deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }
}

impl IntoDeserializer<'_, JsonError> for Part {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl JsonError {
    fn at(path: &str, message: String) -> Self {
        Self {
            path: path.to_owned(),
            message,
        }
    }

    fn within(mut self, place: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = format!("{place}{dot}{}", self.path);
        self
    }
}

/// What serde says is expected, in the words of JSON.
fn in_words(expected: &dyn Expected) -> String {
    let expected = expected.to_string();
    match expected.as_str() {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "isize" => {
            "a whole number".to_owned()
        }
        "f32" | "f64" => "a number".to_owned(),
        "a string" | "string" => "a text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "an array".to_owned(),
        "a map" => "an object".to_owned(),
        _ if expected.starts_with("struct ") => "an object".to_owned(),
        _ => expected,
    }
}

impl serde::de::Error for JsonError {
    fn custom<T: Display>(message: T) -> Self {
        Self::at("", message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Bool(value) => value.to_string(),
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a number".to_owned(),
            Unexpected::Float(_) => "a fraction".to_owned(),
            Unexpected::Str(_) => "a text".to_owned(),
            Unexpected::Unit => "null".to_owned(),
            Unexpected::Seq => "an array".to_owned(),
            Unexpected::Map => "an object".to_owned(),
            other => other.to_string(),
        };
        Self::custom(format_args!(
            "expected {}, found {found}",
            in_words(expected)
        ))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = unexpected.to_string();
        let found = found
            .rsplit('`')
            .nth(1)
            .map_or(found.clone(), str::to_owned);
        Self::custom(format_args!(
            "expected {}, found {found}",
            in_words(expected)
        ))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let fields = expected.join(", ");
        Self::at(
            field,
            format!("this field is not known; the fields are {fields}"),
        )
    }

    fn missing_field(field: &'static str) -> Self {
        Self::at(field, "this field is missing".to_owned())
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let variant: String = variant.chars().take(40).collect();
        Self::custom(format_args!(
            "{variant:?} is not known; use one of {}",
            expected.join(", ")
        ))
    }
}

impl Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for JsonError {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Form {
        name: String,
        #[serde(default)]
        count: Option<i64>,
        #[serde(default)]
        share: f64,
        #[serde(default)]
        kinds: Vec<Kind>,
        #[serde(default)]
        parts: Vec<Part>,
        #[serde(default)]
        weights: BTreeMap<String, f64>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Part {
        at: u8,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Hiring,
        News,
    }

    #[track_caller]
    fn refuse(text: &str, error: &str) {
        assert_eq!(
            from_slice::<Form>(text.as_bytes()).unwrap_err().to_string(),
            error,
            "{text}"
        );
    }

    #[test]
    fn what_is_read() {
        let form: Form = from_slice(
            br#"{"name": "\ufffd", "count": 5.0, "share": 1, "kinds": ["news"], "parts": [{"at": 2e1}], "weights": {"a": 2}}"#,
        )
        .unwrap();
        assert_eq!(
            form,
            Form {
                name: "\u{fffd}".to_owned(),
                count: Some(5),
                share: 1.0,
                kinds: vec![Kind::News],
                parts: vec![Part { at: 20 }],
                weights: BTreeMap::from([("a".to_owned(), 2.0)]),
            }
        );
        assert_eq!(
            from_slice::<Form>(br#"{"name": "", "count": null}"#)
                .unwrap()
                .count,
            None
        );
        let any: serde_json::Value = from_slice(br#"[1, 2.5, null, {"a": [true]}]"#).unwrap();
        assert_eq!(any, serde_json::json!([1, 2.5, null, {"a": [true]}]));
    }

    #[test]
    fn errors_name_the_field_in_words_of_json() {
        refuse("[]", "expected an object, found an array");
        refuse(r#"["x", 5]"#, "expected an object, found an array");
        refuse("null", "expected an object, found null");
        refuse("7", "expected an object, found a number");
        refuse("{}", "name: this field is missing");
        refuse(r#"{"name": 7}"#, "name: expected a text, found a number");
        refuse(r#"{"name": null}"#, "name: expected a text, found null");
        refuse(
            r#"{"name": "x", "count": 5.5}"#,
            "count: expected a whole number, found a fraction",
        );
        refuse(
            r#"{"name": "x", "count": 1e30}"#,
            "count: expected a whole number, found a fraction",
        );
        refuse(
            r#"{"name": "x", "share": "5"}"#,
            "share: expected a number, found a text",
        );
        refuse(
            r#"{"name": "x", "parts": [{"at": 1}, {"at": 300}]}"#,
            "parts[1].at: expected a whole number, found 300",
        );
        refuse(
            r#"{"name": "x", "parts": [{"at": 1}, [1]]}"#,
            "parts[1]: expected an object, found an array",
        );
        refuse(
            r#"{"name": "x", "parts": {}}"#,
            "parts: expected an array, found an object",
        );
        refuse(
            r#"{"name": "x", "kinds": ["dancing"]}"#,
            "kinds[0]: \"dancing\" is not known; use one of hiring, news",
        );
        refuse(
            r#"{"name": "x", "weights": {"a": true}}"#,
            "weights.a: expected a number, found true",
        );
        refuse(
            r#"{"name": "x", "nmae": 1}"#,
            "nmae: this field is not known; the fields are name, count, share, kinds, parts, weights",
        );
        refuse(
            r#"{"name": "x", "name": "y"}"#,
            "the field \"name\" is there twice at line 1 column 26",
        );
        refuse(
            "{\"name\": ",
            "EOF while parsing a value at line 1 column 9",
        );
    }
}
