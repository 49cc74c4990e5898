use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{Credits, GrantId, Timestamp};

/// Credits that were given at once, and what remains of them as far as it was worked out.
///
/// The balance is the meter's. `remaining` lags behind it by what was taken since the grants were last looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Its id.
    pub grant: GrantId,
    /// What was given, in tenths.
    pub tenths: i64,
    /// What remains, in tenths.
    pub remaining: i64,
    /// What unfinished jobs have set aside of it, in tenths. It is in neither `remaining` nor the balance.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reserved: i64,
    /// Lower ones are spent first.
    pub priority: u8,
    /// When what is left of it goes, to the second; never, if absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires_at: Option<Timestamp>,
    /// Where it came from.
    pub source: GrantSource,
    /// When it was given.
    pub created_at: Timestamp,
}

/// What a job has set aside of one grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantPart {
    /// The grant.
    pub grant: GrantId,
    /// How much, in tenths.
    pub tenths: i64,
    /// When the grant ends; never, if absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires_at: Option<Timestamp>,
}

/// Where a grant came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GrantSource {
    /// The operator gave or sold it.
    Operator,
    /// Every new account has one.
    Welcome,
    /// It was in the balance and of no grant: it came back after its own had expired, or before there was any.
    Returned,
}

impl Grant {
    /// What was given.
    pub const fn amount(&self) -> Credits {
        Credits::from_tenths(self.tenths)
    }

    /// What remains.
    pub const fn left(&self) -> Credits {
        Credits::from_tenths(self.remaining)
    }

    /// What was spent of it, in tenths: all that neither remains nor is set aside. Of one that has ended also what went with
    /// its end.
    pub(crate) const fn used(&self) -> i64 {
        self.tenths - self.remaining - self.reserved
    }

    /// Whether it has expired at `now`.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// Priority, then the earlier end, then the earlier beginning: the order of `OpenMeter`'s grants. What was in the balance
    /// was there before the grant whose addition made it one, in the same second; their ids are in any order.
    pub(crate) fn burn_order(&self) -> (u8, Timestamp, Timestamp, bool, GrantId) {
        let end = self.expires_at.unwrap_or(Timestamp::MAX);
        let is_given = self.source != GrantSource::Returned;
        (self.priority, end, self.created_at, is_given, self.grant)
    }
}

impl GrantPart {
    /// Whether the grant has expired at `now`.
    pub(crate) fn has_ended(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
const fn is_zero(tenths: &i64) -> bool {
    *tenths == 0
}
