use std::collections::BTreeMap;

use accounts::Day;
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

    /// The calls of a day by the name of their key or route.
    fn calls(self, day: &Day, names: &Names<'_>) -> Vec<(String, u64)> {
        match self {
            Self::Key => {
                let keys = day.keys.iter();
                keys.map(|(tag, calls)| (names.key(tag), *calls)).collect()
            }
            Self::Route => {
                let routes = day.routes.iter();
                routes
                    .map(|(code, calls)| (names.route(*code), *calls))
                    .collect()
            }
        }
    }
}

/// The calls of one key or one route.
#[derive(Debug, Serialize)]
pub(crate) struct Series {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<String>,
    /// Periods without calls are omitted.
    stats: Vec<Calls>,
}

#[derive(Debug, Serialize)]
struct Calls {
    period: String,
    api_calls: u64,
}

/// The keys that were issued on a product, and its routes.
pub(crate) struct Names<'a> {
    pub(crate) product: Product,
    pub(crate) keys: &'a [KeyId],
}

impl Names<'_> {
    /// The id of the key with a tag; the tag itself if the key is no longer stored.
    fn key(&self, tag: &str) -> String {
        let found = self.keys.iter().find(|key| key.tag() == tag);
        found.map_or_else(|| tag.to_owned(), KeyId::to_string)
    }

    fn route(&self, code: u8) -> String {
        endpoints::name_of(self.product, code)
    }
}

/// One series per key or route with calls, most calls first.
pub(crate) fn series(periods: &[(String, Day)], by: GroupBy, names: &Names<'_>) -> Vec<Series> {
    let mut groups: BTreeMap<String, Vec<Calls>> = BTreeMap::new();
    for (period, day) in periods {
        for (group, api_calls) in by.calls(day, names) {
            groups.entry(group).or_default().push(Calls {
                period: period.clone(),
                api_calls,
            });
        }
    }
    let mut groups: Vec<(String, Vec<Calls>)> = groups.into_iter().collect();
    let sum = |stats: &[Calls]| stats.iter().map(|calls| calls.api_calls).sum::<u64>();
    groups.sort_by_key(|(_, stats)| std::cmp::Reverse(sum(stats)));
    let series = groups.into_iter().map(|(group, stats)| {
        let (key, route) = match by {
            GroupBy::Key => (Some(group), None),
            GroupBy::Route => (None, Some(group)),
        };
        Series { key, route, stats }
    });
    series.collect()
}
