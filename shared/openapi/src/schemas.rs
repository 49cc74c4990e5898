use std::collections::BTreeMap;

use schemars::generate::{Contract, SchemaSettings};
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value};

use crate::events::{Events, EventsOf};

/// Makes the schema of a type.
pub(crate) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// [`SchemaOf`] of a type.
pub(crate) fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// The schemas of all bodies: those of requests as they are read, those of responses as they are written.
#[derive(Debug)]
pub(crate) struct Schemas {
    read: SchemaGenerator,
    written: SchemaGenerator,
}

impl Schemas {
    pub(crate) fn new() -> Self {
        Self {
            read: generator(Contract::Deserialize),
            written: generator(Contract::Serialize),
        }
    }

    pub(crate) fn read(&mut self, of: SchemaOf) -> Value {
        of(&mut self.read).to_value()
    }

    pub(crate) fn written(&mut self, of: SchemaOf) -> Value {
        of(&mut self.written).to_value()
    }

    /// The types of events, whose bodies are written.
    pub(crate) fn events(&mut self, of: EventsOf) -> Events {
        let mut events = of(&mut self.written);
        let mut tidied = Tidied { is_written: true };
        for event in &mut events.types {
            tidied.transform(&mut event.body);
        }
        events
    }

    /// The schemas that others refer to, by name; and the names that two different ones have.
    pub(crate) fn components(mut self) -> (BTreeMap<String, Value>, Vec<String>) {
        let mut components: BTreeMap<String, Value> = BTreeMap::new();
        let mut ambiguous = Vec::new();
        let read = self.read.take_definitions(true);
        let written = self.written.take_definitions(true);
        for (name, schema) in read.into_iter().chain(written) {
            if components.get(&name).is_some_and(|known| *known != schema) {
                ambiguous.push(name);
            } else {
                components.insert(name, schema);
            }
        }
        (components, ambiguous)
    }
}

fn generator(contract: Contract) -> SchemaGenerator {
    let is_written = matches!(contract, Contract::Serialize);
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        settings.contract = contract;
        settings.transforms.push(Box::new(Tidied { is_written }));
    });
    settings.into_generator()
}

/// Takes out of schemas what Rust says and JSON does not: formats such as `uint8`, line breaks of comments, and null of
/// fields that are left out instead.
#[derive(Clone, Debug)]
struct Tidied {
    is_written: bool,
}

impl Transform for Tidied {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        // The same, and read by more programs.
        if schema.as_bool() == Some(true) {
            *schema = Schema::default();
        }
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        if let Some(Value::String(text)) = object.get_mut("description") {
            *text = unwrapped(text);
        }
        as_enum(object);
        let is_rust = |format: &Value| {
            let format = format.as_str().unwrap_or_default();
            format.starts_with("uint") || format.starts_with("int") || format == "double"
        };
        if object.get("format").is_some_and(is_rust) {
            object.remove("format");
        }
        // The value of a field that is left out, not one to send.
        if object.get("default").is_some_and(is_empty) {
            object.remove("default");
        }
        if self.is_written {
            without_nulls(object);
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A comment with each paragraph on one line, and without its links, which are into the code.
pub(crate) fn unwrapped(text: &str) -> String {
    let paragraphs = text.split("\n\n");
    let lines = paragraphs.map(|paragraph| paragraph.replace('\n', " "));
    let text = lines.collect::<Vec<_>>().join("\n\n");
    let mut unlinked = String::new();
    let mut parts = text.split("[`");
    unlinked.push_str(parts.next().unwrap_or_default());
    for part in parts {
        unlinked.push('`');
        match part.split_once("`]") {
            Some((name, rest)) => {
                let rest = rest
                    .strip_prefix('(')
                    .and_then(|link| link.split_once(')'))
                    .map_or(rest, |(_, rest)| rest);
                unlinked.extend([name, "`", rest]);
            }
            None => unlinked.push_str(part),
        }
    }
    unlinked
}

/// One of some words as an `enum`, with what each means in the description: more programs read it than a `oneOf` of constants.
fn as_enum(object: &mut Map<String, Value>) {
    let Some(Value::Array(variants)) = object.get("oneOf") else {
        return;
    };
    let words = variants
        .iter()
        .map(|variant| variant.get("const")?.as_str());
    let Some(words) = words.collect::<Option<Vec<&str>>>() else {
        return;
    };
    let about = object.get("description").and_then(Value::as_str);
    let mut text = about.unwrap_or_default().to_owned();
    text.push('\n');
    for (word, variant) in words.iter().zip(variants) {
        let meaning = variant.get("description").and_then(Value::as_str);
        text.extend(["\n* `", word, "`: ", meaning.unwrap_or_default()]);
    }
    let words: Value = words.into();
    object.remove("oneOf");
    object.insert("type".to_owned(), "string".into());
    object.insert("enum".to_owned(), words);
    object.insert("description".to_owned(), text.into());
}

/// A field of a response that is not required is left out where there is nothing, and never null.
fn without_nulls(object: &mut Map<String, Value>) {
    let required = object.get("required").cloned().unwrap_or_default();
    let is_required = |name: &String| {
        let names = required.as_array();
        names.is_some_and(|names| names.iter().any(|known| known == name))
    };
    let Some(Value::Object(properties)) = object.get_mut("properties") else {
        return;
    };
    for (name, schema) in properties {
        if let (false, Some(schema)) = (is_required(name), schema.as_object_mut()) {
            without_null(schema);
        }
    }
}

fn without_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            schema.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(any)) = schema.get_mut("anyOf") {
        any.retain(|one| one.get("type").is_none_or(|kind| kind != "null"));
        if let [Value::Object(one)] = any.as_slice() {
            let one = one.clone();
            schema.remove("anyOf");
            schema.extend(one);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A thing, with a link to
    /// [`Thing`](crate::Thing) and to [`Other`].
    #[derive(JsonSchema)]
    #[schemars(rename = "Thing")]
    #[expect(dead_code, reason = "its schema is tested")]
    struct Thing {
        always: Option<u8>,
        #[schemars(skip_serializing_if = "Option::is_none")]
        sometimes: Option<u64>,
        #[schemars(default)]
        text: String,
        kind: Kind,
    }

    /// One of two.
    #[derive(JsonSchema)]
    #[schemars(rename = "KindOfThing", rename_all = "snake_case")]
    #[expect(dead_code, reason = "its schema is tested")]
    enum Kind {
        /// The first.
        First,
        /// The second.
        Second,
    }

    #[test]
    fn schemas_are_of_what_is_sent() {
        let mut schemas = Schemas::new();
        schemas.written(schema_of::<Thing>);
        let (components, ambiguous) = schemas.components();
        let thing = &components["Thing"];
        assert_eq!(ambiguous, Vec::<String>::new());
        assert_eq!(
            thing["description"],
            "A thing, with a link to `Thing` and to `Other`."
        );
        assert_eq!(thing["required"], json!(["always", "text", "kind"]));
        let properties = &thing["properties"];
        assert_eq!(
            properties["always"],
            json!({ "type": ["integer", "null"], "minimum": 0, "maximum": 255 })
        );
        assert_eq!(
            properties["sometimes"],
            json!({ "type": "integer", "minimum": 0 })
        );
        assert_eq!(properties["text"], json!({ "type": "string" }));
        let kind = json!({
            "type": "string", "enum": ["first", "second"],
            "description": "One of two.\n\n* `first`: The first.\n* `second`: The second.",
        });
        assert_eq!(components["KindOfThing"], kind);
    }

    #[test]
    fn a_name_has_one_schema() {
        let mut schemas = Schemas::new();
        schemas.written(schema_of::<Thing>);
        // Read, `always` may be left out.
        schemas.read(schema_of::<Thing>);
        assert_eq!(schemas.components().1, ["Thing"]);
    }
}
