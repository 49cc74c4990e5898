use aws_sdk_dynamodb::types::TransactWriteItem;
use store::StoreError;
use store::item::{PrimaryKey, number, row};
use store::keys::AccountsKey;
use store::table::part;
use types::{AccountId, Credits, GrantId, Product, Timestamp, whole_second};

use crate::burn::Burnt;
use crate::settlement::{Beside, settled};
use crate::{Accounts, AuditEntry, Entry, EntryKind, Grant, GrantSource};

/// How often a change of the grants is tried before somebody else must have been faster every time.
pub const ATTEMPTS: usize = 8;

/// Grants with something left, or set aside, that a product may have: a settlement changes them in one transaction of 100 parts.
const MOST_GRANTS: usize = 40;

/// Credits to give.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// A new id. A grant is given once, however often it is asked for.
    pub grant: GrantId,
    /// How much.
    pub amount: Credits,
    /// Lower ones are spent first; 50 is usual.
    pub priority: u8,
    /// When what is left of it goes, to the second; never, if none.
    pub expires_at: Option<Timestamp>,
    /// Where it comes from.
    pub source: GrantSource,
    /// A note for the reader of the ledger.
    pub note: String,
    /// What the audit log says of it, if somebody gives it by hand.
    pub audit: Option<AuditEntry>,
}

impl NewGrant {
    /// A grant of usual priority that never ends.
    pub fn of(amount: Credits, note: &str, now: Timestamp) -> Self {
        Self {
            grant: GrantId::new(now),
            amount,
            priority: 50,
            expires_at: None,
            source: GrantSource::Operator,
            note: note.to_owned(),
            audit: None,
        }
    }

    pub(crate) fn row(&self, now: Timestamp) -> Grant {
        Grant {
            grant: self.grant,
            tenths: self.amount.tenths(),
            remaining: self.amount.tenths(),
            reserved: 0,
            priority: self.priority,
            expires_at: self.expires_at.map(whole_second),
            source: self.source,
            created_at: whole_second(now),
        }
    }

    pub(crate) fn entry(&self, now: Timestamp) -> Entry {
        Entry {
            reference: format!("{}-grant", self.grant.suffix()),
            kind: EntryKind::Grant,
            tenths: self.amount.tenths(),
            at: now,
            note: self.note.clone(),
        }
    }
}

/// The credits of a product, at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// What is left to spend.
    pub balance: Credits,
    /// What it is made of, in the order in which it is spent. Grants with nothing left are among them.
    pub grants: Vec<Grant>,
}

impl Accounts {
    /// Gives credits: the grant, its ledger entry and the balance, together. [`StoreError::Conflict`] if the grant was
    /// given before or the product is not open.
    pub async fn grant(
        &self,
        account: AccountId,
        product: Product,
        new: &NewGrant,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.rework(account, product, now, Some(new)).await?;
        Ok(())
    }

    /// What the balance is made of. Removes what has expired, as every call that spends would.
    /// [`StoreError::Conflict`] if the product is not open.
    pub async fn holdings(
        &self,
        account: AccountId,
        product: Product,
        now: Timestamp,
    ) -> Result<Holdings, StoreError> {
        self.rework(account, product, now, None).await
    }

    /// Moves the balance by an entry's amount: a refund, or a correction by hand. What comes in fills up the grants that
    /// were burnt last. [`StoreError::Conflict`] if the reference was used before, the product is not open, or the
    /// balance does not reach. `audit` is what the audit log says of it, if somebody does it by hand.
    pub async fn correct(
        &self,
        account: AccountId,
        product: Product,
        entry: &Entry,
        audit: Option<&AuditEntry>,
    ) -> Result<(), StoreError> {
        let update = self
            .0
            .change(AccountsKey::Meter(account, product))
            .update_expression("ADD credits :amount")
            .condition_expression("credits >= :least")
            .expression_attribute_values(":amount", number(entry.tenths))
            .expression_attribute_values(":least", number((-entry.tenths).max(0)));
        let mut writes = vec![part(update)?, self.append(account, product, entry)?];
        if let Some(audit) = audit {
            writes.push(self.audit_part(account, audit)?);
        }
        self.0.transact(writes).await
    }

    /// Every grant of a product as stored, expired ones included.
    pub async fn grants(
        &self,
        account: AccountId,
        product: Product,
    ) -> Result<Vec<Grant>, StoreError> {
        let prefix: PrimaryKey = AccountsKey::Grant(account, product, "").into();
        let items = self.0.query(&prefix.pk, &prefix.sk).await?;
        items.into_iter().map(|item| row("grant", item)).collect()
    }

    /// The parts of a transaction that give credits; none if the product is not open.
    pub(crate) async fn giving(
        &self,
        account: AccountId,
        product: Product,
        new: &NewGrant,
        now: Timestamp,
    ) -> Result<Option<Vec<TransactWriteItem>>, StoreError> {
        let Some(meter) = self.own_meter(account, product).await? else {
            return Ok(None);
        };
        let before = self.grants(account, product).await?;
        let burnt = settled(&meter, &before, now);
        let new = Beside::Give(new);
        let parts = self.settlement(account, product, now, (&meter, &before, &burnt), new)?;
        Ok(Some(parts))
    }

    /// Computes what remains of each grant, and stores it if something has expired, came back without a grant to
    /// return to, or is added.
    async fn rework(
        &self,
        account: AccountId,
        product: Product,
        now: Timestamp,
        new: Option<&NewGrant>,
    ) -> Result<Holdings, StoreError> {
        for _ in 0..ATTEMPTS {
            // The meter first: its revision is then not newer than the grants, and a write of old ones is refused.
            let meter = self.own_meter(account, product).await?;
            let meter = meter.ok_or(StoreError::Conflict)?;
            let before = self.grants(account, product).await?;
            if let Some(new) = new {
                acceptable(new, &before)?;
            }
            let burnt = settled(&meter, &before, now);
            if new.is_none() && !meter.grants_due(now) && burnt.returned == Credits::ZERO {
                return Ok(Holdings {
                    balance: meter.credits,
                    grants: burnt.grants,
                });
            }
            let beside = new.map_or(Beside::Nothing, Beside::Give);
            let writes =
                self.settlement(account, product, now, (&meter, &before, &burnt), beside)?;
            match self.0.transact(writes).await {
                Ok(()) if new.is_some() => {
                    let Burnt { grants, .. } = burnt;
                    let balance = meter.credits;
                    return Ok(Holdings { balance, grants });
                }
                // Settled, by us or by another: look again.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(changing())
    }
}

/// The error of a change of the grants after [`ATTEMPTS`].
pub fn changing() -> StoreError {
    StoreError::Throttled("the grants change all the time".into())
}

fn acceptable(new: &NewGrant, known: &[Grant]) -> Result<(), StoreError> {
    if known.iter().any(|grant| grant.grant == new.grant) {
        return Err(StoreError::Conflict);
    }
    let held = known
        .iter()
        .filter(|grant| grant.remaining > 0 || grant.reserved > 0)
        .count();
    if held >= MOST_GRANTS {
        let message = format!("{MOST_GRANTS} grants have something left; let some be spent first");
        return Err(StoreError::malformed("grant", message));
    }
    if new.amount <= Credits::ZERO {
        return Err(StoreError::malformed(
            "grant",
            "a grant is more than zero credits",
        ));
    }
    Ok(())
}
