use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use types::{AccountId, Domain};

use super::{WatchEntry, Workspace};
use crate::StoreError;
use crate::keys::WorkspaceKey;
use crate::table::{Item, number, row, text};

/// A change of a watch entry. What is none stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchChange {
    /// Another name, or none any more.
    pub company_name: Option<Option<String>>,
    /// Another answer to whether band changes are told.
    pub band_changes: Option<bool>,
    /// Another number of points from which on a change is told, or none any more.
    pub min_score_change: Option<Option<u8>>,
}

impl WatchChange {
    /// The update expression with its values; none if it changes nothing.
    fn expression(&self) -> (Option<String>, Item) {
        let name = self.company_name.as_ref();
        let points = self.min_score_change;
        let attributes = [
            ("company_name", name.map(|name| name.as_ref().map(text))),
            (
                "alerts.band_changes",
                self.band_changes
                    .map(|told| Some(AttributeValue::Bool(told))),
            ),
            (
                "alerts.min_score_change",
                points.map(|points| points.map(number)),
            ),
        ];
        let (mut set, mut remove, mut values) = (Vec::new(), Vec::new(), Item::new());
        for (index, (attribute, change)) in attributes.into_iter().enumerate() {
            match change {
                None => {}
                Some(None) => remove.push(attribute),
                Some(Some(value)) => {
                    set.push(format!("{attribute} = :v{index}"));
                    values.insert(format!(":v{index}"), value);
                }
            }
        }
        let set = (!set.is_empty()).then(|| format!("SET {}", set.join(", ")));
        let remove = (!remove.is_empty()).then(|| format!("REMOVE {}", remove.join(", ")));
        let clauses: Vec<String> = set.into_iter().chain(remove).collect();
        let expression = (!clauses.is_empty()).then(|| clauses.join(" "));
        (expression, values)
    }
}

impl Workspace {
    /// Changes an entry and answers it; none if there is no such entry.
    pub async fn change_watch(
        &self,
        account: AccountId,
        domain: &Domain,
        change: &WatchChange,
    ) -> Result<Option<WatchEntry>, StoreError> {
        let (expression, values) = change.expression();
        let update = self
            .table
            .update(WorkspaceKey::Watch(account, domain))
            .condition_expression("attribute_exists(pk)")
            .set_update_expression(expression)
            .set_expression_attribute_values((!values.is_empty()).then_some(values))
            .return_values(ReturnValue::AllNew);
        match update.send().await {
            Ok(answer) => answer
                .attributes
                .map(|item| row("watch entry", item))
                .transpose(),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(None),
                _ => Err(error.into()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(change: &WatchChange, expression: Option<&str>, values: usize) {
        let (written, given) = change.expression();
        assert_eq!((written.as_deref(), given.len()), (expression, values));
    }

    #[test]
    fn only_what_changes_is_written() {
        let mut change = WatchChange::default();
        check(&change, None, 0);
        change.min_score_change = Some(None);
        check(&change, Some("REMOVE alerts.min_score_change"), 0);
        change.company_name = Some(Some("Stripe".to_owned()));
        change.band_changes = Some(false);
        check(
            &change,
            Some(
                "SET company_name = :v0, alerts.band_changes = :v1 REMOVE alerts.min_score_change",
            ),
            2,
        );
    }
}
