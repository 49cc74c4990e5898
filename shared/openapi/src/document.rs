use std::collections::BTreeMap;

use endpoints::{Endpoint, Param, Place, Price, Values};
use serde_json::{Map, Value, json};
use types::Product;

use crate::events::{self, EventsOf};
use crate::operation::{FollowUp, Operation, Success};
use crate::schemas::Schemas;
use crate::shared_responses::{Paths, share};
use crate::{headers, responses, security};

/// A request to an endpoint as the documentation prints it, and its response.
#[derive(Clone, Debug)]
pub struct Example {
    /// Method and path of the endpoint, as [`Endpoint::name`] has them.
    pub endpoint: String,
    /// The JSON that is sent, if it is.
    pub request: Option<Value>,
    /// The JSON of the response.
    pub response: Option<Value>,
}

/// The description of operations and events as an OpenAPI 3.1 document. Operations of two products on one method and path are one,
/// whose bodies are those of either.
///
/// # Errors
/// A text that says which schemas have the same name and are not the same.
pub fn document(
    operations: &[Operation],
    events: EventsOf,
    examples: &[Example],
    about: &str,
) -> Result<Value, String> {
    let mut schemas = Schemas::new();
    let mut paths = Paths::new();
    for endpoint in endpoints::all() {
        let method = endpoint.method.as_str().to_ascii_lowercase();
        let methods = paths.entry(endpoint.path).or_default();
        if methods.contains_key(&method) {
            continue;
        }
        let sharing = operations.iter().filter(|one| {
            (one.endpoint.method, one.endpoint.path) == (endpoint.method, endpoint.path)
        });
        let sharing: Vec<&Operation> = sharing.collect();
        let example = examples.iter().find(|one| one.endpoint == endpoint.name());
        methods.insert(method, operation(&sharing, example, &mut schemas));
    }
    let events = schemas.events(events);
    let (mut components, mut ambiguous) = schemas.components();
    for event in &events.types {
        let name = events::schema_name(event);
        let body = event.body.clone().to_value();
        if components.insert(name.clone(), body).is_some() {
            ambiguous.push(name);
        }
    }
    if !ambiguous.is_empty() {
        return Err(format!(
            "name these schemas apart: {}",
            ambiguous.join(", ")
        ));
    }
    for (name, schema) in responses::schemas() {
        components.insert(name.to_owned(), schema);
    }
    let mut responses = share(&mut paths);
    responses.extend(events::responses());
    Ok(json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Assay",
            "version": "1",
            "summary": "Intelligence APIs: buying intent, leads, liquidity of tokenised assets, and messages.",
            "description": about,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags(),
        "paths": paths,
        "webhooks": events::webhooks(&events),
        "components": {
            "schemas": components,
            "responses": responses,
            "headers": headers::components(),
            "parameters": events::parameters(&events),
            "securitySchemes": security::schemes(),
        },
    }))
}

fn tags() -> Vec<Value> {
    let tag = |name: &str, about: &str| json!({ "name": name, "description": about });
    vec![
        tag("intent", "Buying-intent scores of companies."),
        tag("leads", "Search and enrichment of people and companies."),
        tag(
            "liquidity",
            "Liquidity scores of tokenised real-world assets.",
        ),
        tag(
            "portal",
            "Clients, and messages that are sent exactly once.",
        ),
        tag("account", "Keys, audit log, usage and credits."),
        tag(
            events::TAG,
            "Events that are sent to your endpoints. Each product that has them has operations to register one.",
        ),
    ]
}

/// One operation of the document, of those that share a method and path. There is at least one.
fn operation(sharing: &[&Operation], example: Option<&Example>, schemas: &mut Schemas) -> Value {
    let Some(first) = sharing.first() else {
        return Value::Null;
    };
    let endpoint = first.endpoint;
    let mut errors = first.errors.clone();
    let mut described = json!({
        "operationId": operation_id(endpoint),
        "summary": summary(sharing),
        "description": description(sharing),
        "tags": sharing.iter().map(|one| tag(one.endpoint)).collect::<Vec<_>>(),
        "parameters": parameters(sharing),
        "security": sharing.iter().flat_map(|one| security::requirements(one.endpoint)).fold(Vec::new(), |mut all, one| {
            if !all.contains(&one) {
                all.push(one);
            }
            all
        }),
    });
    let takes = contents(
        sharing.iter().flat_map(|one| &one.takes).copied(),
        |of| schemas.read(of),
        example.and_then(|one| one.request.as_ref()),
    );
    if let (Some(takes), Value::Object(described)) = (takes, &mut described) {
        let required = sharing.iter().all(|one| !one.may_be_empty);
        described.insert(
            "requestBody".to_owned(),
            json!({ "required": required, "content": takes }),
        );
    }
    for other in sharing.iter().skip(1) {
        errors.merge(&other.errors);
    }
    let mut responses = responses::of_errors(endpoint, &errors);
    let statuses: BTreeMap<u16, Vec<&Success>> =
        sharing
            .iter()
            .flat_map(|one| &one.returns)
            .fold(BTreeMap::new(), |mut all, success| {
                all.entry(success.status).or_default().push(success);
                all
            });
    for (status, successes) in statuses {
        let about: Vec<&str> = successes.iter().map(|success| success.about).collect();
        let has_link = successes.iter().any(|success| success.has_link);
        let mut response = json!({
            "description": about.join(" "),
            "headers": headers::of(endpoint, status, has_link),
        });
        let all = successes
            .iter()
            .flat_map(|success| &success.contents)
            .copied();
        let content = contents(
            all,
            |of| schemas.written(of),
            example.and_then(|one| one.response.as_ref()),
        );
        if let (Some(content), Value::Object(response)) = (content, &mut response) {
            response.insert("content".to_owned(), content);
        }
        let links: Map<String, Value> = successes
            .iter()
            .flat_map(|success| &success.follow_ups)
            .map(link)
            .collect();
        if let (false, Value::Object(response)) = (links.is_empty(), &mut response) {
            response.insert("links".to_owned(), links.into());
        }
        responses.insert(status.to_string(), response);
    }
    if sharing.iter().any(|one| one.endpoint.revalidates) {
        let not_modified = json!({
            "description": "The response would be the one that `If-None-Match` names.",
            "headers": headers::of(endpoint, 304, false),
        });
        responses.insert("304".to_owned(), not_modified);
    }
    if let Value::Object(described) = &mut described {
        described.insert("responses".to_owned(), json!(responses));
    }
    described
}

/// The endpoint's name, after its product's if an earlier path has it too.
fn operation_id(endpoint: &Endpoint) -> String {
    let name = endpoint.id.to_ascii_lowercase();
    let first = endpoints::all().find(|other| other.id == endpoint.id);
    let is_taken = first.is_some_and(|first| first.path != endpoint.path);
    match endpoint.product.filter(|_| is_taken) {
        Some(product) => format!("{product}_{name}"),
        None => name,
    }
}

fn link(follow_up: &FollowUp) -> (String, Value) {
    let FollowUp {
        endpoint,
        param,
        field,
    } = follow_up;
    let id = operation_id(endpoint);
    let parameters: Map<String, Value> = [(
        (*param).to_owned(),
        format!("$response.body#/{field}").into(),
    )]
    .into_iter()
    .collect();
    (
        id.clone(),
        json!({ "operationId": id, "parameters": parameters }),
    )
}

/// Bodies by media type: of two with the same, either.
fn contents(
    all: impl Iterator<Item = crate::body::Content>,
    mut schema: impl FnMut(crate::schemas::SchemaOf) -> Value,
    example: Option<&Value>,
) -> Option<Value> {
    let mut by_type: Vec<(&'static str, Vec<Value>)> = Vec::new();
    for content in all {
        let (media_type, body) = content.describe(&mut schema);
        let body = body.get("schema").cloned().unwrap_or_default();
        match by_type.iter_mut().find(|(known, _)| *known == media_type) {
            Some((_, schemas)) if !schemas.contains(&body) => schemas.push(body),
            Some(_) => {}
            None => by_type.push((media_type, vec![body])),
        }
    }
    if by_type.is_empty() {
        return None;
    }
    let contents = by_type.into_iter().map(|(media_type, mut schemas)| {
        let schema = if schemas.len() == 1 {
            schemas.remove(0)
        } else {
            json!({ "anyOf": schemas })
        };
        let mut content = json!({ "schema": schema });
        if let (Some(example), "application/json", Value::Object(content)) =
            (example, media_type, &mut content)
        {
            content.insert("example".to_owned(), example.clone());
        }
        (media_type.to_owned(), content)
    });
    Some(Value::Object(contents.collect::<Map<String, Value>>()))
}

fn tag(endpoint: &Endpoint) -> &'static str {
    endpoint.product.map_or("account", Product::as_str)
}

fn summary(sharing: &[&Operation]) -> String {
    let summaries = sharing
        .iter()
        .map(|one| one.endpoint.summary.trim_end_matches('.'));
    let mut summaries: Vec<&str> = summaries.collect();
    summaries.dedup();
    summaries.join(" · ")
}

fn description(sharing: &[&Operation]) -> String {
    let texts = sharing.iter().map(|one| {
        let price = match one.endpoint.price {
            Price::Free => "Free.".to_owned(),
            Price::Fixed(price) => format!("Costs {price} credit, if something is delivered."),
            Price::PerItem(price) => {
                format!("Costs {price} credit for each item that is delivered.")
            }
        };
        let about = [one.about, &price].map(str::trim).join("\n\n");
        let about = about.trim();
        if sharing.len() > 1 {
            format!(
                "**{}**: {} {about}",
                tag(one.endpoint),
                one.endpoint.summary
            )
        } else {
            about.to_owned()
        }
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

fn parameters(sharing: &[&Operation]) -> Vec<Value> {
    let mut parameters: Vec<Value> = Vec::new();
    let all = sharing.iter().flat_map(|one| one.endpoint.params);
    for param in all {
        let is_known = |known: &Value| known.get("name").is_some_and(|name| name == param.name);
        if !parameters.iter().any(is_known) {
            parameters.push(parameter(param));
        }
    }
    if sharing.len() > 1 {
        let products: Vec<&str> = sharing.iter().map(|one| tag(one.endpoint)).collect();
        parameters.push(json!({
            "name": "product", "in": "query", "required": false,
            "description": "The product that a session calls; a key is for its own.",
            "schema": { "type": "string", "enum": products },
        }));
    }
    if sharing.iter().any(|one| one.endpoint.idempotent) {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A random text, the same with each retry: a request that is sent again with it is not executed again, and gets the first response, for 24 hours.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
            "example": "7d1f3c1e-52a8-4b7e-9c0d-2f6a8e4b1c37",
        }));
    }
    if sharing.iter().any(|one| one.endpoint.revalidates) {
        parameters.push(json!({
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "The `ETag` of an earlier response: 304 if it would be the same again.",
            "schema": { "type": "string" },
        }));
    }
    let headers = sharing.iter().flat_map(|one| &one.request_headers);
    parameters.extend(headers.map(|(name, about)| {
        json!({ "name": name, "in": "header", "required": true, "description": about, "schema": { "type": "string" } })
    }));
    parameters
}

fn parameter(param: &Param) -> Value {
    let schema = match param.values {
        Values::Text => json!({ "type": "string", "minLength": 1 }),
        Values::Flag { default } => json!({ "type": "boolean", "default": default }),
        Values::Number {
            least,
            most,
            default,
        } => {
            json!({ "type": "integer", "minimum": least, "maximum": most, "default": default })
        }
        Values::Words(words) => json!({ "type": "string", "enum": words }),
    };
    let place = if param.place == Place::Path {
        "path"
    } else {
        "query"
    };
    let mut described = json!({
        "name": param.name,
        "in": place,
        "required": param.place != Place::Query,
        "description": param.about,
        "schema": schema,
    });
    if let (false, Value::Object(described)) = (param.example.is_empty(), &mut described) {
        described.insert("example".to_owned(), param.example.into());
    }
    described
}
