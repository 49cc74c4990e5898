use std::collections::BTreeMap;

use liquidity::Category;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::category::{category_of, is_asset};
use super::elements::{elements, field, usd};
use crate::form::{MAX_CHAINS, text};

/// The most entries that are read; DefiLlama has some 7,000.
pub(super) const MAX_ENTRIES: usize = 20_000;

/// An entry of `/protocols`. What is odd in it is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Listed {
    /// Its name; none if it is empty, too long or has line breaks.
    pub(super) name: Option<String>,
    /// Whether DefiLlama counts it among real-world assets.
    pub(super) is_asset: bool,
    /// What it makes tradable, if that can be told.
    pub(super) category: Option<Category>,
    /// The chains that it is on, at most 50.
    pub(super) chains: Vec<String>,
    /// US dollars.
    pub(super) tvl: Option<f64>,
}

/// The entries by DefiLlama's slug, and how many could not be read.
#[derive(Debug, Default, PartialEq)]
pub(super) struct List {
    pub(super) entries: BTreeMap<String, Listed>,
    /// Entries without a slug, of an odd type, with a slug that another has, or beyond [`MAX_ENTRIES`].
    pub(super) odd: usize,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    slug: Option<&'a RawValue>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    category: Option<&'a RawValue>,
    #[serde(borrow)]
    description: Option<&'a RawValue>,
    #[serde(borrow)]
    chains: Option<&'a RawValue>,
    #[serde(borrow)]
    tvl: Option<&'a RawValue>,
}

/// Reads `/protocols`.
///
/// # Errors
/// If it is not an array in JSON. An odd entry is only counted.
pub(super) fn list(json: &[u8]) -> Result<List, serde_json::Error> {
    let mut list = List::default();
    let count = elements(json, MAX_ENTRIES, |element| {
        if let Some((slug, listed)) = entry(element) {
            list.entries.entry(slug).or_insert(listed);
        }
    })?;
    list.odd = count - list.entries.len();
    Ok(list)
}

fn entry(element: &RawValue) -> Option<(String, Listed)> {
    let entry: Entry<'_> = serde_json::from_str(element.get()).ok()?;
    let slug: String = field(entry.slug)?;
    let name = field(entry.name).and_then(|name: String| line(&name));
    let category: String = field(entry.category).unwrap_or_default();
    let is_asset = is_asset(&category);
    // Only of those, so that twenty thousand descriptions are not searched.
    let described = || {
        let description: String = field(entry.description).unwrap_or_default();
        category_of(
            &category,
            &[name.as_deref().unwrap_or_default(), &description],
        )
    };
    let listed = Listed {
        category: is_asset.then(described).flatten(),
        is_asset,
        chains: chains(entry.chains),
        tvl: usd(entry.tvl),
        name,
    };
    Some((slug, listed))
}

fn chains(raw: Option<&RawValue>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let Some(raw) = raw else { return names };
    let read = elements(raw.get().as_bytes(), MAX_CHAINS, |element| {
        let name = field(Some(element)).and_then(|name: String| line(&name));
        names.extend(name.filter(|name| !names.contains(name)));
    });
    if read.is_err() {
        names.clear();
    }
    names
}

/// A text as an import file may have it.
fn line(given: &str) -> Option<String> {
    let given = given.trim();
    text(given).ok().filter(|text| !text.is_empty())
}
