use api::Code;
use endpoints::leads::GRAPHQL;
use openapi::Operation;
use schemars::JsonSchema;
use serde_json::{Map, Value};

/// A GraphQL request, as GraphQL over HTTP has it.
#[derive(JsonSchema)]
#[schemars(rename = "GraphqlRequest", rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what the library reads")]
struct Request {
    /// The document, of at most 20,000 bytes.
    query: String,
    /// The operation of the document to run.
    operation_name: Option<String>,
    /// The variables of the operation.
    variables: Option<Map<String, Value>>,
    /// Extensions of the protocol.
    extensions: Option<Map<String, Value>>,
}

/// A GraphQL response: `data`, and errors of parts of the query.
#[derive(JsonSchema)]
#[schemars(rename = "GraphqlResponse")]
#[expect(dead_code, reason = "it describes what the library writes")]
struct Response {
    /// The result.
    data: Option<Map<String, Value>>,
    /// What could not be executed; absent if all was.
    #[schemars(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<QueryError>>,
    /// Extensions of the protocol.
    #[schemars(skip_serializing_if = "Option::is_none")]
    extensions: Option<Map<String, Value>>,
}

/// An error in a query.
#[derive(JsonSchema)]
#[schemars(rename = "GraphqlQueryError")]
#[expect(dead_code, reason = "it describes what the library writes")]
struct QueryError {
    /// What is wrong.
    message: String,
    /// Where in the document.
    #[schemars(skip_serializing_if = "Option::is_none")]
    locations: Option<Vec<Map<String, Value>>>,
    /// Where in the result.
    #[schemars(skip_serializing_if = "Option::is_none")]
    path: Option<Vec<Value>>,
    /// More on it.
    #[schemars(skip_serializing_if = "Option::is_none")]
    extensions: Option<Map<String, Value>>,
}

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&GRAPHQL)
            .about("The schema answers introspection. Documents are limited to 12 levels and 500 fields.")
            .takes::<Request>()
            .refuses(Code::BadRequest, &["field_missing", "query_too_long"])
            .returns::<Response>(200, "The result."),
    ]
}
