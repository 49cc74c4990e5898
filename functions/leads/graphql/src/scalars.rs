use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use types::Timestamp;

/// An instant with its zone, such as `2026-12-01T00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ZonedDateTime(pub(crate) Timestamp);

#[Scalar]
impl ScalarType for ZonedDateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        Ok(Self(text.parse()?))
    }

    /// Seconds are left out where they are zero, as the published API does.
    fn to_value(&self) -> Value {
        let text = self.0.to_string();
        Value::String(match text.strip_suffix(":00Z") {
            Some(minute) => format!("{minute}Z"),
            None => text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_minutes_have_no_seconds() {
        for (given, shown) in [
            ("2026-12-01T00:00:00Z", "2026-12-01T00:00Z"),
            ("2026-12-01T00:00:01Z", "2026-12-01T00:00:01Z"),
        ] {
            let instant = ZonedDateTime(given.parse().unwrap());
            assert_eq!(instant.to_value(), Value::from(shown));
        }
    }
}
