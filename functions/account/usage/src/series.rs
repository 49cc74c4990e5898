use std::collections::BTreeMap;

use accounts::Day;
use schemars::JsonSchema;
use serde::Serialize;
use types::{KeyId, Product};

/// The dimension that splits calls into series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupBy {
    Key,
    Route,
}

impl GroupBy {
    pub(crate) const ALL: [Self; 2] = [Self::Key, Self::Route];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Route => "route",
        }
    }
}

/// The calls of one key or one route.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "UsageSeries")]
pub(crate) struct Series {
    /// The key's id; of a key that is no longer stored, its last characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// Method and path; routes that are counted together are separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<String>,
    /// Periods without calls are left out.
    stats: Vec<Calls>,
}

#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "SeriesPeriod")]
struct Calls {
    /// The period.
    period: String,
    /// Calls that were admitted.
    api_calls: u64,
}

/// One series per key with calls, most calls first, with the id of the key; its tag if it is no longer stored.
pub(crate) fn by_key(periods: &[(String, Day)], keys: &[KeyId]) -> Vec<Series> {
    let name = |tag: &String| {
        let found = keys.iter().find(|key| key.tag() == *tag);
        found.map_or_else(|| tag.clone(), KeyId::to_string)
    };
    let groups = grouped(periods, |day| &day.keys);
    let series = groups.into_iter().map(|(tag, stats)| Series {
        key: Some(name(tag)),
        route: None,
        stats,
    });
    series.collect()
}

/// The same by the routes of a product.
pub(crate) fn by_route(periods: &[(String, Day)], product: Product) -> Vec<Series> {
    let groups = grouped(periods, |day| &day.routes);
    let series = groups.into_iter().map(|(code, stats)| Series {
        key: None,
        route: Some(endpoints::name_of(product, *code)),
        stats,
    });
    series.collect()
}

/// The calls of each group, most calls first.
fn grouped<G: Ord>(
    periods: &[(String, Day)],
    calls: impl Fn(&Day) -> &BTreeMap<G, u64>,
) -> Vec<(&G, Vec<Calls>)> {
    let mut groups: BTreeMap<&G, Vec<Calls>> = BTreeMap::new();
    for (period, day) in periods {
        for (group, api_calls) in calls(day) {
            groups.entry(group).or_default().push(Calls {
                period: period.clone(),
                api_calls: *api_calls,
            });
        }
    }
    let mut groups: Vec<(&G, Vec<Calls>)> = groups.into_iter().collect();
    let sum = |stats: &[Calls]| stats.iter().map(|calls| calls.api_calls).sum::<u64>();
    groups.sort_by_key(|(_, stats)| std::cmp::Reverse(sum(stats)));
    groups
}
