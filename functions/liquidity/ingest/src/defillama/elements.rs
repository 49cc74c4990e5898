use std::fmt;

use serde::de::{DeserializeOwned, Deserializer as _, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Calls `each` with the first `most` elements of an array as they stand in the text, and returns how many there were in all. An element
/// of an odd type or shape is the caller's to leave out, so that it does not lose the others.
///
/// # Errors
/// If the text is not JSON, or not an array.
pub(super) fn elements<'a>(
    json: &'a [u8],
    most: usize,
    each: impl FnMut(&'a RawValue),
) -> Result<usize, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_slice(json);
    let count = json.deserialize_seq(Elements { most, each })?;
    json.end()?;
    Ok(count)
}

struct Elements<F> {
    most: usize,
    each: F,
}

impl<'a, F: FnMut(&'a RawValue)> Visitor<'a> for Elements<F> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut array: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while count < self.most {
            let Some(element) = array.next_element()? else {
                return Ok(count);
            };
            (self.each)(element);
            count += 1;
        }
        while array.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(count)
    }
}

/// A field of an element; none if it is absent, null, or of another type.
pub(super) fn field<T: DeserializeOwned>(raw: Option<&RawValue>) -> Option<T> {
    serde_json::from_str(raw?.get()).ok()
}

/// An amount of US dollars, 0 to 10^15; none if it is absent, negative or no number.
pub(super) fn usd(raw: Option<&RawValue>) -> Option<f64> {
    let usd: f64 = field(raw)?;
    (0.0..=1e15).contains(&usd).then_some(usd + 0.0)
}
