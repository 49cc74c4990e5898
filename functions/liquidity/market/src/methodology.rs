use std::collections::BTreeSet;

use api::{ApiError, Caller};
use axum::Json;
use liquidity::{Methodology, methodology};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// How scores are made.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "MethodologyList")]
pub(crate) struct MethodologyList {
    /// The version of today.
    current: &'static str,
    /// Every version that scores of the past may have, the newest first.
    versions: Vec<Version>,
}

/// A version of the methodology.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "MethodologyVersion")]
struct Version {
    #[serde(flatten)]
    methodology: Methodology,
    /// What is different from the version before; empty in the first.
    changes: Vec<Change>,
}

/// A difference between two versions of the methodology.
#[derive(Debug, PartialEq, JsonSchema, Serialize)]
#[schemars(rename = "MethodologyChange")]
struct Change {
    /// Where it is, as a JSON pointer such as `/weights/aum`.
    field: String,
    /// What it was; null if it was not there.
    from: Value,
    /// What it is; null if it is gone.
    to: Value,
}

/// `GET /api/v1/methodology`: how scores are made.
pub(crate) async fn read(caller: Caller) -> Result<Json<MethodologyList>, ApiError> {
    let (call, ()) = caller.authorize(Ok(())).await?;
    call.admit().await?;
    let current = methodology();
    Ok(Json(MethodologyList {
        current: current.version,
        versions: versions(vec![current])?,
    }))
}

/// Methodologies, the newest first, each with what is different from the next.
fn versions(all: Vec<Methodology>) -> Result<Vec<Version>, ApiError> {
    let json: Vec<Value> = all
        .iter()
        .map(serde_json::to_value)
        .collect::<Result<_, _>>()
        .map_err(|error| ApiError::internal(&error))?;
    let changes = (0..json.len()).map(|at| {
        let mut changes = Vec::new();
        if let (Some(after), Some(before)) = (json.get(at), json.get(at + 1)) {
            differences("", before, after, &mut changes);
        }
        changes
    });
    let versions = all.into_iter().zip(changes);
    Ok(versions
        .map(|(methodology, changes)| Version {
            methodology,
            changes,
        })
        .collect())
}

fn differences(field: &str, from: &Value, to: &Value, found: &mut Vec<Change>) {
    match (children(from), children(to)) {
        (Some(before), Some(after)) => {
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for name in names {
                let of = |all: &Map<String, Value>| all.get(name).cloned().unwrap_or_default();
                differences(&format!("{field}/{name}"), &of(&before), &of(&after), found);
            }
        }
        _ if from != to => found.push(Change {
            field: field.to_owned(),
            from: from.clone(),
            to: to.clone(),
        }),
        _ => {}
    }
}

/// What is within an object or an array, by name or place.
fn children(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(fields) => Some(fields.clone()),
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            Some(
                numbered
                    .map(|(at, item)| (at.to_string(), item.clone()))
                    .collect(),
            )
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liquidity::PenaltyCaps;
    use serde_json::json;

    #[test]
    fn a_version_says_what_is_new_in_it() {
        let before = methodology();
        let mut after = methodology();
        after.version = "v1.8";
        after.functions[1].source = "another";
        after.penalty_caps = PenaltyCaps {
            max_sybil_penalty: 7.0,
            ..after.penalty_caps
        };
        let caps = before.penalty_caps.max_sybil_penalty;
        let source = before.functions[1].source;
        let all = versions(vec![after, before]).unwrap();
        let changes: Vec<Value> = all.iter().map(|one| json!(one.changes)).collect();
        assert_eq!(
            changes,
            [
                json!([
                    {"field": "/functions/1/source", "from": source, "to": "another"},
                    {"field": "/penalty_caps/maxSybilPenalty", "from": caps, "to": 7.0},
                    {"field": "/version", "from": "v1.7-MMI", "to": "v1.8"},
                ]),
                json!([]),
            ]
        );
    }
}
