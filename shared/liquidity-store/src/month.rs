use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Span;
use liquidity::HistoryPoint;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{Item, text};
use types::{Date, ProtocolSlug, Timestamp, date_of};

/// What the attribute of a day begins with.
const DAY: char = 'd';

/// A month of a history, `yyyymm`. The points of a protocol and month are one item, so that a year is twelve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month(Date);

/// A point of a protocol's history, as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPoint {
    /// The point.
    pub point: HistoryPoint,
    /// When it was stored. Long after the point's own time if it was stated late.
    pub recorded_at: Timestamp,
}

/// A point as short as it can be: seconds, score, AUM, methodology, and the second at which it was stored.
#[derive(Deserialize, Serialize)]
struct Packed<'a>(
    i64,
    Option<u8>,
    Option<f64>,
    #[serde(borrow)] Cow<'a, str>,
    i64,
);

impl Month {
    pub(crate) fn of(date: Date) -> Self {
        Self(date.first_of_month())
    }

    /// From the month of one date to that of another, the last first.
    pub(crate) fn back(first: Date, last: Date) -> impl Iterator<Item = Self> {
        let previous = |month: &Self| {
            let before = month.0.checked_sub(Span::new().months(1));
            before.ok().map(Self)
        };
        std::iter::successors(Some(Self::of(last)), previous)
            .take_while(move |month| *month >= Self::of(first))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}", self.0.year(), self.0.month())
    }
}

impl StoredPoint {
    /// The attribute that it is stored in.
    pub(crate) fn attribute(&self) -> String {
        format!("{DAY}{:02}", date_of(self.point.at).day())
    }

    pub(crate) fn value(&self) -> Result<AttributeValue, StoreError> {
        let point = &self.point;
        let packed = Packed(
            point.at.as_second(),
            point.score,
            point.aum_usd,
            Cow::Borrowed(&point.methodology_version),
            self.recorded_at.as_second(),
        );
        serde_json::to_string(&packed)
            .map(text)
            .map_err(|error| StoreError::malformed("history", error))
    }

    fn read(packed: &str) -> Result<Self, StoreError> {
        let malformed = |error| StoreError::malformed("history", error);
        let Packed(at, score, aum_usd, version, recorded_at) =
            serde_json::from_str(packed).map_err(malformed)?;
        let time = |second| Timestamp::from_second(second).unwrap_or_default();
        Ok(Self {
            point: HistoryPoint {
                at: time(at),
                score,
                aum_usd,
                methodology_version: version.into_owned(),
            },
            recorded_at: time(recorded_at),
        })
    }

    /// Whether it was computed long after its time, from what was stated late.
    pub fn is_backfilled(&self) -> bool {
        self.recorded_at.duration_since(self.point.at) > jiff::SignedDuration::from_hours(48)
    }
}

/// The points of a month's item, by protocol, the oldest first.
pub(crate) fn points(item: &Item) -> Result<(ProtocolSlug, Vec<StoredPoint>), StoreError> {
    let slug = item.get("sk").and_then(|sk| sk.as_s().ok()?.parse().ok());
    let slug = slug.ok_or_else(|| StoreError::malformed("history", "its key has no slug"))?;
    let days: BTreeMap<&str, &str> = item
        .iter()
        .filter(|(name, _)| name.starts_with(DAY))
        .filter_map(|(name, value)| Some((name.as_str(), value.as_s().ok()?.as_str())))
        .collect();
    let points = days.into_values().map(StoredPoint::read);
    Ok((slug, points.collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_read_as_it_was_stored() {
        let stored = StoredPoint {
            point: HistoryPoint {
                at: "2026-03-22T06:00:00Z".parse().unwrap(),
                score: Some(82),
                aum_usd: Some(450_200_000.1),
                methodology_version: "v1.7-MMI".to_owned(),
            },
            recorded_at: "2026-03-22T06:00:01Z".parse().unwrap(),
        };
        assert_eq!(stored.attribute(), "d22");
        let value = stored.value().unwrap();
        let packed = value.as_s().unwrap();
        expect_test::expect![[r#"[1774159200,82,450200000.1,"v1.7-MMI",1774159201]"#]]
            .assert_eq(packed);
        assert_eq!(StoredPoint::read(packed).unwrap(), stored);
    }

    #[test]
    fn months_go_back_over_the_end_of_a_year() {
        let months = Month::back("2025-11-30".parse().unwrap(), "2026-02-01".parse().unwrap());
        let shown: Vec<String> = months.map(|month| month.to_string()).collect();
        assert_eq!(shown, ["202602", "202601", "202512", "202511"]);
    }
}
