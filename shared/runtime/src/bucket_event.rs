use aws_lambda_events::event::s3::S3Event;
use percent_encoding::percent_decode_str;

use crate::Failure;

/// The keys of the objects that an S3 notification in a queue message tells of. The test message that S3 sends when a
/// notification is set up tells of none.
pub fn created_objects(message: &str) -> Result<Vec<String>, Failure> {
    let message: serde_json::Value = serde_json::from_str(message)?;
    if message.get("Event").and_then(serde_json::Value::as_str) == Some("s3:TestEvent") {
        return Ok(Vec::new());
    }
    let event: S3Event = serde_json::from_value(message)?;
    let keys = event.records.into_iter().map(|record| record.s3.object.key);
    keys.map(|key| decode(&key.ok_or("the notification names no object")?))
        .collect()
}

/// S3 writes keys into notifications as a form would.
fn decode(key: &str) -> Result<String, Failure> {
    let spaced = key.replace('+', " ");
    Ok(percent_decode_str(&spaced).decode_utf8()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(object: &str) -> String {
        format!(
            r#"{{"Records":[{{"eventTime":"2026-11-22T00:00:00Z","eventName":"ObjectCreated:Put",
                "userIdentity":{{}},"requestParameters":{{}},"responseElements":{{}},
                "s3":{{"bucket":{{}},"object":{object}}}}}]}}"#
        )
    }

    #[test]
    fn keys_are_decoded() {
        let message =
            r#"{"Records":[{"s3":{"bucket":{},"object":{"key":"import/a+b%2Bc%3D%C3%BC.csv"}}}]}"#;
        assert_eq!(created_objects(message).unwrap(), ["import/a b+c=ü.csv"]);
    }

    #[test]
    fn the_test_message_names_nothing_and_garbage_is_an_error() {
        assert!(
            created_objects(r#"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#)
                .unwrap()
                .is_empty()
        );
        assert!(created_objects("hello").is_err());
        assert!(created_objects(&told("{}")).is_err());
    }
}
