use store::StoreError;
use store::item::{Item, PrimaryKey, text};
use store::keys::IndexPartition;
use store::table::Table;

/// The index of the `workspace` table in which items with an `index_pk` are sorted by their `index_sk`, by their
/// keys alone.
const BY_SORT_POSITION: &str = "by_sort_position";

/// An item as the index has it.
#[derive(Clone, Debug)]
pub(crate) struct IndexEntry {
    pub(crate) key: PrimaryKey,
    pub(crate) position: String,
}

/// The attributes of an item that is in the index.
pub(crate) fn index_attributes(partition: IndexPartition, position: String) -> Item {
    Item::from([
        ("index_pk".to_owned(), text(partition.to_string())),
        ("index_sk".to_owned(), text(position)),
    ])
}

/// At most `limit` items of a partition between two sort positions, both included, in order; and whether there may be more.
/// Eventually consistent, as an index is.
pub(crate) async fn index_page(
    table: &Table,
    partition: IndexPartition,
    (from, until): (String, String),
    limit: usize,
) -> Result<(Vec<IndexEntry>, bool), StoreError> {
    // DynamoDB refuses a range whose ends are the wrong way round.
    if from > until {
        return Ok((Vec::new(), false));
    }
    let page = table
        .client()
        .query()
        .table_name(table.name())
        .index_name(BY_SORT_POSITION)
        .limit(i32::try_from(limit).unwrap_or(i32::MAX))
        .key_condition_expression("index_pk = :partition AND index_sk BETWEEN :from AND :until")
        .expression_attribute_values(":partition", text(partition.to_string()))
        .expression_attribute_values(":from", text(from))
        .expression_attribute_values(":until", text(until))
        .send()
        .await?;
    let has_more = page.last_evaluated_key.is_some();
    let items = page.items.unwrap_or_default();
    let entries = items.iter().filter_map(IndexEntry::of).collect();
    Ok((entries, has_more))
}

impl IndexEntry {
    fn of(item: &Item) -> Option<Self> {
        Some(Self {
            key: PrimaryKey::of(item)?,
            position: item.get("index_sk")?.as_s().ok()?.clone(),
        })
    }
}
