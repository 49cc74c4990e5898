use aws_lambda_events::event::s3::S3Event;

use crate::Failure;

/// The keys of the objects that an S3 notification in a queue message tells of. The test message that S3 sends when a
/// notification is set up tells of none.
pub fn created_objects(message: &str) -> Result<Vec<String>, Failure> {
    let message: serde_json::Value = serde_json::from_str(message)?;
    if message.get("Event").and_then(serde_json::Value::as_str) == Some("s3:TestEvent") {
        return Ok(Vec::new());
    }
    let event: S3Event = serde_json::from_value(message)?;
    Ok(event
        .records
        .into_iter()
        .filter_map(|record| record.s3.object.url_decoded_key)
        .collect())
}
