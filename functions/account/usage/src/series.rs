use std::collections::BTreeMap;

use accounts::Day;
use serde::Serialize;

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

    const fn calls(self, day: &Day) -> &BTreeMap<String, u64> {
        match self {
            Self::Key => &day.keys,
            Self::Route => &day.routes,
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

/// One series per key or route with calls, most calls first. `name` turns a key tag or route code into its name.
pub(crate) fn series(
    periods: &[(String, Day)],
    by: GroupBy,
    name: impl Fn(&str) -> String,
) -> Vec<Series> {
    let mut groups: BTreeMap<&str, Vec<Calls>> = BTreeMap::new();
    for (period, day) in periods {
        for (group, calls) in by.calls(day) {
            groups.entry(group).or_default().push(Calls {
                period: period.clone(),
                api_calls: *calls,
            });
        }
    }
    let mut groups: Vec<(&str, Vec<Calls>)> = groups.into_iter().collect();
    let sum = |stats: &[Calls]| stats.iter().map(|calls| calls.api_calls).sum::<u64>();
    groups.sort_by_key(|(_, stats)| std::cmp::Reverse(sum(stats)));
    let series = groups.into_iter().map(|(group, stats)| {
        let name = Some(name(group));
        let (key, route) = match by {
            GroupBy::Key => (name, None),
            GroupBy::Route => (None, name),
        };
        Series { key, route, stats }
    });
    series.collect()
}
