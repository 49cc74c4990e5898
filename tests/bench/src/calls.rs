//! What one call of DynamoDB costs, from its request, its answer and the sizes of the items it wrote.

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::units::{Reading, item_bytes, write_units};

/// Request units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Units {
    /// Read request units.
    pub read: f64,
    /// Write request units.
    pub write: f64,
}

/// An item that a call writes.
#[derive(Clone, Copy, Debug)]
pub struct Write<'a> {
    /// Its table.
    pub table: &'a str,
    /// Its key attributes, and no others unless the call puts the whole item.
    pub attributes: &'a Value,
}

impl<'a> Write<'a> {
    fn new(table: &'a Value, attributes: &'a Value) -> Self {
        Self {
            table: table.as_str().unwrap_or_default(),
            attributes,
        }
    }
}

/// The items that a call writes, in the order of the request.
pub fn writes<'a>(operation: &str, request: &'a Value) -> Vec<Write<'a>> {
    match operation {
        "PutItem" => vec![Write::new(&request["TableName"], &request["Item"])],
        "UpdateItem" | "DeleteItem" => vec![Write::new(&request["TableName"], &request["Key"])],
        "TransactWriteItems" => {
            let parts = elements(&request["TransactItems"]).flat_map(members);
            let write = |(kind, part): (&str, &'a Value)| {
                let attributes = if kind == "Put" { "Item" } else { "Key" };
                Write::new(&part["TableName"], &part[attributes])
            };
            parts.map(write).collect()
        }
        "BatchWriteItem" => {
            let write = |table, part: &'a Value| {
                let put = member(part, &["PutRequest", "Item"]);
                let delete = member(part, &["DeleteRequest", "Key"]);
                let attributes = if put.is_null() { delete } else { put };
                Write { table, attributes }
            };
            let tables = members(&request["RequestItems"]);
            tables
                .flat_map(|(table, parts)| elements(parts).map(move |part| write(table, part)))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The units of a call. `written` is the largest size of each of its [`writes`]: before, after, or as it was to be.
/// Fails where the answer does not show what was read.
pub fn units(
    operation: &str,
    request: &Value,
    response: &Value,
    written: &[usize],
) -> Result<Units> {
    let times = if operation == "TransactWriteItems" {
        2.0
    } else {
        1.0
    };
    let write: f64 = written
        .iter()
        .map(|bytes| times * write_units(*bytes))
        .sum();
    let read = match operation {
        "GetItem" => reading(request)?.units(item_bytes(&response["Item"])),
        "BatchGetItem" => batch(request, response)?,
        "Query" | "Scan" => {
            let bytes = elements(&response["Items"]).map(item_bytes).sum();
            reading(request)?.units(bytes)
        }
        "TransactGetItems" => {
            let items = elements(&response["Responses"]).map(|answer| item_bytes(&answer["Item"]));
            items.map(|bytes| Reading::Transactional.units(bytes)).sum()
        }
        _ => 0.0,
    };
    Ok(Units { read, write })
}

/// The same read of whole items, if a call reads parts of them: it pays for the whole.
pub fn without_projection(request: &Value) -> Option<Value> {
    let mut whole = request.clone();
    let mut parts: Vec<&mut Value> = match whole.get_mut("RequestItems") {
        Some(Value::Object(tables)) => tables.values_mut().collect(),
        _ => vec![&mut whole],
    };
    let mut projected = false;
    for part in parts.iter_mut().filter_map(|part| part.as_object_mut()) {
        projected |= part.remove("ProjectionExpression").is_some();
    }
    projected.then_some(whole)
}

/// Every key costs by itself, whether there is an item or not; but for those that the answer left for another call.
fn batch(request: &Value, response: &Value) -> Result<f64> {
    let mut units = 0.0;
    for (table, part) in members(&request["RequestItems"]) {
        let reading = reading(part)?;
        let left = elements(member(response, &["UnprocessedKeys", table, "Keys"])).count();
        let asked = elements(&part["Keys"]).count() - left;
        let mut found: Vec<usize> = elements(member(response, &["Responses", table]))
            .map(item_bytes)
            .collect();
        found.resize(asked.max(found.len()), 0);
        units += found
            .into_iter()
            .map(|bytes| reading.units(bytes))
            .sum::<f64>();
    }
    Ok(units)
}

fn reading(request: &Value) -> Result<Reading> {
    for hides in [
        "ProjectionExpression",
        "AttributesToGet",
        "FilterExpression",
        "Select",
    ] {
        ensure!(
            request.get(hides).is_none(),
            "{hides} hides the size of what is read"
        );
    }
    let strong = request["ConsistentRead"].as_bool().unwrap_or(false);
    Ok(if strong {
        Reading::Strong
    } else {
        Reading::Eventual
    })
}

/// A member of a member; null if there is none.
pub(crate) fn member<'a>(value: &'a Value, names: &[&str]) -> &'a Value {
    let found = names.iter().try_fold(value, |value, name| value.get(name));
    found.unwrap_or(&Value::Null)
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(operation: &str, request: &Value, response: &Value, written: &[usize]) -> (f64, f64) {
        let units = units(operation, request, response, written).unwrap();
        (units.read, units.write)
    }

    #[test]
    fn a_batch_pays_for_every_key_that_was_looked_at() {
        let request = json!({"RequestItems": {"t": {"Keys": [{}, {}, {}, {}]}}});
        let large = "x".repeat(6_500);
        let response = json!({
            "Responses": {"t": [{"a": {"S": "small"}}, {"a": {"S": large}}]},
            "UnprocessedKeys": {"t": {"Keys": [{}]}}
        });
        assert_eq!(of("BatchGetItem", &request, &response, &[]), (2.0, 0.0));
    }

    #[test]
    fn a_read_of_parts_is_one_of_the_whole_for_its_price() {
        let request = json!({"RequestItems": {"t": {"Keys": [{}], "ProjectionExpression": "a"}}});
        let whole = json!({"RequestItems": {"t": {"Keys": [{}]}}});
        assert!(units("BatchGetItem", &request, &json!({}), &[]).is_err());
        assert_eq!(without_projection(&request), Some(whole.clone()));
        assert_eq!(without_projection(&whole), None);
    }

    #[test]
    fn a_query_pays_for_the_sum() {
        let item = json!({"a": {"S": "x".repeat(1_499)}});
        let response = json!({"Items": [item, item, item]});
        let strong = json!({"ConsistentRead": true});
        assert_eq!(of("Query", &strong, &response, &[]), (2.0, 0.0));
        assert_eq!(of("Query", &json!({}), &response, &[]), (1.0, 0.0));
        let filtered = json!({"FilterExpression": "a = :a"});
        assert!(units("Query", &filtered, &response, &[]).is_err());
    }

    #[test]
    fn a_transaction_pays_twice() {
        let request = json!({"TransactItems": [
            {"Put": {"TableName": "t", "Item": {"pk": {"S": "1"}}}},
            {"Update": {"TableName": "t", "Key": {"pk": {"S": "2"}}}}
        ]});
        let found = writes("TransactWriteItems", &request);
        let keys: Vec<&Value> = found
            .iter()
            .map(|write| &write.attributes["pk"]["S"])
            .collect();
        assert_eq!(keys, ["1", "2"]);
        assert_eq!(
            of("TransactWriteItems", &request, &Value::Null, &[500, 3_000]),
            (0.0, 8.0)
        );
        assert_eq!(
            of("UpdateItem", &json!({}), &Value::Null, &[3_000]),
            (0.0, 3.0)
        );
    }
}
