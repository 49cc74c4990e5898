use serde_json::{Value, json};

use crate::schemas::SchemaOf;

/// What a body holds, in one media type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    /// JSON of a type.
    Json(SchemaOf),
    /// Text of another media type.
    Text(&'static str),
    /// A form with one file, in the field `file`.
    FileForm,
}

impl Content {
    /// The media type, and what the description says of the body. `schema` makes the schema of a type.
    pub(crate) fn describe(self, schema: impl FnOnce(SchemaOf) -> Value) -> (&'static str, Value) {
        match self {
            Self::Json(of) => ("application/json", json!({ "schema": schema(of) })),
            Self::Text(media_type) => (media_type, json!({ "schema": { "type": "string" } })),
            Self::FileForm => {
                let file =
                    json!({ "type": "string", "format": "binary", "contentMediaType": "text/csv" });
                let form = json!({ "type": "object", "required": ["file"], "properties": { "file": file } });
                ("multipart/form-data", json!({ "schema": form }))
            }
        }
    }
}
