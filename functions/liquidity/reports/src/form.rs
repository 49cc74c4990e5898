use api::{ApiError, cut};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

/// The body of a request to make a report.
#[derive(Debug, JsonSchema, Deserialize)]
#[schemars(rename = "ReportForm", extend("required" = ["protocolId"]))]
#[serde(
    deny_unknown_fields,
    rename_all = "camelCase",
    expecting = "the body is a JSON object"
)]
pub(crate) struct ReportForm {
    /// The `id` of the protocol, a UUID.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "uuid"))]
    protocol_id: Option<String>,
}

impl ReportForm {
    /// The protocol's id.
    pub(crate) fn parse(self) -> Result<Uuid, ApiError> {
        let example = "such as 9dc9aad6-0323-5fb4-8c07-1edb45622157";
        let Some(text) = self.protocol_id else {
            let message = format!("protocolId is required: the id of a protocol, {example}");
            return Err(ApiError::invalid("protocolId", message).reason("field_missing"));
        };
        // Of all the spellings that a UUID can have, the one that ids are shown in (RFC 9562), in any case.
        let parsed = Uuid::try_parse(&text).ok().filter(|_| text.len() == 36);
        parsed.ok_or_else(|| {
            let message = format!(
                "protocolId is the id of a protocol, a UUID {example}, not {:?}",
                cut(&text)
            );
            ApiError::invalid("protocolId", message).reason("uuid_invalid")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Uuid, ApiError> {
        let protocol_id = Some(text.to_owned());
        ReportForm { protocol_id }.parse()
    }

    #[test]
    fn a_uuid_in_its_usual_form() {
        let id = "9dc9aad6-0323-5fb4-8c07-1edb45622157";
        assert_eq!(parse(id).unwrap().to_string(), id);
        assert_eq!(parse(&id.to_uppercase()).unwrap().to_string(), id);
        for text in [
            "",
            "uuid",
            "ondo-usdy",
            "9dc9aad603235fb48c071edb45622157",
            "{9dc9aad6-0323-5fb4-8c07-1edb45622157}",
            "urn:uuid:9dc9aad6-0323-5fb4-8c07-1edb45622157",
            " 9dc9aad6-0323-5fb4-8c07-1edb45622157",
            "9dc9aad6-0323-5fb4-8c07-1edb4562215g",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
