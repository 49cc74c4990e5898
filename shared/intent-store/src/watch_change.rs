use aws_sdk_dynamodb::types::AttributeValue;
use store::item::{number, text};
use workspace::{AttributeChanges, Change};

/// A change of a watch entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchChange {
    /// Of the name.
    pub company_name: Change<String>,
    /// Of whether band changes are reported; it cannot be taken away.
    pub band_changes: Option<bool>,
    /// Of the number of points from which on a change is reported.
    pub min_score_change: Change<u8>,
}

impl From<WatchChange> for AttributeChanges {
    fn from(change: WatchChange) -> Self {
        let bands = Change::from(change.band_changes);
        vec![
            ("company_name", change.company_name.map(text)),
            ("alerts.band_changes", bands.map(AttributeValue::Bool)),
            (
                "alerts.min_score_change",
                change.min_score_change.map(number),
            ),
        ]
    }
}
