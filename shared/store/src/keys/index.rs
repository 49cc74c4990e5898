use std::fmt;

use types::{AccountId, Product, Timestamp, whole_second};

/// A partition of the index `by_sort_position` of the `workspace` table, which is sorted by sort position.
#[derive(Clone, Copy, Debug)]
pub enum IndexPartition {
    /// An account's watchlist in a product, in the order that the product's entries give themselves.
    Ranking(Product, AccountId),
    /// One of the partitions in which what is watched waits for its next refresh: see [`due_position`].
    Due(Product, u8),
}

impl fmt::Display for IndexPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ranking(product, account) => write!(f, "RANKING#{product}#{account}"),
            Self::Due(product, number) => write!(f, "DUE#{product}#{number}"),
        }
    }
}

/// The sort position of an entry with a score of 0 to 100: higher scores come before lower ones, equal ones by subject.
pub fn score_position(score: u8, subject: &str) -> String {
    format!("{:03}#{subject}", 100_u8.saturating_sub(score))
}

/// The sort position of what is due at an instant.
pub fn due_position(at: Timestamp, subject: &str) -> String {
    format!("{}#{subject}", whole_second(at))
}

/// A position after this one, and before every other that begins with it and a character of a subject.
pub fn just_after(position: &str) -> String {
    format!("{position} ")
}

/// A position after all that begin with this.
pub fn after_all(prefix: &str) -> String {
    format!("{prefix}~")
}

/// The first and the last sort position of a page that begins after a position, or at the beginning.
pub fn all_after(position: Option<&str>) -> (String, String) {
    // DynamoDB takes no empty key.
    let first = position.map_or_else(|| " ".to_owned(), just_after);
    (first, after_all(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn every_position_as_stored() {
        let account = AccountId::from_parts(Timestamp::UNIX_EPOCH, 7);
        let positions = [
            (
                IndexPartition::Ranking(Product::Intent, account),
                score_position(91, "stripe.com"),
            ),
            (
                IndexPartition::Ranking(Product::Liquidity, account),
                "ondo-usdy".to_owned(),
            ),
            (
                IndexPartition::Due(Product::Intent, 3),
                due_position(Timestamp::UNIX_EPOCH, "stripe.com"),
            ),
        ];
        let shown = positions.map(|(partition, position)| format!("{partition} | {position}"));
        expect![[r#"
            RANKING#intent#acct_00000000000000000000000007 | 009#stripe.com
            RANKING#liquidity#acct_00000000000000000000000007 | ondo-usdy
            DUE#intent#3 | 1970-01-01T00:00:00Z#stripe.com"#]]
        .assert_eq(&shown.join("\n"));
    }

    #[test]
    fn positions_sort_as_they_should() {
        let positions = [
            score_position(100, "z.com"),
            score_position(91, "a.co"),
            just_after(&score_position(91, "a.co")),
            score_position(91, "a.co.uk"),
            score_position(91, "a.com"),
            after_all(&score_position(91, "")),
            score_position(90, "a.com"),
            score_position(0, "a.com"),
        ];
        assert!(positions.is_sorted(), "{positions:?}");
    }
}
