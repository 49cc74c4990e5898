use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Deserializer};
use store::item::Item;

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
    /// The same change, with what it sets in another form.
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => Change::Set(form(value)),
        }
    }

    /// The same change, with what it sets in another form, which may fail.
    pub fn try_map<U, E>(self, form: impl FnOnce(T) -> Result<U, E>) -> Result<Change<U>, E> {
        Ok(match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => Change::Set(form(value)?),
        })
    }
}

impl<T> From<Option<T>> for Change<T> {
    /// What is not given stays as it is.
    fn from(given: Option<T>) -> Self {
        given.map_or(Self::Keep, Self::Set)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

/// Changes of attributes by their paths, such as `alerts.band_changes`. The paths are constants of ours, and no reserved words.
pub type AttributeChanges = Vec<(&'static str, Change<AttributeValue>)>;

/// The update expression with its values; none if nothing changes.
pub(crate) fn expression(changes: AttributeChanges) -> (Option<String>, Item) {
    let (mut set, mut remove, mut values) = (Vec::new(), Vec::new(), Item::new());
    for (path, change) in changes {
        match change {
            Change::Keep => {}
            Change::Clear => remove.push(path.to_owned()),
            Change::Set(value) => {
                let name = format!(":v{}", values.len());
                set.push(format!("{path} = {name}"));
                values.insert(name, value);
            }
        }
    }
    let clause = |word, parts: Vec<String>| {
        (!parts.is_empty()).then(|| format!("{word} {}", parts.join(", ")))
    };
    let clauses = [clause("SET", set), clause("REMOVE", remove)];
    let clauses: Vec<String> = clauses.into_iter().flatten().collect();
    let expression = (!clauses.is_empty()).then(|| clauses.join(" "));
    (expression, values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::item::text;

    #[track_caller]
    fn check(changes: AttributeChanges, expected: Option<&str>, values: usize) {
        let (written, given) = expression(changes);
        assert_eq!((written.as_deref(), given.len()), (expected, values));
    }

    #[test]
    fn only_what_changes_is_written() {
        let keep = ("name", Change::Keep);
        let clear = ("alerts.least", Change::Clear);
        let set = |path| (path, Change::Set(text("x")));
        check(vec![keep.clone()], None, 0);
        check(vec![keep, clear.clone()], Some("REMOVE alerts.least"), 0);
        check(
            vec![set("name"), clear, set("alerts.band")],
            Some("SET name = :v0, alerts.band = :v1 REMOVE alerts.least"),
            2,
        );
    }

    #[test]
    fn null_takes_away() {
        let read = |json| serde_json::from_str::<Change<u8>>(json).unwrap();
        assert_eq!(read("null"), Change::Clear);
        assert_eq!(read("7"), Change::Set(7));
    }
}
