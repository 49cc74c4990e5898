use crate::Workspace;
use store::StoreError;
use store::keys::Line;
use store::table::{Item, PrimaryKey, text};

/// The index of the `workspace` table in which items with a `line` stand in the order of their `place`, by their keys alone.
const LINES: &str = "lines";

/// An item in a line.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its key.
    pub key: PrimaryKey,
    /// Where it stands.
    pub place: String,
}

/// The attributes of an item that stands in a line.
pub fn standing(line: Line, place: String) -> Item {
    Item::from([
        ("line".to_owned(), text(line.to_string())),
        ("place".to_owned(), text(place)),
    ])
}

impl Workspace {
    /// At most `limit` items of a line between two places, both included, in order; and whether there may be more.
    /// Eventually consistent, as an index is.
    pub async fn line(
        &self,
        line: Line,
        from: String,
        until: String,
        limit: usize,
    ) -> Result<(Vec<Standing>, bool), StoreError> {
        // DynamoDB refuses a range whose ends are the wrong way round.
        if from > until {
            return Ok((Vec::new(), false));
        }
        let page = self
            .table
            .client()
            .query()
            .table_name(self.table.name())
            .index_name(LINES)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .key_condition_expression("line = :line AND place BETWEEN :from AND :until")
            .expression_attribute_values(":line", text(line.to_string()))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":until", text(until))
            .send()
            .await?;
        let has_more = page.last_evaluated_key.is_some();
        let items = page.items.unwrap_or_default();
        let standings = items.iter().filter_map(Standing::of).collect();
        Ok((standings, has_more))
    }
}

impl Standing {
    fn of(item: &Item) -> Option<Self> {
        Some(Self {
            key: PrimaryKey::of(item)?,
            place: item.get("place")?.as_s().ok()?.clone(),
        })
    }
}
