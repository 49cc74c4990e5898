//! DynamoDB's request units, as AWS documents them: "Item sizes and formats"
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>) and "Read and write
//! operations" (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>).
//! Emulators do not count them.

use serde_json::Value;

const KB: usize = 1024;

/// How current a read must be, which decides its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It may miss the latest writes: half a unit per 4 KB.
    Eventual,
    /// It sees every write before it: one unit per 4 KB.
    Strong,
    /// It is a part of a transaction: two units per 4 KB.
    Transactional,
}

impl Reading {
    /// Read units for so many bytes. What does not exist costs as much as something small.
    pub fn units(self, bytes: usize) -> f64 {
        let each = match self {
            Self::Eventual => 0.5,
            Self::Strong => 1.0,
            Self::Transactional => 2.0,
        };
        each * blocks(bytes, 4 * KB)
    }
}

/// Write units for an item, by the larger of its sizes before and after. A refused condition costs the same; a part of a
/// transaction costs twice as much.
pub fn write_units(bytes: usize) -> f64 {
    blocks(bytes, KB)
}

fn blocks(bytes: usize, of: usize) -> f64 {
    let blocks = bytes.div_ceil(of).max(1);
    // An item has at most 400 KB, a page of a query 1 MB.
    u32::try_from(blocks).map_or(f64::INFINITY, f64::from)
}

/// Bytes of an item in DynamoDB's JSON; 0 if there is none.
pub fn item_bytes(item: &Value) -> usize {
    let attributes = item.as_object().into_iter().flatten();
    attributes
        .map(|(name, value)| name.len() + value_bytes(value))
        .sum()
}

/// Bytes of an attribute's value. AWS does not say what a set costs beside its elements; it is counted as a list here,
/// which is rather too much.
fn value_bytes(value: &Value) -> usize {
    let Some((kind, value)) = value.as_object().and_then(|value| value.iter().next()) else {
        return 0;
    };
    let text = value.as_str().unwrap_or_default();
    let elements = || value.as_array().into_iter().flatten();
    let texts = || elements().filter_map(Value::as_str);
    match kind.as_str() {
        "S" => text.len(),
        "N" => number_bytes(text),
        "B" => binary_bytes(text),
        "SS" => nested(texts().map(str::len)),
        "NS" => nested(texts().map(number_bytes)),
        "BS" => nested(texts().map(binary_bytes)),
        "L" => nested(elements().map(value_bytes)),
        "M" => {
            let entries = value.as_object().into_iter().flatten();
            nested(entries.map(|(name, value)| name.len() + value_bytes(value)))
        }
        // A Boolean or null.
        _ => 1,
    }
}

fn nested(elements: impl Iterator<Item = usize>) -> usize {
    3 + elements.map(|bytes| bytes + 1).sum::<usize>()
}

/// One byte for two significant digits, one for the number, one for its sign if it is negative.
fn number_bytes(text: &str) -> usize {
    let (mantissa, _) = text.split_once(['e', 'E']).unwrap_or((text, ""));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_matches('0').len();
    significant.div_ceil(2) + 1 + usize::from(mantissa.starts_with('-'))
}

/// Base64 carries three bytes in four characters.
fn binary_bytes(text: &str) -> usize {
    text.trim_end_matches('=').len() * 3 / 4
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "multiples of a half are exact")]
mod tests {
    use super::*;
    use serde_json::json;

    /// So many tenths of a KB.
    fn kb(tenths: usize) -> usize {
        tenths * KB / 10
    }

    #[test]
    fn reads_are_those_of_the_documented_examples() {
        // GetItem of 3.5 KB: as 4 KB.
        assert_eq!(Reading::Strong.units(kb(35)), 1.0);
        assert_eq!(Reading::Eventual.units(kb(35)), 0.5);
        // An item of 8 KB: 2 strongly consistent, 1 eventually, 4 in a transaction.
        assert_eq!(Reading::Strong.units(kb(80)), 2.0);
        assert_eq!(Reading::Eventual.units(kb(80)), 1.0);
        assert_eq!(Reading::Transactional.units(kb(80)), 4.0);
        // BatchGetItem of 1.5 and 6.5 KB: as 4 and 8, not as 8 in all.
        assert_eq!(
            Reading::Strong.units(kb(15)) + Reading::Strong.units(kb(65)),
            3.0
        );
        // Query of 40.8 KB in all: as 44.
        assert_eq!(Reading::Strong.units(kb(408)), 11.0);
        // Nothing found.
        assert_eq!(Reading::Strong.units(0), 1.0);
        assert_eq!(Reading::Eventual.units(0), 0.5);
    }

    #[test]
    fn writes_are_those_of_the_documented_examples() {
        // PutItem of 500 bytes: as 1 KB. Of 1.5 and 6.5 KB: 2 and 7.
        assert_eq!(write_units(500), 1.0);
        assert_eq!(write_units(kb(15)) + write_units(kb(65)), 9.0);
        assert_eq!(write_units(KB), 1.0);
        assert_eq!(write_units(KB + 1), 2.0);
    }

    #[test]
    fn an_item_is_its_names_and_values() {
        for (value, bytes) in [
            (json!({"S": "größe"}), 7),
            (json!({"N": "27"}), 2),
            (json!({"N": "-27"}), 3),
            (json!({"N": "1000"}), 2),
            (json!({"N": "0"}), 1),
            (json!({"N": "0.00123"}), 3),
            (json!({"B": "AAECAw=="}), 4),
            (json!({"BOOL": true}), 1),
            (json!({"NULL": true}), 1),
            (json!({"M": {}}), 3),
            (json!({"L": []}), 3),
            (json!({"L": [{"S": "ab"}, {"N": "7"}]}), 3 + 3 + 3),
            (json!({"M": {"a": {"S": "bc"}}}), 3 + 4),
            (json!({"SS": ["ab", "c"]}), 3 + 3 + 2),
        ] {
            assert_eq!(item_bytes(&json!({ "name": value })), 4 + bytes, "{value}");
        }
        assert_eq!(item_bytes(&Value::Null), 0);
    }
}
