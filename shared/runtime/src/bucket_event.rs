use percent_encoding::percent_decode_str;
use serde::Deserialize;

use crate::Failure;

/// The part of an S3 event notification that is used here.
#[derive(Deserialize)]
struct Notification {
    #[serde(rename = "Event")]
    event: Option<String>,
    #[serde(rename = "Records", default)]
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    s3: Entity,
}

#[derive(Deserialize)]
struct Entity {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    key: String,
}

/// The keys of the created objects in an S3 event notification, received as a queue message. The test message that S3 sends
/// when a notification is configured has none; any other message must have one.
pub fn created_objects(message: &str) -> Result<Vec<String>, Failure> {
    let notification: Notification = serde_json::from_str(message)?;
    if notification.event.as_deref() == Some("s3:TestEvent") {
        return Ok(Vec::new());
    }
    if notification.records.is_empty() {
        return Err("the message is not an S3 event notification".into());
    }
    notification
        .records
        .iter()
        .map(|record| decode(&record.s3.object.key))
        .collect()
}

/// S3 URL-encodes keys in notifications, with `+` for a space.
fn decode(key: &str) -> Result<String, Failure> {
    let spaced = key.replace('+', " ");
    Ok(percent_decode_str(&spaced).decode_utf8()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_decoded() {
        let message =
            r#"{"Records":[{"s3":{"object":{"key":"import/a+b%2Bc%3D%C3%BC.csv","size":7}}}]}"#;
        assert_eq!(created_objects(message).unwrap(), ["import/a b+c=ü.csv"]);
    }

    #[test]
    fn the_test_message_has_no_keys_and_garbage_is_an_error() {
        assert!(
            created_objects(r#"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#)
                .unwrap()
                .is_empty()
        );
        assert!(created_objects("hello").is_err());
        assert!(created_objects("{}").is_err());
        assert!(created_objects(r#"{"Records":[{"s3":{"object":{}}}]}"#).is_err());
    }
}
