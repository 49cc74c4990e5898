use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use serde::{Deserialize, Deserializer};
use store::StoreError;
use types::{AccountId, Domain};

use crate::{IntentWorkspace, WatchEntry};
use store::keys::WorkspaceKey;
use store::table::{Item, number, row, text};

/// A change of a watch entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchChange {
    /// Of the name.
    pub company_name: Change<String>,
    /// Of whether band changes are told; it cannot be taken away.
    pub band_changes: Option<bool>,
    /// Of the number of points from which on a change is told.
    pub min_score_change: Change<u8>,
}

/// What happens to something that need not be there. Where a form has null, it is taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is taken away.
    Clear,
    /// It becomes this.
    Set(T),
}

impl<T> Change<T> {
    fn map<U>(self, form: impl FnOnce(T) -> U) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => Change::Set(form(value)),
        }
    }

    /// The same change, with what it sets in another form.
    pub fn try_map<U, E>(self, form: impl FnOnce(T) -> Result<U, E>) -> Result<Change<U>, E> {
        Ok(match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => Change::Set(form(value)?),
        })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

impl WatchChange {
    /// The update expression with its values; none if it changes nothing.
    fn expression(self) -> (Option<String>, Item) {
        let (mut set, mut remove, mut values) = (Vec::new(), Vec::new(), Item::new());
        let mut write = |attribute: &str, change: Change<AttributeValue>| match change {
            Change::Keep => {}
            Change::Clear => remove.push(attribute.to_owned()),
            Change::Set(value) => {
                let name = format!(":v{}", values.len());
                set.push(format!("{attribute} = {name}"));
                values.insert(name, value);
            }
        };
        write("company_name", self.company_name.map(text));
        let bands = self.band_changes.map(AttributeValue::Bool);
        write(
            "alerts.band_changes",
            bands.map_or(Change::Keep, Change::Set),
        );
        write("alerts.min_score_change", self.min_score_change.map(number));
        let clause = |word, parts: Vec<String>| {
            (!parts.is_empty()).then(|| format!("{word} {}", parts.join(", ")))
        };
        let clauses = [clause("SET", set), clause("REMOVE", remove)];
        let clauses: Vec<String> = clauses.into_iter().flatten().collect();
        let expression = (!clauses.is_empty()).then(|| clauses.join(" "));
        (expression, values)
    }
}

impl IntentWorkspace {
    /// Changes an entry and answers it; none if there is no such entry.
    pub async fn change_watch(
        &self,
        account: AccountId,
        domain: &Domain,
        change: WatchChange,
    ) -> Result<Option<WatchEntry>, StoreError> {
        let (expression, values) = change.expression();
        let update = self
            .table()
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
        let (written, given) = change.clone().expression();
        assert_eq!((written.as_deref(), given.len()), (expression, values));
    }

    #[test]
    fn only_what_changes_is_written() {
        let mut change = WatchChange::default();
        check(&change, None, 0);
        change.min_score_change = Change::Clear;
        check(&change, Some("REMOVE alerts.min_score_change"), 0);
        change.company_name = Change::Set("Stripe".to_owned());
        change.band_changes = Some(false);
        let expression =
            "SET company_name = :v0, alerts.band_changes = :v1 REMOVE alerts.min_score_change";
        check(&change, Some(expression), 2);
    }

    #[test]
    fn null_takes_away() {
        let read = |json| serde_json::from_str::<Change<u8>>(json).unwrap();
        assert_eq!(read("null"), Change::Clear);
        assert_eq!(read("7"), Change::Set(7));
    }
}
