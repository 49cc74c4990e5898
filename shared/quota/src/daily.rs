use accounts::{DailyAmount, DailyUse};
use store::StoreError;
use types::{AccountId, Chain, Feature, Product, Timestamp, next_day};

use crate::{Allowance, Quota};

/// Amounts of features that were counted on a UTC day.
#[derive(Clone, Debug)]
pub struct UsedToday {
    account: AccountId,
    product: Product,
    at: Timestamp,
    amounts: Vec<(Feature, u64)>,
}

/// Why amounts of features cannot be used today. None of them was counted.
#[derive(Debug, thiserror::Error)]
pub enum DailyDenied {
    /// One of them would be over what the plan includes per UTC day.
    #[error("{used} {} are used today", .exceeded.name)]
    Over {
        /// Which, with its limit.
        exceeded: DailyAmount,
        /// What is used of it.
        used: u64,
        /// When the next day begins.
        reset: Timestamp,
        /// The present instant.
        now: Timestamp,
    },
    /// The counters could not be reached.
    #[error("the counters of the day could not be reached")]
    Store(#[from] StoreError),
}

impl Quota {
    /// Counts amounts of features against what a plan includes of each per UTC day, all or none. One conditional write; none
    /// for amounts of zero.
    ///
    /// What is counted and then not used is to be taken off by [`Quota::settle_today`]; an interrupted call leaves it counted.
    pub async fn use_today(
        &self,
        account: AccountId,
        product: Product,
        amounts: &[(Feature, Allowance, u64)],
    ) -> Result<UsedToday, DailyDenied> {
        let now = self.clock.now();
        let counted = amounts
            .iter()
            .map(|(feature, _, amount)| (*feature, *amount));
        let used = UsedToday {
            account,
            product,
            at: now,
            amounts: counted.collect(),
        };
        if amounts.iter().all(|(_, _, amount)| *amount == 0) {
            return Ok(used);
        }
        let wanted = amounts
            .iter()
            .map(|(feature, allowance, amount)| DailyAmount {
                name: feature.as_str(),
                amount: *amount,
                limit: allowance.limit(),
            });
        let wanted: Vec<DailyAmount> = wanted.collect();
        let outcome = self.accounts.use_today(account, product, &wanted, now);
        match Box::pin(outcome).await? {
            DailyUse::Counted => Ok(used),
            DailyUse::Over { exceeded, used } => Err(DailyDenied::Over {
                exceeded,
                used,
                reset: next_day(now),
                now,
            }),
        }
    }

    /// Corrects what was counted to what was used in fact, in the order of the amounts. No write if they are the same. A failure
    /// does not fail the call: it is logged, and the day has counted too much.
    pub async fn settle_today(&self, used: &UsedToday, actual: &[u64]) {
        let pairs = used.amounts.iter().zip(actual);
        let differences = pairs.map(|((feature, counted), actual)| {
            let difference = i128::from(*actual) - i128::from(*counted);
            let difference = i64::try_from(difference).unwrap_or_default();
            (feature.as_str(), difference)
        });
        let differences: Vec<(&str, i64)> = differences.collect();
        if differences.iter().all(|(_, difference)| *difference == 0) {
            return;
        }
        let corrected =
            self.accounts
                .correct_day(used.account, used.product, &differences, used.at);
        if let Err(error) = Box::pin(corrected).await {
            tracing::warn!(account.id = %used.account, error = %Chain(&error), "what was not used of a day's allowance stays counted");
        }
    }
}
