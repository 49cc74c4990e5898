use std::collections::BTreeMap;

use endpoints::{Access, Dialect, Endpoint};
use serde_json::{Map, Value, json};

/// The operations of a document, by path and method.
pub(crate) type Paths = BTreeMap<&'static str, BTreeMap<String, Value>>;

/// Puts the responses to errors that several operations have in common into components, and references in their place. Of
/// the responses to one kind of endpoint with one status, the most frequent is shared.
pub(crate) fn share(paths: &mut Paths) -> Map<String, Value> {
    let mut counted: BTreeMap<String, Vec<(Value, usize)>> = BTreeMap::new();
    each_error(paths, |name, response| {
        let known = counted.entry(name).or_default();
        match known.iter_mut().find(|(known, _)| known == response) {
            Some((_, count)) => *count += 1,
            None => known.push((response.clone(), 1)),
        }
    });
    let mut shared = Map::new();
    for (name, mut responses) in counted {
        responses.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        if let Some((response, 2..)) = responses.into_iter().next() {
            shared.insert(name, response);
        }
    }
    each_error(paths, |name, response| {
        if shared.get(&name) == Some(response) {
            *response = json!({ "$ref": format!("#/components/responses/{name}") });
        }
    });
    shared
}

/// Calls `with` for every response to an error, with the name that it would have as a component.
fn each_error(paths: &mut Paths, mut with: impl FnMut(String, &mut Value)) {
    for endpoint in endpoints::all() {
        let method = endpoint.method.as_str().to_ascii_lowercase();
        let operation = paths
            .get_mut(endpoint.path)
            .and_then(|methods| methods.get_mut(&method));
        let responses = operation.and_then(|operation| operation.get_mut("responses"));
        let Some(Value::Object(responses)) = responses else {
            continue;
        };
        for (status, response) in responses {
            if response.get("x-errors").is_some() {
                with(format!("{}{}", title(status), kind(endpoint)), response);
            }
        }
    }
}

fn title(status: &str) -> &'static str {
    match status {
        "400" => "BadRequest",
        "401" => "Unauthorized",
        "402" => "PaymentRequired",
        "403" => "Forbidden",
        "404" => "NotFound",
        "409" => "Conflict",
        "413" => "TooLarge",
        "415" => "UnsupportedMediaType",
        "422" => "IdempotencyMismatch",
        "429" => "LimitReached",
        "500" => "InternalError",
        "503" => "Unavailable",
        _ => "Error",
    }
}

/// The kind of endpoint whose responses look alike.
const fn kind(endpoint: &Endpoint) -> &'static str {
    match (endpoint.access, endpoint.dialect) {
        (Access::Session, _) if endpoint.product.is_some() => "OfProductSession",
        (Access::Session | Access::Signature | Access::Link, _) => "OfSession",
        (Access::Key(_), Dialect::LeadsGraphql) => "OfGraphql",
        (Access::Key(_), Dialect::LeadsRest) => "OfLists",
        (Access::Key(_), Dialect::Standard) if endpoint.product.is_none() => "OfAccount",
        (Access::Key(_), Dialect::Standard) => "",
    }
}
