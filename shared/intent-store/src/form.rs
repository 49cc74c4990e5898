//! How a company's signals of an owner are kept, and how many there may be: on its score row.

use aws_sdk_dynamodb::types::TransactWriteItem;
use store::batch::Reading;
use store::item::{PrimaryKey, number};
use store::keys::IntelKey;
use store::table::part;
use store::{Owner, StoreError};
use types::Domain;

use crate::{Intel, ScoreRow};

/// The most signals of one company that an owner has, an account or the public, those included that have ended.
pub const MAX_SIGNALS: u64 = 100_000;
/// The most versions of the past of these signals, those included that nobody can ask for any more.
pub const MAX_VERSIONS: u64 = 100_000;
/// The most signals that are read whole, and the most versions. A company with more of either is packed.
pub const MAX_WHOLE: u64 = 500;

/// What a writer knows of the form in which a company's signals are kept. It changes in one direction only, so what was true
/// once stays true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// All signals have briefs, and each write writes those of what it stores.
    pub(crate) is_packed: bool,
    /// There are [`MAX_VERSIONS`], so what is replaced is not kept.
    pub(crate) drops_versions: bool,
}

/// What a transaction adds to a company.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Additions {
    /// Signals that were not there.
    pub(crate) signals: u64,
    /// Versions of the past.
    pub(crate) versions: u64,
    /// When the last of it is written, in seconds since 1970.
    pub(crate) latest: i64,
}

impl Form {
    /// The form that the row demands of a transaction; none if what it adds has no room.
    pub(crate) fn of(row: &ScoreRow, new: Additions) -> Option<Self> {
        let signals = row.signals.saturating_add(new.signals);
        let versions = row.versions.saturating_add(new.versions);
        if new.signals > 0 && signals > MAX_SIGNALS {
            return None;
        }
        Some(Self {
            is_packed: row.packed.is_some() || signals > MAX_WHOLE || versions > MAX_WHOLE,
            drops_versions: versions > MAX_VERSIONS,
        })
    }

    /// What is true if either is.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            is_packed: self.is_packed || other.is_packed,
            drops_versions: self.drops_versions || other.drops_versions,
        }
    }
}

/// The attribute that counts the signals of an owner.
pub(crate) const fn count_of(owner: Owner) -> &'static str {
    match owner {
        Owner::Public => "public_signals",
        Owner::Account(_) => "own_signals",
    }
}

impl Intel {
    /// Raises the revision of a company's signals, which takes its cached score away, and counts what is `new`. Fails if that
    /// has no room, or if the company is to be kept in another form.
    pub(crate) fn raise_revision(
        &self,
        domain: &Domain,
        owner: Owner,
        new: Additions,
        form: Form,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut update = self
            .0
            .change(IntelKey::Score(domain, owner))
            .expression_attribute_values(":one", number(1));
        let (mut set, mut add) = (Vec::new(), vec!["revision :one".to_owned()]);
        let mut conditions = Vec::new();
        if !form.is_packed {
            conditions.push("attribute_not_exists(packed)".to_owned());
        }
        let kept = if form.drops_versions { 0 } else { new.versions };
        if kept < new.versions {
            set.push("rebuilt_from = :latest");
            update = update.expression_attribute_values(":latest", number(new.latest));
        }
        let counts = [
            (count_of(owner), ":signals", new.signals, MAX_SIGNALS),
            ("versions", ":versions", kept, MAX_VERSIONS),
        ];
        for (attribute, value, count, most) in counts {
            if count == 0 {
                continue;
            }
            let most = if form.is_packed { most } else { MAX_WHOLE };
            let room = format!("{value}_room");
            add.push(format!("{attribute} {value}"));
            conditions.push(format!(
                "(attribute_not_exists({attribute}) OR {attribute} <= {room})"
            ));
            update = update
                .expression_attribute_values(value, number(count))
                .expression_attribute_values(room, number(most.saturating_sub(count)));
        }
        let mut expression = format!(
            "ADD {} REMOVE body, details, valid_until, public_revision",
            add.join(", ")
        );
        if !set.is_empty() {
            expression = format!("SET {} {expression}", set.join(", "));
        }
        update = update.update_expression(expression);
        if !conditions.is_empty() {
            update = update.condition_expression(conditions.join(" AND "));
        }
        part(update)
    }

    /// The score row of an owner's signals of a company. Strongly consistent.
    pub(crate) async fn row_now(
        &self,
        domain: &Domain,
        owner: Owner,
    ) -> Result<ScoreRow, StoreError> {
        let keys: [PrimaryKey; 1] = [IntelKey::Score(domain, owner).into()];
        let mut found = self.read_scores(&keys, Reading::Consistent).await?;
        let [key] = keys;
        Ok(found.remove(&key.pk).unwrap_or_default())
    }
}
